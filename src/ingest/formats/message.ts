import type { RawEvent } from '../../domain/event.js';

/** Bytes as a transport brought them, before anybody knows their format. Header names are in lower case. */
export interface ForeignMessage extends RawEvent {
  readonly key: Buffer | null;
  readonly headers: ReadonlyMap<string, Buffer>;
  /** The model, when who sent or reads the message knows it and the format does not say. */
  readonly model: string | null;
}

/** Any RawEvent as a message: what the transport did not bring is empty. */
export function foreignMessage(event: RawEvent, model: string | null = null): ForeignMessage {
  return { ...event, key: event.key ?? null, headers: event.headers ?? new Map(), model };
}

/** A header as text, null when it is absent. */
export function headerText(message: ForeignMessage, name: string): string | null {
  return message.headers.get(name)?.toString('utf8') ?? null;
}

/** True for a plain JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** The fields of a plain JSON object; none of anything else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A text, or null for anything else and for ''. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A text, number or boolean as text; null for anything else and for ''. */
export function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : null;
}

import type { Body } from './body.js';
import { FormatError } from './format-error.js';
import { isRecord, type ForeignMessage } from './message.js';

/** A CloudEvent 1.0, whatever way it travelled. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  /** All context attributes but the data, as text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Body;
}

const STRUCTURED = /^application\/cloudevents(?!-batch)/iu;

/** Seldon Core 1 writes to Kafka with the attributes as headers of their own names. */
const SELDON = /^io\.seldon\.serving\./u;

/** True when the headers say that the message is a CloudEvent: `ce-` (HTTP) or `ce_` (Kafka) attributes, or structured mode. */
export function hasCloudEventHeaders({ headers }: Pick<ForeignMessage, 'headers'>): boolean {
  return (
    ['ce_id', 'ce-id', 'ce-type', 'ce_type'].some((name) => headers.has(name)) ||
    isBare(headers) ||
    STRUCTURED.test(headers.get('content-type')?.toString('latin1') ?? '')
  );
}

/** True for the JSON of a structured CloudEvent. */
export function isStructured(json: unknown): json is Readonly<Record<string, unknown>> {
  return isRecord(json) && 'specversion' in json && 'id' in json && 'source' in json;
}

/**
 * A message in binary mode (attributes in headers) or, with `json`, in structured mode. Throws FormatError when an attribute
 * that every CloudEvent has is missing.
 */
export function readCloudEvent(message: ForeignMessage, json: unknown): CloudEvent {
  const structured = isStructured(json);
  const attributes = structured ? textFields(json) : headerAttributes(message);
  const { type } = attributes;
  // both sides of a call at Seldon Core 1 have an id of their own and one request id
  const id = SELDON.test(type ?? '') ? (attributes['requestid'] ?? attributes['id']) : attributes['id'];
  if (id === undefined || type === undefined)
    throw new FormatError('missing_field', `the CloudEvent has no ${id === undefined ? 'id' : 'type'}`);
  return { id, type, attributes, data: structured ? structuredData(json) : { bytes: message.value } };
}

function headerAttributes({ headers }: ForeignMessage): Readonly<Record<string, string>> {
  if (isBare(headers))
    return Object.fromEntries([...headers].map(([name, value]) => [name, value.toString('utf8')]));
  const found = [...headers].filter(([name]) => /^ce[-_]/u.test(name));
  return Object.fromEntries(
    // HTTP carries what is not printable ASCII percent-encoded, Kafka carries bytes
    found.map(([name, value]) => [
      name.slice(3),
      name.startsWith('ce-') ? percentDecoded(value) : value.toString('utf8'),
    ]),
  );
}

function isBare(headers: ReadonlyMap<string, Buffer>): boolean {
  return SELDON.test(headers.get('type')?.toString('latin1') ?? '');
}

function percentDecoded(value: Buffer): string {
  const text = value.toString('utf8');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textFields(json: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const fields = Object.entries(json).filter(([name]) => name !== 'data' && name !== 'data_base64');
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function structuredData({ data, data_base64: base64 }: Readonly<Record<string, unknown>>): Body {
  if (typeof base64 === 'string') return { bytes: Buffer.from(base64, 'base64') };
  return { json: data };
}

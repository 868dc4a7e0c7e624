import { isObject } from '../domain/json-object.js';
import { eventTime } from '../ingest/landing/foreseen-refusal.js';

type Fields = Readonly<Record<string, unknown>>;

/** One of Tidewatch's own events of a file, as far as it is looked at before it is sent. */
export interface SeenEvent {
  readonly kind: 'prediction' | 'label';
  readonly model: string;
  readonly id: string;
  /** Event time, epoch ms; NaN where it is none. */
  readonly at: number;
  readonly fields: Fields;
  /** Where it stands, for a person: `rows.ndjson, line 3`. */
  readonly place: string;
}

/** Null for what is no event with a name and a model. */
export function seenEvent(json: unknown, place: string): SeenEvent | null {
  if (!isObject(json)) return null;
  const { type, model, prediction_id: id, ts } = json as Fields;
  if (typeof model !== 'string' || typeof id !== 'string') return null;
  if (type !== 'prediction' && type !== 'label') return null;
  return { kind: type, model, id, at: eventTime(ts), fields: json, place };
}

/** What a prediction answers; empty where it does not. */
export function answerIn({ fields }: SeenEvent): Fields {
  return isObject(fields['prediction']) ? (fields['prediction'] as Fields) : {};
}

/** A label as it is compared: as text. Null where there is none. */
export function classText(label: unknown): string | null {
  if (label === undefined || label === null || typeof label === 'object') return null;
  return typeof label === 'string' ? label : JSON.stringify(label);
}

/** Why an event was refused: stable names that clients and dead letters share. */
export const REJECT_CODES = [
  'not_json',
  'not_object',
  'missing_field',
  'wrong_type',
  'bad_timestamp',
  'timestamp_out_of_range',
  'not_finite',
  'not_a_probability',
  'unknown_class',
  'bad_value',
  'too_large',
  'unknown_model',
  'invalid_utf8',
  'undecodable',
  'unknown_schema',
  'unpaired',
  'unstorable',
  'too_many_versions',
  'erased_subject',
  'wrong_region',
] as const;
export type RejectCode = (typeof REJECT_CODES)[number];

/** Refused for whom or where they are about: their dead letters have no bytes, so there is nothing to send again. */
export const KEPT_WITHOUT_BYTES: ReadonlySet<string> = new Set<RejectCode>([
  'erased_subject',
  'wrong_region',
]);

/** Fields of a prediction as it travels (contract section 3); any other is kept as a tag. */
export const PREDICTION_FIELDS = [
  'type', 'prediction_id', 'model', 'model_version', 'environment', 'ts', 'features', 'prediction', 'segment', 'protected', 'attributions',
  'subject', 'status', 'latency_ms', 'tags',
] as const; // prettier-ignore
/** Fields of a label: the ground truth of one prediction, usually late. The newest `ts` of a source wins. */
export const LABEL_FIELDS = ['type', 'prediction_id', 'model', 'ts', 'label', 'source', 'tags'] as const;

export const EVENT_KINDS = ['prediction', 'label'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Raw bytes of one event and where they came from; `(topic, partition, offset)` is its identity on arrival. */
export interface RawEvent {
  readonly kind: EventKind | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** When this service took it, by its own clock, epoch milliseconds. */
  readonly receivedAt: number;
  /** When its producer or broker says it was written, where the transport carries that: a claim, which may be any number. */
  readonly claimedAt?: number | undefined;
  readonly value: Buffer;
  /** The record's key and headers (names in lower case) where the transport has them; foreign formats need them. */
  readonly key?: Buffer | null | undefined;
  readonly headers?: ReadonlyMap<string, Buffer> | undefined;
}

/** An event refused, with the reason a person can act on. */
export interface Rejection {
  readonly index: number;
  readonly code: RejectCode;
  readonly message: string;
}

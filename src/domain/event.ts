import { z } from 'zod';

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
  'too_large',
  'unknown_model',
  'invalid_utf8',
  'undecodable',
  'unknown_schema',
  'unpaired',
  'unstorable',
  'too_many_versions',
  'erased_subject',
] as const;
export type RejectCode = (typeof REJECT_CODES)[number];

/** Refused for whom or where they are about: their dead letters have no bytes, so there is nothing to send again. */
export const KEPT_WITHOUT_BYTES: ReadonlySet<string> = new Set<RejectCode>(['erased_subject']);

const FeatureValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const Timestamp = z.union([z.iso.datetime({ offset: true }), z.number().int()]);

/** What a model answered: a class with its score, a class with all scores, or a number. */
const Output = z.object({
  label: z.union([z.string(), z.number(), z.boolean()]).optional(),
  score: z.number().optional(),
  scores: z.record(z.string(), z.number()).optional(),
  value: z.number().optional(),
});

/** One prediction as it travels (contract section 3). Timestamps are RFC 3339 or epoch milliseconds. */
export const PredictionEvent = z.looseObject({
  type: z.literal('prediction').optional(),
  prediction_id: z.string().min(1).max(256),
  model: z.string().min(1),
  model_version: z.string().optional(),
  environment: z.string().optional(),
  ts: Timestamp,
  features: z.record(z.string(), FeatureValue),
  prediction: Output,
  segment: z.record(z.string(), z.string()).optional(),
  protected: z.record(z.string(), z.string()).optional(),
  attributions: z.record(z.string(), z.number()).optional(),
  subject: z.string().optional(),
  status: z.string().optional(),
  tags: z.record(z.string(), z.unknown()).optional(),
  latency_ms: z.number().optional(),
});
export type PredictionEvent = z.infer<typeof PredictionEvent>;

/** A call that failed may have neither features nor an answer. */
export const FailedCallEvent = PredictionEvent.partial({ features: true, prediction: true }).extend({
  status: z.string().refine((status) => status !== '' && status !== 'ok'),
});

/** The ground truth of one prediction, usually late. The newest `ts` of a source wins. */
export const LabelEvent = z.looseObject({
  type: z.literal('label').optional(),
  prediction_id: z.string().min(1).max(256),
  model: z.string().min(1),
  ts: Timestamp,
  label: z.union([z.string(), z.number(), z.boolean()]),
  source: z.string().optional(),
});
export type LabelEvent = z.infer<typeof LabelEvent>;

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

import { z } from 'zod';
import { BOTH, keysOf } from './segment-keys.js';
import { RULE_IDENTITY } from './rule-identity.js';

/** What a row is counted for in a segment, and the number it adds. */
const Counted = z.discriminatedUnion('of', [
  /** The answer: the score, whether it is one label, or the value between two bounds so that single rows do not make the mean. */
  z.strictObject({ of: z.literal('score') }),
  z.strictObject({ of: z.literal('label'), label: z.string() }),
  z.strictObject({ of: z.literal('value'), low: z.number(), high: z.number() }),
  /** Whether the answer was wrong, or by how much: of rows with a label. */
  z.strictObject({
    of: z.literal('errors'),
    task: z.enum(['binary', 'multiclass', 'regression']),
    positive: z.string(),
  }),
  /** Whether the row names fewer values than nearly all rows of the reference. */
  z.strictObject({ of: z.literal('incomplete'), least: z.number().int() }),
  /** Whether the call took longer than few of the reference do: of all calls whose time is known, failed ones too. */
  z.strictObject({ of: z.literal('slow'), aboveMs: z.number().positive() }),
  /** Whether the call failed, of all calls. */
  z.strictObject({ of: z.literal('failed') }),
  /** The row itself. */
  z.strictObject({ of: z.literal('rows') }),
]);
export type Counted = z.infer<typeof Counted>;

/** One number of the rows of a segment, beside that of all other rows. */
export const SegmentRule = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('segment'),
  /** A key of the events' `segment`, or the name of a categorical feature. */
  attribute: z.string(),
  value: z.string(),
  counted: Counted,
});

/** A value of a key of a model's segments, or of two keys together (`channel & region`, `web & north`). */
export interface SegmentName {
  readonly attribute: string;
  readonly value: string;
}

/** How a segment is called wherever it is named: `channel=web`, `channel=web & region=north`. */
export function segmentName({ attribute, value }: SegmentName): string {
  const [keys, values] = [keysOf(attribute), value.split(BOTH)];
  // A value may hold what joins them.
  if (keys.length !== values.length) return `${attribute}=${value}`;
  return keys.map((key, i) => `${key}=${values[i] ?? ''}`).join(BOTH);
}

/** Values of one key that are watched, the largest first. */
export const MOST_SEGMENTS = 20;
/** Rows of the reference below which a value is not watched. */
export const LEAST_SEGMENT_ROWS = 1000;

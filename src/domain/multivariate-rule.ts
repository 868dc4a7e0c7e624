import { z } from 'zod';
import { RULE_IDENTITY } from './rule-identity.js';

/** How a feature becomes a number of mean 0 and spread 1 in the reference; absent values become 0. */
const Column = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('numeric'), feature: z.string(), mean: z.number(), sd: z.number() }),
  /** A category counts as its share in the reference, one that is not listed as 0. */
  z.strictObject({
    kind: z.literal('categorical'),
    feature: z.string(),
    values: z.array(z.string()),
    shares: z.array(z.number()),
    mean: z.number(),
    sd: z.number(),
  }),
]);
export type Column = z.infer<typeof Column>;

/** One row in so many is looked at, chosen by a hash of its id: products of many features cost too much for all rows of a busy stream. */
const Every = z.number().int().positive();

/** The correlation of two numeric features, both standardised and cut off at {@link FARTHEST}. */
export const Correlation = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('correlation'),
  every: Every,
  a: Column,
  b: Column,
});

/** How far rows are from the directions in which the reference varies, or how far out along them. */
export const Component = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('component'),
  every: Every,
  part: z.enum(['residual', 'hotelling']),
  columns: z.array(Column).min(1),
  variances: z.array(z.number()),
  directions: z.array(z.array(z.number())),
});

/** A value the classifier looks at: a number, or whether a category is there. */
const Indicator = z.strictObject({ feature: z.string(), category: z.string().nullable() });
export type Indicator = z.infer<typeof Indicator>;

/** Can a classifier tell the rows of a window from a frozen sample of the reference? Computed on samples, not summed over minutes. */
export const Classifier = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('classifier'),
  columns: z.array(Indicator).min(1),
  /** SHA-256 of the frozen sample. */
  sample: z.string(),
});

/** The part of a row's attributions that one feature has, as a mean over the rows that carry any. */
export const Attribution = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('attribution'),
  of: z.string(),
});

/** Standard deviations at which a standardised value is cut off: one wild row must not speak for a window. */
export const FARTHEST = 6;
/** Pairs of features whose correlation is watched. */
export const CORRELATIONS = 50;

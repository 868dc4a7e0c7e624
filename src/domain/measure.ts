import { z } from 'zod';
import { Calls } from './call-rule.js';
import { CostRule } from './cost-rule.js';
import { Estimate, EstimateGap } from './estimate-rule.js';
import { ExpectationRule } from './expectation.js';
import { GroupCalibration, Selection } from './group-rule.js';
import { Attribution, Classifier, Component, Correlation } from './multivariate-rule.js';
import { RULE_IDENTITY } from './rule-identity.js';
import { SegmentRule } from './segment-rule.js';

/**
 * A summary of the rows of one stretch of time under a frozen rule. Every kind but `value` adds up over stretches, so it is
 * kept by minute and a window is a sum, like a profile.
 */
export type Measure =
  /** Share of rows: `hits` of `trials`. */
  | { readonly kind: 'rate'; readonly hits: number; readonly trials: number }
  /** Mean of a number a row. */
  | { readonly kind: 'mean'; readonly n: number; readonly sum: number; readonly sumSquares: number }
  /** The loss expected of every row, and of the rows that were answered with the positive class. */
  | {
      readonly kind: 'estimate';
      readonly n: number;
      readonly sum: number;
      readonly sumSquares: number;
      readonly positives: number;
      readonly positiveSum: number;
      readonly positiveSquares: number;
    }
  /** Two numbers a row, for their correlation. */
  | {
      readonly kind: 'pair';
      readonly n: number;
      readonly sumX: number;
      readonly sumY: number;
      readonly sumXX: number;
      readonly sumYY: number;
      readonly sumXY: number;
    }
  /** The same share in two groups of rows. */
  | {
      readonly kind: 'rates';
      readonly hits: number;
      readonly trials: number;
      readonly otherHits: number;
      readonly otherTrials: number;
    }
  /** One number a row, in a segment and in all other rows. */
  | {
      readonly kind: 'sides';
      readonly n: number;
      readonly sum: number;
      readonly sumSquares: number;
      readonly otherN: number;
      readonly otherSum: number;
      readonly otherSquares: number;
    }
  /** How often each bit of a hash of the rows' content is set: rows that repeat pull all bits of their hash one way. */
  | { readonly kind: 'bits'; readonly n: number; readonly [bit: `b${number}`]: number }
  /** A number already on the scale the engine tests, with its sampling variance: one a window, nothing to add up. */
  | {
      readonly kind: 'value';
      readonly y: number;
      readonly v: number;
      readonly n: number;
      /** Features that make the value what it is, the strongest first. */
      readonly leading?: readonly string[];
    };
export type MeasureKind = Measure['kind'];

/** `a ≤ b` wherever both are numbers. */
const Order = z.strictObject({ ...RULE_IDENTITY, rule: z.literal('order'), a: z.string(), b: z.string() });
/** `a = Σ terms` wherever all are numbers; one term says that two features are equal. */
const Total = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('total'),
  a: z.string(),
  terms: z.array(z.string()).min(1).max(2),
});
/** `a` is there exactly where `b` is. */
const Together = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('together'),
  a: z.string(),
  b: z.string(),
});
/** The category of `a` decides that of `b`: `values[i]` of `a` goes with `results[i]` of `b`; other values of `a` say nothing. */
const Determines = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('determines'),
  a: z.string(),
  b: z.string(),
  values: z.array(z.string()),
  results: z.array(z.string()),
});
/** The values of a categorical feature are written in one way: `pattern` is a regular expression over the whole value (RE2). */
const Format = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('format'),
  format: z.string(),
  pattern: z.string(),
});
/** The values of a numeric feature are whole. */
const Whole = z.strictObject({ ...RULE_IDENTITY, rule: z.literal('whole') });
/** No two rows of one minute have the same content: of one feature, or of all where `feature` is null. */
const Distinct = z.strictObject({ ...RULE_IDENTITY, rule: z.literal('distinct') });
/** Rows of a window have different contents, however far apart: from sums of hash bits, because sets do not add up over minutes. */
const Repeats = z.strictObject({ ...RULE_IDENTITY, rule: z.literal('repeats') });
/** Rows keep coming: a silence longer than this was never seen. Judged by the clock; it has no measure. */
const Arrives = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('arrives'),
  withinMs: z.number().positive(),
});

/** What the reference taught about its rows, frozen with the baseline. */
export const Rule = z.discriminatedUnion('rule', [
  Order,
  Total,
  Together,
  Determines,
  Format,
  Whole,
  Distinct,
  Repeats,
  Arrives,
  Correlation,
  Component,
  Classifier,
  Attribution,
  Selection,
  GroupCalibration,
  Estimate,
  EstimateGap,
  Calls,
  SegmentRule,
  ExpectationRule,
  CostRule,
]);
export type Rule = z.infer<typeof Rule>;
/** The rule of one type. */
export type RuleOf<Type extends Rule['rule']> = Extract<Rule, { readonly rule: Type }>;

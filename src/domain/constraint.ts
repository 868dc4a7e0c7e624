import { z } from 'zod';
import { Calls } from './call-rule.js';
import { CostRule } from './cost-rule.js';
import { Estimate, EstimateGap } from './estimate-rule.js';
import { ExpectationRule } from './expectation.js';
import { GroupCalibration, Selection } from './group-rule.js';
import { Attribution, Classifier, Component, Correlation } from './multivariate-rule.js';
import { RULE_IDENTITY } from './rule-identity.js';
import { SegmentRule } from './segment-rule.js';

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
export const Constraint = z.discriminatedUnion('rule', [
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
export type Constraint = z.infer<typeof Constraint>;
/** The rule of one type. */
export type ConstraintOf<Type extends Constraint['rule']> = Extract<Constraint, { readonly rule: Type }>;

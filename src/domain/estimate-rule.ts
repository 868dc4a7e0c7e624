import { z } from 'zod';
import { RULE_IDENTITY } from './rule-identity.js';

/** Blocks of an isotonic fit: constant on each [from, to], straight lines between; none where scores are taken as they are. */
const Calibrator = z.strictObject({
  from: z.array(z.number()),
  to: z.array(z.number()),
  value: z.array(z.number()),
});
export type Calibrator = z.infer<typeof Calibrator>;

/** Whether a row goes left: a number above an edge, or a category; `feature` null is the model's own answer. */
const Question = z.strictObject({
  feature: z.string().nullable(),
  above: z.number().nullable(),
  category: z.string().nullable(),
});
export type EstimateQuestion = z.infer<typeof Question>;

/** A tree as a list: node 0 is its root; a leaf has a loss, any other node a question and the places of what follows. */
const TreeNode = z.strictObject({
  question: Question.nullable(),
  yes: z.number().int(),
  no: z.number().int(),
  loss: z.number(),
});
export type TreeNode = z.infer<typeof TreeNode>;

/** What a row's loss is expected to be before its label comes, as the reference taught it. */
const Estimator = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('binary'), positive: z.string(), calibrator: Calibrator }),
  z.strictObject({
    kind: z.literal('multiclass'),
    classes: z.array(z.strictObject({ name: z.string(), calibrator: Calibrator })).min(2),
  }),
  z.strictObject({
    kind: z.literal('regression'),
    nodes: z.array(TreeNode).min(1),
    /** Variance of a row's absolute error around its leaf. */
    residual: z.number(),
  }),
]);
export type Estimator = z.infer<typeof Estimator>;

/** Whose answers taught it: versions by name, or null for whoever answers under the reference, whose rows do not say; and how many labelled rows. */
const TaughtBy = z.strictObject({
  versions: z.array(z.string()).nullable(),
  labelled: z.number().int(),
});
export type TaughtBy = z.infer<typeof TaughtBy>;

/** What both rules of an estimate have; of before it was known whose it is, it counts for every version. */
const ESTIMATED_BY = { estimator: Estimator, taughtBy: TaughtBy.optional() };

/** The loss that is expected of the rows of a window: the error rate of a model with classes, the absolute error of a regression. */
export const Estimate = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('estimate'),
  ...ESTIMATED_BY,
});

/** What labels showed less what was expected of the same rows: where it moves, what the reference taught no longer holds. */
export const EstimateGap = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('estimate_gap'),
  ...ESTIMATED_BY,
});

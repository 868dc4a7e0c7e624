import { z } from 'zod';
import { RULE_IDENTITY } from './rule-identity.js';

const GROUP = {
  ...RULE_IDENTITY,
  /** Name of the protected attribute, and the value that makes the group; everybody else whose value is known is the others. */
  attribute: z.string(),
  group: z.string(),
};

/** How often a group is given the favourable outcome, beside the others: of all rows, or of those whose truth is or is not that outcome. */
export const Selection = z.strictObject({
  ...GROUP,
  rule: z.literal('selection'),
  among: z.enum(['all', 'deserving', 'undeserving']),
  /** The label that is favourable, or (`otherwise`) the one that is not. */
  outcome: z.string(),
  otherwise: z.boolean(),
  /** A row without a label is decided by its score, which is the probability of `outcome`. */
  byScore: z.boolean(),
});

/** Mean of truth minus score in a group: 0 where the model's probabilities hold for it. `outcome` is what the score is the probability of. */
export const GroupCalibration = z.strictObject({
  ...GROUP,
  rule: z.literal('group_calibration'),
  outcome: z.string(),
});

/** No rate of fewer people than this is computed, shown or judged. */
export const LEAST_GROUP = 50;

import { z } from 'zod';
import { RULE_IDENTITY } from './rule-identity.js';

/** Calls of the model that failed, or took longer than `aboveMs`: than few of the reference do (`slow`), or than the model file allows (`target`). Measured on all calls, whatever became of them. */
export const Calls = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('calls'),
  part: z.enum(['failed', 'slow', 'target']),
  aboveMs: z.number().positive().nullable(),
});

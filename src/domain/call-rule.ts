import { z } from 'zod';
import { RULE_IDENTITY } from './rule-identity.js';

/** Calls of the model that failed, or took longer than `aboveMs`. Measured on all calls, whatever became of them. */
export const Calls = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('calls'),
  part: z.enum(['failed', 'slow']),
  aboveMs: z.number().positive().nullable(),
});

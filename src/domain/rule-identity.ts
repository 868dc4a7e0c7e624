import { z } from 'zod';
import { CHECKS } from './check-result.js';

/** What every frozen rule says of itself. */
export const RULE_IDENTITY = {
  /** Unique among the rules of a baseline; the key of its measures. */
  name: z.string().min(1),
  check: z.enum(CHECKS),
  feature: z.string().nullable(),
  /** What a person reads beside the check; unique with check and feature. */
  statistic: z.string().min(1),
  /** `key=value` of the segment it is about; absent where it is about all rows. */
  segment: z.string().min(1).optional(),
  /** Judged with the labels of a window, not when it closes. */
  needsLabels: z.literal(true).optional(),
};

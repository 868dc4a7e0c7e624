import { z } from 'zod';

/** Ends of a wanted training that somebody should hear of. */
export const TRAINING_ENDS = ['refused', 'failed', 'timed_out'] as const;
export type TrainingEnd = (typeof TRAINING_ENDS)[number];

/** That a wanted training did not come about, and why; told once. `version` is empty where there was no run. */
export const TrainingNotice = z.object({
  type: z.literal('training_notice'),
  retrainingId: z.string(),
  model: z.string(),
  version: z.string(),
  owner: z.string(),
  end: z.enum(TRAINING_ENDS),
  at: z.iso.datetime(),
  /** Why it was wanted. */
  cause: z.string(),
  /** Why it did not come about; what a fallback hears says first who was not told. */
  summary: z.string(),
  links: z.object({ retraining: z.string(), model: z.string() }),
});
export type TrainingNotice = z.infer<typeof TrainingNotice>;

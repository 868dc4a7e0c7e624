import { z } from 'zod';

/** Steps of a training that people hear of, in the order in which they may come. */
export const TRAINING_STEPS = [
  'recommended',
  'deferred',
  'refused',
  'proposed',
  'declined',
  'requested',
  'unsent',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'unused',
  'better',
  'worse',
  'promotion_proposed',
  'promotion_declined',
  'promoted',
  'roll_back',
  'proved',
  'disproved',
] as const;
export type TrainingStep = (typeof TRAINING_STEPS)[number];

/** A step of a training; told once. `version` is empty where there was no run. */
export const TrainingNotice = z.object({
  type: z.literal('training_notice'),
  retrainingId: z.string(),
  /** Whose followers hear of it; null, or absent in those of before, where no case asked for it. */
  caseId: z.string().nullable().optional(),
  model: z.string(),
  version: z.string(),
  owner: z.string(),
  /** The step. It is named after those that there were first. */
  end: z.enum(TRAINING_STEPS),
  at: z.iso.datetime(),
  /** Why it was wanted. */
  cause: z.string(),
  /** What happened and why; what a fallback hears says first who was not told. */
  summary: z.string(),
  links: z.object({ retraining: z.string(), model: z.string() }),
});
export type TrainingNotice = z.infer<typeof TrainingNotice>;

import { z } from 'zod';
import { RetrainMessage } from '../domain/retrain-message.js';

/** A training run that is wanted and not possible yet, as the ledger holds it. */
export const Deferral = z.object({
  model: z.string(),
  version: z.string(),
  series: z.array(z.string()),
  cause: RetrainMessage.shape.cause,
  /** The guard rail that stops it, in its own words. */
  guard: z.string(),
  reason: z.string(),
  /** When time alone lets it pass; null where something else must happen. */
  dueAt: z.iso.datetime().nullable(),
});
export type Deferral = z.infer<typeof Deferral> & { readonly id: string; readonly askedBy: string };

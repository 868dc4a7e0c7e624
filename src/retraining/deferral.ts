import { z } from 'zod';
import { SYSTEM, type LedgerEntry } from '../domain/ledger-entry.js';
import { RetrainMessage } from '../domain/retrain-message.js';

/** A training run that is wanted and not possible yet, as the ledger holds it. */
export const DeferredWish = z.object({
  model: z.string(),
  version: z.string(),
  series: z.array(z.string()),
  /** Why it was wanted first; what came to it stands in `request`, absent in entries of before it was kept apart. */
  cause: RetrainMessage.shape.cause,
  request: RetrainMessage.shape.cause.optional(),
  /** The guard rail that stops it, in its own words. */
  guard: z.string(),
  reason: z.string(),
  /** When time alone lets it pass every guard rail that stops it now; null where something else must happen. */
  dueAt: z.iso.datetime().nullable(),
});
export type Deferral = z.infer<typeof DeferredWish> & { readonly id: string; readonly askedBy: string };

/** Whether a person wants what waits, whatever it was wanted for first. */
export function isOfPerson({ askedBy }: Pick<Deferral, 'askedBy'>): boolean {
  return askedBy !== SYSTEM.id;
}

/** Who asks for what waits after an entry about it: where an incident comes to what a person wants, still that person. */
export function askerOf({ actor, subject }: LedgerEntry, before: Deferral | undefined): string {
  const isSame = before?.id === subject.id;
  return isSame && actor.id === SYSTEM.id ? before.askedBy : actor.id;
}

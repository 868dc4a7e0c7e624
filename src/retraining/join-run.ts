import { z } from 'zod';
import { RetrainMessage } from '../domain/retrain-message.js';
import type { Retraining } from './retraining.js';

type Cause = RetrainMessage['cause'];

/** A wish for what a run is proposed or under way for already, as the ledger holds it: the run is to end that, too. */
export const JoinedWish = z.object({
  model: z.string(),
  series: z.array(z.string()),
  request: RetrainMessage.shape.cause,
});

/** A cause with the incidents of another one beside its own. */
export function causeWith(lead: Cause, other: Cause): Cause {
  const incidentIds = [...new Set([...lead.incidentIds, ...other.incidentIds])];
  return { ...lead, caseId: lead.caseId ?? other.caseId, incidentIds };
}

/** Who has said so far why they want the run. */
interface Said {
  readonly by: string;
  readonly summary: string;
}

interface Asked {
  readonly cause: Cause;
  readonly series: readonly string[];
}

/** Whether a wish is about the problem that a run is for: causes of one case are one problem. */
export function isSameProblem({ series, message }: Retraining, wish: Asked): boolean {
  const { caseId } = wish.cause;
  if (caseId !== null && caseId === message.cause.caseId) return true;
  return wish.series.length > 0 && wish.series.every((one) => series.includes(one));
}

/** Whether a wish says something of such a run that is not known: another problem of the case, or a person's reason. */
export function addsToRun(
  run: Retraining,
  wishes: readonly Said[],
  wish: Asked & { readonly by: string },
): boolean {
  if (wish.cause.kind !== 'manual') return wish.series.some((one) => !run.series.includes(one));
  return !wishes.some(({ by, summary }) => by === wish.by && summary === wish.cause.summary);
}

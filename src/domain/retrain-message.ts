import { z } from 'zod';

/** How far a retraining may go by itself. */
export const RETRAIN_MODES = ['observe', 'recommend', 'approve', 'auto'] as const;
export type RetrainMode = (typeof RETRAIN_MODES)[number];

const IsoTime = z.iso.datetime();

/**
 * A training run asked for, as it is recorded and sent. `id` is 32 hex digits and the idempotency key of every orchestrator.
 * The callback token is not here: it is derived when the request is sent, and the ledger keeps its hash only.
 */
export const RetrainMessage = z.object({
  type: z.literal('retrain'),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  model: z.string(),
  version: z.string(),
  cause: z.object({
    kind: z.enum(['incident', 'schedule', 'manual']),
    caseId: z.string().nullable(),
    incidentIds: z.array(z.string()),
    summary: z.string(),
  }),
  requestedAt: IsoTime,
  /** The run must not start sooner: until then its newest rows lack their labels. */
  notBefore: IsoTime,
  /** Periods whose data were faulty and must not be learnt from, half-open. */
  exclude: z.array(z.object({ from: IsoTime, to: IsoTime })),
  callbackUrl: z.string(),
});
export type RetrainMessage = z.infer<typeof RetrainMessage>;

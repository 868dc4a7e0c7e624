import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { InconsistentLog, type Checkpoints, type SignedCheckpoint } from './checkpoints.js';
import type { Ledger } from './ledger.js';

export interface Vouching {
  readonly ledger: Ledger;
  readonly checkpoints: Checkpoints;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Signs the log as it is, publishes the checkpoint once an hour (or `always`) and reports its health. A log that is not the one signed before
 * is not signed again: it is distrusted, which readiness, pages and metrics say, and everything else goes on.
 */
export async function vouch(
  { ledger, checkpoints, log, metrics }: Vouching,
  now: Date,
  always = false,
): Promise<void> {
  const signed = await signOrDistrust(ledger, checkpoints);
  if (signed) {
    const { note, head } = signed;
    const before = checkpoints.history.lastAt;
    const failed = await publishCheckpoint({ ledger, checkpoints }, note, now, always);
    for (const problem of failed)
      log.error('a checkpoint could not be published', new Error(problem), { problem });
    if (checkpoints.history.lastAt !== before)
      log.info('checkpoint of the ledger', { size: head.size, note });
    // A start without one takes longer, and nothing else.
    await ledger.keepSnapshot().catch((error: unknown) => log.warn('the snapshot of the ledger was not kept', { why: String(error) })); // prettier-ignore
  }
  reportLedger({ ledger, checkpoints, metrics }, now);
}

/**
 * Publishes a checkpoint once an hour (or `always`), cosigned by those who watch from outside. A witness that saw another log is believed: the log is distrusted, and the
 * checkpoint is published as it is, for it is evidence too. What did not work, each with the reason.
 */
export async function publishCheckpoint(
  { ledger, checkpoints }: Pick<Vouching, 'ledger' | 'checkpoints'>,
  note: string,
  now: Date,
  always = false,
): Promise<readonly string[]> {
  const { history, witnesses } = checkpoints;
  if (!witnesses || !history.isDue(note, now, always)) return history.publish(note, now, always);
  const { note: cosigned, problems, contradiction } = await witnesses.cosign(note, now);
  if (contradiction !== null) ledger.distrust(contradiction);
  return [...problems, ...(await history.publish(cosigned, now, always))];
}

/** Signs the log as it is; null, and the log is distrusted, when it is not the one that was signed before. */
export async function signOrDistrust(
  ledger: Ledger,
  checkpoints: Checkpoints,
): Promise<SignedCheckpoint | null> {
  return orDistrust(ledger, async () => checkpoints.sign(ledger.tree));
}

/** Distrusts the log where it is not the one that was signed before; signs nothing. */
export async function distrustChanged(ledger: Ledger, checkpoints: Checkpoints): Promise<void> {
  await orDistrust(ledger, async () => checkpoints.demandSigned(ledger.tree));
}

async function orDistrust<Value>(ledger: Ledger, attempt: () => Promise<Value>): Promise<Value | null> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof InconsistentLog)) throw error;
    ledger.distrust(error.message);
    return null;
  }
}

/** Puts the health of the log where Prometheus reads it. */
export function reportLedger(
  { ledger, checkpoints, metrics }: Pick<Vouching, 'ledger' | 'checkpoints' | 'metrics'>,
  now: Date,
): void {
  metrics.gauge('ledger_entries', 'Entries of the ledger').set(ledger.size);
  metrics
    .gauge('ledger_intact', '1 while nothing was found wrong with the ledger, else 0')
    .set(ledger.problem === null ? 1 : 0);
  const { checked = 0, of = 0 } = ledger.checking ?? {};
  metrics
    .gauge('ledger_unchecked_entries', 'Entries that the start took over and that are still being checked')
    .set(of - checked);
  metrics
    .gauge('ledger_refused_entries', 'Rows in the ledger that this service did not write and does not obey')
    .set(ledger.refused.length);
  metrics
    .gauge('ledger_checkpoint_sinks_behind', 'Sinks that have not got the newest checkpoint published')
    .set(checkpoints.history.behind);
  const { lastAt } = checkpoints.history;
  if (lastAt === null) return;
  const age = Math.max(0, now.getTime() - lastAt) / 1000;
  metrics.gauge('ledger_checkpoint_age_seconds', 'Since the newest checkpoint was published').set(age);
}

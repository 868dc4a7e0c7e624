import type { LedgerEntry } from '../domain/ledger-entry.js';
import {
  ENDED_RANK,
  RANK,
  type JobReport,
  type JobState,
  type Promotion,
  type Retraining,
  type RetrainingOrder,
  type Trouble,
} from './retraining.js';

/** What a job said beyond these is in the ledger. */
const MOST_REPORTS = 100;

/** A run as it begins, asked for or proposed. */
export function newRun(order: RetrainingOrder, { subject, action, actor, at }: LedgerEntry): Retraining {
  return {
    ...order,
    id: subject.id,
    model: order.message.model,
    state: action === 'retraining.proposed' ? 'proposed' : 'requested',
    requestedAt: at,
    askedBy: actor.id,
    sentAt: null,
    trouble: null,
    launchedAt: null,
    acceptedAt: null,
    finishedAt: null,
    runUrl: null,
    runRef: null,
    newVersion: null,
    metrics: {},
    progress: null,
    reports: [],
    unused: null,
    evaluation: null,
    promotion: null,
    askedAgain: null,
    verdict: null,
    note: null,
  };
}

/** What is different about a run after its job has said something. */
export function afterReport(run: Retraining, report: JobReport, at: Date): Partial<Retraining> {
  const ended = RANK[report.status] >= ENDED_RANK;
  const { status, progress = null, message = null } = report;
  return {
    state: report.status satisfies JobState,
    acceptedAt: run.acceptedAt ?? at,
    finishedAt: ended ? at : null,
    runUrl: report.run_url ?? run.runUrl,
    newVersion: report.model_version ?? run.newVersion,
    metrics: { ...run.metrics, ...report.metrics },
    // What the job said on its way is no word about its end.
    note: message ?? (ended ? null : run.note),
    progress: report.progress ?? run.progress,
    reports: [...run.reports, { at, status, progress, message }].slice(-MOST_REPORTS),
  };
}

const WORDS: Readonly<Record<string, (reason: string) => Partial<Retraining>>> = {
  'retraining.unused': (unused) => ({ unused }),
  'retraining.asked_again': (askedAgain) => ({ askedAgain }),
  'retraining.validated': (reason) => ({ state: 'validated', verdict: reason || null }),
  'retraining.rejected': (reason) => ({ state: 'rejected', verdict: reason || null }),
};

/** What is different about a run after an entry that says how its version does; nothing after any other. */
export function afterWord({ action, data }: LedgerEntry): Partial<Retraining> {
  const reason = data['reason'];
  return WORDS[action]?.(typeof reason === 'string' ? reason : '') ?? {};
}

const PROMOTION: Readonly<Record<string, Promotion['state']>> = {
  'retraining.promotion_proposed': 'PROPOSED',
  'retraining.promotion_approved': 'APPROVED',
  'retraining.promotion_declined': 'DECLINED',
};

/** What is different about a run after an entry about the promotion of what it made; nothing after any other. */
export function afterPromotion({ action, actor, at, data }: LedgerEntry): Partial<Retraining> {
  const state = PROMOTION[action];
  if (!state) return {};
  const note = typeof data['note'] === 'string' ? data['note'] : null;
  return { promotion: { state, decidedBy: state === 'PROPOSED' ? null : actor.id, note, at } };
}

/** What is different about a run after an entry about the delivery of its request. */
export function afterDelivery(run: Retraining, entry: LedgerEntry): Partial<Retraining> {
  if (entry.action === 'delivery.delivered') return { ...afterLaunch(run, entry), trouble: null };
  if (entry.action === 'delivery.attempting') return { sentAt: entry.at };
  const trouble = troubleIn(entry);
  if (trouble) return { trouble };
  if (entry.action === 'delivery.dead' && run.state === 'requested') {
    const error = entry.data['error'];
    const note = `not launched: ${typeof error === 'string' ? error : ''}`;
    return { state: 'failed', finishedAt: entry.at, note, trouble: null };
  }
  if (entry.action === 'delivery.replayed' && run.launchedAt === null && run.state === 'failed')
    return { state: 'requested', finishedAt: null, note: null };
  return {};
}

const TRIED_AGAIN: ReadonlySet<string> = new Set(['delivery.retry_scheduled', 'delivery.ambiguous']);

function troubleIn({ action, data }: LedgerEntry): Trouble | null {
  const { error, nextAt } = data;
  if (!TRIED_AGAIN.has(action) || typeof error !== 'string' || typeof nextAt !== 'string') return null;
  return { error, nextAt: new Date(nextAt) };
}

function afterLaunch(run: Retraining, { at, data }: LedgerEntry): Partial<Retraining> {
  const receipt = data['receipt'] as { readonly runUrl?: unknown; readonly runRef?: unknown } | undefined;
  const runRef = typeof receipt?.runRef === 'string' ? receipt.runRef : null;
  if (typeof receipt?.runUrl !== 'string') return { launchedAt: at, runRef };
  // An orchestrator that named the run has taken it; a mere receiver has not.
  const state = run.state === 'requested' ? 'accepted' : run.state;
  return {
    launchedAt: at,
    runUrl: run.runUrl ?? receipt.runUrl,
    runRef,
    state,
    acceptedAt: run.acceptedAt ?? at,
  };
}

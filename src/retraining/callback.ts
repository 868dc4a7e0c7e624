import { issueTexts } from '../config/issue-texts.js';
import { CodedError } from '../domain/coded-error.js';
import { durationText } from '../domain/duration.js';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { isCallbackToken } from './callback-token.js';
import { ENDED_RANK, JobReport, RANK, RETRAINING_SUBJECT, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

const STATUS = {
  unknown: 404,
  unauthorized: 401,
  bad_body: 422,
  other_model: 422,
  other_manifest: 422,
  conflict: 409,
} as const;

/** A job's word that is not taken; `status` is the HTTP answer. */
export class CallbackRefused extends CodedError {
  override readonly name = 'CallbackRefused';
  readonly status: number;

  constructor(
    readonly code: keyof typeof STATUS,
    message: string,
  ) {
    super(message);
    this.status = STATUS[code];
  }
}

/**
 * What a job says about its run, `{status, run_url?, model_version?, metrics?, message?}`, as an entry; `[]` when it was said before. Throws
 * CallbackRefused for an unknown run, a wrong token, a body that is none, and a step back (409, the state stays as it is).
 */
export function applyCallback(
  state: Retrainings,
  id: string,
  token: string,
  body: unknown,
  now: Date,
): readonly NewEntry[] {
  const run = state.find(id);
  if (!run) throw new CallbackRefused('unknown', `there is no retraining ${id}`);
  if (!isCallbackToken(token, run.tokenHash))
    throw new CallbackRefused('unauthorized', 'the callback token is not that of this run');
  const parsed = JobReport.strict().safeParse(body);
  if (!parsed.success) throw new CallbackRefused('bad_body', issueTexts(parsed.error.issues).join('; '));
  const report = parsed.data;
  demandOwn(state, run, report);
  if (run.state === report.status && isKnown(run, report)) return [];
  if (RANK[run.state] >= ENDED_RANK && run.state === report.status) {
    throw new CallbackRefused(
      'conflict',
      `the run ended as ${run.state} with other facts; they stay as they are`,
    );
  }
  if (RANK[run.state] >= ENDED_RANK || RANK[report.status] < RANK[run.state] || run.state === 'proposed') {
    throw new CallbackRefused('conflict', `the run is ${run.state} and cannot become ${report.status}`);
  }
  return [progressed(run, report, now)];
}

/** A job that learnt something else is not this run's. */
function demandOwn(state: Retrainings, run: Retraining, { model, manifest_sha256: digest }: JobReport): void {
  if (model !== undefined && model !== run.model)
    throw new CallbackRefused('other_model', `model: the run is about "${run.model}", not "${model}"`);
  const wanted = state.manifestOf(run.id)?.digest;
  if (digest !== undefined && digest !== wanted)
    throw new CallbackRefused(
      'other_manifest',
      `manifest_sha256: the run's manifest is ${wanted ?? 'not made yet'}, not ${digest}`,
    );
}

/** Whether a report adds nothing: progress of a job that goes on is told again with new facts. */
function isKnown(run: Retraining, report: JobReport): boolean {
  const { run_url: url, model_version: version, metrics = {}, message, progress } = report;
  const said = [
    [url, run.runUrl],
    [version, run.newVersion],
    [message, run.note],
    [progress, run.progress],
    ...Object.entries(metrics).map(([name, value]) => [value, run.metrics[name]]),
  ];
  return said.every(([now, before]) => now === undefined || now === before);
}

/** Runs that were not accepted or did not end in time, as entries; they stop occupying their model. */
export function expireRetrainings(state: Retrainings, now: Date): readonly NewEntry[] {
  return state.list().flatMap((run) => {
    const reason = overdue(run, now);
    if (reason === null) return [];
    return [
      {
        action: 'retraining.timed_out',
        actor: SYSTEM,
        at: now,
        subject: { type: RETRAINING_SUBJECT, id: run.id },
        data: { model: run.model, reason },
      },
    ];
  });
}

function overdue(run: Retraining, now: Date): string | null {
  const over = (since: Date | null, most: number): boolean =>
    since !== null && now.getTime() - since.getTime() > most;
  // A run told to wait cannot be late before it may start.
  const start = (since: Date | null): Date | null =>
    since === null ? null : new Date(Math.max(since.getTime(), Date.parse(run.message.notBefore)));
  if (run.state === 'requested' && over(start(run.launchedAt), run.acceptedWithin))
    return `not accepted within ${durationText(run.acceptedWithin)} of being sent`;
  if (
    (run.state === 'accepted' || run.state === 'running') &&
    over(start(run.acceptedAt), run.finishedWithin)
  )
    return `not finished within ${durationText(run.finishedWithin)} of being accepted`;
  return null;
}

function progressed(run: Retraining, report: JobReport, now: Date): NewEntry {
  const data = { ...report, model: run.model } as { readonly [key: string]: Json };
  return {
    action: 'retraining.progressed',
    actor: { type: 'key', id: `retraining:${run.id}` },
    at: now,
    subject: { type: RETRAINING_SUBJECT, id: run.id },
    data,
  };
}

import type { CheckName } from '../domain/check-result.js';
import type { Incident } from '../domain/incident.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { RETRAINING_SUBJECT, seriesOf, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/** What is known of the versions that training runs made. */
export interface Proof {
  readonly model: string;
  /** Incidents of the model that are not closed. */
  readonly open: readonly Incident[];
  /** Windows of a version in which a check was asked, whatever it said. */
  readonly judged: (version: string, check: CheckName) => number;
}

/** Whether an incident is one that a run was asked for, under whatever id it was opened. */
export function isCauseOf({ message, series }: Retraining, { signal }: Incident): boolean {
  return signal.version === message.version && series.includes(seriesOf(signal));
}

/** Runs that succeeded and have yet to show that the version they made helped. `answers`: whether it answers for the model. */
export function unprovenRuns(
  state: Retrainings,
  model: string,
  answers: (version: string) => boolean,
): readonly Retraining[] {
  return state
    .list(model)
    .filter(
      ({ state: run, newVersion, message }) =>
        run === 'succeeded' && newVersion !== null && newVersion !== message.version && answers(newVersion),
    );
}

/** A new version that answered for so many windows without the problem has shown that its training helped. */
const PROVEN_WINDOWS = 24;

/**
 * Runs whose new version has answered long enough without the problem that caused them. The incident itself cannot say so: it ended, or will
 * end, with the version it was about. A run that made no version of its own is judged by its incident alone.
 */
export function proveRetrainings(state: Retrainings, proof: Proof, now: Date): readonly NewEntry[] {
  return state
    .list(proof.model)
    .filter((run) => isProven(run, proof))
    .map((run) => ({
      action: 'retraining.validated',
      actor: SYSTEM,
      at: now,
      subject: { type: RETRAINING_SUBJECT, id: run.id },
      data: {
        model: run.model,
        reason: `version ${run.newVersion ?? ''} answered ${PROVEN_WINDOWS} windows without it`,
      },
    }));
}

function isProven({ state, newVersion, message, series }: Retraining, { open, judged }: Proof): boolean {
  if (state !== 'succeeded' || newVersion === null || newVersion === message.version) return false;
  if (series.length === 0) return false;
  const there = open.some(({ signal }) => signal.version === newVersion && series.includes(seriesOf(signal)));
  return !there && series.every((one) => judged(newVersion, checkOf(one)) >= PROVEN_WINDOWS);
}

function checkOf(series: string): CheckName {
  const [check] = JSON.parse(series) as [CheckName];
  return check;
}

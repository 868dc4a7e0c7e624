import type { Incident } from '../domain/incident.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { RETRAINING_SUBJECT, seriesOf, versionMade, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/** What is known of the versions that training runs made. */
export interface Proof {
  readonly model: string;
  /** Incidents of the model that are not closed. */
  readonly open: readonly Incident[];
  /** Windows that the version of a run answered since it answers for the model, in which its problem could be seen and was not; the fewest of its problems. */
  readonly without: (run: Retraining) => number;
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
  return state.list(model).filter((run) => {
    const made = versionMade(run);
    return run.state === 'succeeded' && made !== null && answers(made);
  });
}

/** A new version that answered for so many windows without the problem has shown that its training helped. */
export const PROVEN_WINDOWS = 24;

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

function isProven(run: Retraining, { open, without }: Proof): boolean {
  const made = versionMade(run);
  if (run.state !== 'succeeded' || made === null || run.series.length === 0) return false;
  const there = open.some(({ signal }) => signal.version === made && run.series.includes(seriesOf(signal)));
  return !there && without(run) >= PROVEN_WINDOWS;
}

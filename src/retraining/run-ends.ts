import type { Retraining } from './retraining.js';

/** Whether its job has got the request. */
export function reachedJob({ launchedAt, acceptedAt }: Retraining): boolean {
  return (launchedAt ?? acceptedAt) !== null;
}

/** Whether somebody asked for it and it was not called off before its job got it. */
export function isSpent(run: Retraining): boolean {
  if (run.state === 'proposed' || run.state === 'declined') return false;
  return run.state !== 'cancelled' || reachedJob(run);
}

/** When the last of some runs ended; null where none has. */
export function newestEnd(runs: readonly Retraining[]): Date | null {
  const times = runs.flatMap(({ finishedAt }) => finishedAt ?? []);
  return times.length === 0 ? null : times.reduce((a, b) => (a >= b ? a : b));
}

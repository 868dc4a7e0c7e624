import type { Incident } from '../domain/incident.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { isFault } from './guard-rails.js';

const MINUTE_MS = 60_000;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * When the data of a model were faulty before `until`, in event time: half-open, whole minutes, merged, oldest first. `incidents` are all
 * that are known of the model, also closed ones; a fault that is not closed lasts until `until`, one that was withdrawn never was.
 */
export function faultIntervals(incidents: readonly Incident[], until: Date): RetrainMessage['exclude'] {
  const end = Math.ceil(until.getTime() / MINUTE_MS) * MINUTE_MS;
  const stretches = incidents
    .filter((incident) => isFault(incident) && incident.closeReason !== 'withdrawn')
    .flatMap((incident) => stretchesOf(incident, end))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  return merged(stretches).map(({ from, to }) => ({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  }));
}

/** Minutes that are faulty in part are faulty. */
function stretchesOf({ course, state }: Incident, end: number): readonly Stretch[] {
  return course.spells.map(({ from, to }, i) => {
    // Spells before the oldest that is remembered lie between it and the onset.
    const start = i === 0 && course.onset < from ? course.onset : from;
    const lasts = state !== 'CLOSED' && i === course.spells.length - 1;
    return {
      from: Math.floor(start.getTime() / MINUTE_MS) * MINUTE_MS,
      to: lasts ? end : Math.min(Math.ceil(to.getTime() / MINUTE_MS) * MINUTE_MS, end),
    };
  });
}

function merged(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of stretches) {
    const last = found.at(-1);
    if (last && stretch.from <= last.to)
      found[found.length - 1] = { from: last.from, to: Math.max(last.to, stretch.to) };
    else found.push(stretch);
  }
  return found;
}

import type { Incident } from '../domain/incident.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { faultIntervals } from './fault-intervals.js';
import type { TrainingManifest } from './manifest.js';

const MINUTE_MS = 60_000;

/** A period to learn from, and what of it must not be learnt from. */
export interface TrainingPlan {
  readonly period: TrainingManifest['period'];
  readonly exclude: readonly Omit<TrainingManifest['exclude'][number], 'rows'>[];
}

/**
 * The period that ends with the minute of `until` and is `lengthMs` long, without the faults that `incidents` tell of; each with the incidents
 * that say so. `exclude` are intervals that were recorded before, to which nothing is added: what a job was promised stays.
 */
export function planTraining(
  { until, lengthMs }: { readonly until: Date; readonly lengthMs: number },
  incidents: readonly Incident[],
  exclude: RetrainMessage['exclude'] = faultIntervals(incidents, until),
): TrainingPlan {
  const to = Math.ceil(until.getTime() / MINUTE_MS) * MINUTE_MS;
  const from = Math.floor((to - lengthMs) / MINUTE_MS) * MINUTE_MS;
  const within = exclude
    .map((one) => ({ from: Math.max(Date.parse(one.from), from), to: Math.min(Date.parse(one.to), to) }))
    .filter((one) => one.from < one.to);
  return {
    period: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    exclude: within.map((one) => ({
      from: new Date(one.from).toISOString(),
      to: new Date(one.to).toISOString(),
      reasons: reasonsOf(one, incidents, until),
    })),
  };
}

function reasonsOf(
  stretch: { readonly from: number; readonly to: number },
  incidents: readonly Incident[],
  until: Date,
): TrainingPlan['exclude'][number]['reasons'] {
  return incidents
    .filter((incident) =>
      faultIntervals([incident], until).some(
        ({ from, to }) => Date.parse(from) < stretch.to && Date.parse(to) > stretch.from,
      ),
    )
    .map(({ id, signal, summary }) => ({ incident: id, check: signal.check, summary }));
}

/** A stretch of time whose rows go into one file. */
export interface Slice {
  readonly from: Date;
  readonly to: Date;
}

/** Consecutive slices that cover the period, each of at most `most` rows where minutes allow it. `minutes` are epoch seconds, ascending. */
export function sliceMinutes(
  { from, to }: TrainingManifest['period'],
  minutes: readonly { readonly minute: number; readonly rows: number }[],
  most: number,
): readonly Slice[] {
  const starts = [Date.parse(from)];
  let held = 0;
  for (const { minute, rows } of minutes) {
    if (held > 0 && held + rows > most) {
      starts.push(minute * 1000);
      held = 0;
    }
    held += rows;
  }
  return starts.map((start, i) => ({
    from: new Date(start),
    to: new Date(starts[i + 1] ?? Date.parse(to)),
  }));
}

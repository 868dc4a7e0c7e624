import type { WholeBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import { calendarSlot } from './calendar-slot.js';
import { slotExpectation } from './expected-bins.js';
import { everyWindow } from './every-window.js';
import type { ReferenceObservation } from './fit-law.js';
import type { FittedFeature } from './fitted-baseline.js';
import { countsOf } from './observe-feature.js';
import { observeWindow } from './observe-window.js';
import { NOTHING_PENDING } from './series-state.js';
import type { Steps } from './steps.js';

const MINUTE = 60_000;

/** Every series over the reference windows, each window held against the reference without itself. */
export function* observeReference(
  model: Model,
  baseline: WholeBaseline,
  features: Readonly<Record<string, FittedFeature>>,
): Steps<Map<string, ReferenceObservation[]>> {
  const series = new Map<string, { readonly at: number[]; readonly windows: ReferenceObservation[] }>();
  let pending = NOTHING_PENDING;
  for (const { from, profile } of everyWindow(baseline, model.window)) {
    const slot = calendarSlot(from, model);
    const expect = (name: string, rows: FeatureProfile) => {
      const fitted = features[name];
      return fitted ? { ...fitted, ...slotExpectation(fitted.bins, slot, countsOf(rows)) } : null;
    };
    const minute = from.getTime() / MINUTE;
    const seen = observeWindow({ model, baseline, profile, pending, minute, expect });
    pending = seen.pending;
    for (const [key, observation] of seen.observations) {
      const known = series.get(key) ?? { at: [], windows: [] };
      const lag = (from.getTime() - (known.at.at(-1) ?? -Infinity)) / model.window;
      known.at.push(from.getTime());
      known.windows.push({ observation, slot: slot.week, day: slot.day, lag });
      series.set(key, known);
    }
    yield;
  }
  return new Map([...series].map(([key, { windows }]) => [key, windows]));
}

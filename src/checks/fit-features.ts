import type { WholeBaseline, FeatureBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import { normalScores } from '../stats/feature-components.js';
import { fitFormByLevel } from '../stats/form-by-level.js';
import { levelWander } from '../stats/level-wander.js';
import { calendarSlot } from './calendar-slot.js';
import { everyWindow } from './every-window.js';
import {
  type ReferenceBins,
  referenceBins,
  type SlotCounts,
  slotExpectation,
  smoothedShares,
} from './expected-bins.js';
import type { FittedFeature } from './fitted-baseline.js';
import { followsTime, isPartOfDate } from './follows-time.js';
import { isAllNull, isMistyped } from './hard-rules.js';
import { countsOf } from './observe-feature.js';
import { wasNeverThere } from './never-there.js';
import type { Steps } from './steps.js';
import { varietyOf } from './variety.js';

const DAY = 86_400_000;
/** Rows the whole reference counts for against one slot's own. */
const PSEUDO_ROWS = { hourly: 3000, daily: 300 } as const;

/** Windows whose levels differ by more than half a standard deviation are no one population that moves: their level says nothing of their form. */
const MOST_WANDER = 0.25;

/** What the drift series of every feature expect by slot, and what its reference windows had that a rule would take for a fault. */
export function* fitFeatures(model: Model, baseline: WholeBaseline): Steps<Record<string, FittedFeature>> {
  const windows = everyWindow(baseline, model.window).map(({ from, profile }) => ({
    slot: calendarSlot(from, model),
    profile,
  }));
  const pseudoRows = model.window >= DAY ? PSEUDO_ROWS.daily : PSEUDO_ROWS.hourly;
  const features: (readonly [string, FittedFeature])[] = [];
  for (const [name, feature] of Object.entries(baseline.features)) {
    const total = baseline.reference.features[name];
    if (!total || total.kind !== feature.kind) continue;
    const own = windows.flatMap(({ slot, profile }) => {
      const one = profile.features[name];
      return one && one.kind === feature.kind ? [{ slot, counts: countsOf(one), profile: one }] : [];
    });
    const scores = scoresOf(feature, countsOf(total));
    const bins = atItsLevels(referenceBins(countsOf(total), own, pseudoRows), scores, own);
    const timed = own.map(({ slot, profile }) => ({ slot: slot.dated, profile }));
    const inTime = followsTime(timed) || isPartOfDate(name, timed);
    const variety = inTime ? null : varietyOf(own.map((window) => window.profile));
    const faults = faultsSeen([total, ...windows.flatMap(({ profile }) => profile.features[name] ?? [])]);
    // Of a column without a value nobody knows the type, unless it is declared: none that comes is another.
    const isOpen = wasNeverThere(baseline, name) && model.features[name]?.type === undefined;
    const seen = { ...faults, mistyped: faults.mistyped || isOpen };
    features.push([name, { bins, scores, variety, seen, followsTime: inTime }]);
    yield;
  }
  return Object.fromEntries(features);
}

function scoresOf(feature: FeatureBaseline, total: readonly number[]): readonly number[] {
  return feature.kind === 'numeric' ? normalScores(smoothedShares(total)) : [];
}

/** The bins with what the reference shows of level and form: slots are shrunk by it before it is asked how far levels wander around them. */
function atItsLevels(
  bins: ReferenceBins,
  scores: readonly number[],
  windows: readonly SlotCounts[],
): ReferenceBins {
  if (scores.length === 0) return bins;
  const counts = windows.map((window) => window.counts);
  const form = fitFormByLevel(counts, smoothedShares(bins.total), scores);
  if (!form) return bins;
  const shaped = { ...bins, levelShape: { ...form, wander: 0 } };
  const around = windows.map(({ slot, counts: own }) => ({
    counts: own,
    expected: slotExpectation(shaped, slot, own).shares,
  }));
  const wander = levelWander(around, form.scores);
  return wander > MOST_WANDER ? bins : { ...bins, levelShape: { ...form, wander } };
}

/** Which faults no chance explains the reference had, as a whole (one without times has no windows) or in windows of its own: there they are no news. */
function faultsSeen(stretches: readonly FeatureProfile[]): FittedFeature['seen'] {
  return { allNull: stretches.some(isAllNull), mistyped: stretches.some(isMistyped) };
}

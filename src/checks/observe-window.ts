import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import {
  OUTPUT_NAMES,
  type FeatureProfile,
  type PerformanceProfile,
  type WindowProfile,
} from '../domain/profile.js';
import type { BinExpectation } from '../stats/feature-components.js';
import { countComponent } from '../stats/count-component.js';
import { mergeFeatures, mergeMeasures, mergePerformance } from './merge-profiles.js';
import { PRESENT, wasNeverThere } from './never-there.js';
import { observeDrift, observeQuality, rate, type Observations } from './observe-feature.js';
import { leastRows, measureRows, observeMeasure } from './observe-measure.js';
import { observePerformance } from './observe-performance.js';
import { LEAST_ROWS, seriesKey } from './series.js';
import type { PendingRows } from './series-state.js';

export interface WindowInput {
  readonly model: Model;
  readonly baseline: Baseline;
  readonly profile: WindowProfile;
  readonly pending: PendingRows;
  /** Expected shares of a feature in this window; null where the reference has none. */
  readonly expect: (feature: string, profile: FeatureProfile) => BinExpectation | null;
}

/** Measures every series of a window. Where rows are too few, they wait in `pending` for the next window. */
export function observeWindow(input: WindowInput): {
  readonly observations: Observations;
  readonly pending: PendingRows;
} {
  const observations: Observations = new Map();
  const waiting: Record<string, FeatureProfile> = {};
  for (const name of Object.keys(input.baseline.features)) observeOne(input, name, observations, waiting);
  observeVolume(input.profile, observations);
  const performance = observeLabels(input, observations);
  const measures = observeRules(input, observations);
  return { observations, pending: { features: waiting, performance, measures } };
}

function observeVolume({ predictions, modelRows = predictions }: WindowProfile, into: Observations): void {
  if (modelRows === null) return;
  const count = { ...countComponent(modelRows), n: modelRows, value: modelRows, hits: null, trials: 0 };
  into.set(seriesKey('volume', null, 'count'), count);
}

function observeOne(
  { baseline, profile, pending, expect }: WindowInput,
  name: string,
  into: Observations,
  waiting: Record<string, FeatureProfile>,
): void {
  const feature = baseline.features[name];
  const own = profile.features[name];
  // A window without rows keeps nobody's rows from waiting on.
  if (!own) for (const key of [`drift:${name}`, `quality:${name}`]) keepWaiting(pending, waiting, key);
  if (!feature || own?.kind !== feature.kind) return;
  const drift = gather(pending.features, waiting, { key: `drift:${name}`, own, rows: (p) => p.n });
  const expected = drift && expect(name, drift);
  const check = OUTPUT_NAMES.includes(name) ? 'output_drift' : 'feature_drift';
  if (expected) observeDrift(into, { check, name, baseline: feature }, drift, expected);
  const quality = gather(pending.features, waiting, { key: `quality:${name}`, own, rows: (p) => p.rows });
  if (!quality) return;
  if (wasNeverThere(baseline, name))
    into.set(seriesKey('null_rate', name, PRESENT), rate(quality.n + quality.mistyped, quality.rows));
  else observeQuality(into, name, quality, { baseline: feature, usualRows: usualRows(baseline, name) });
}

/** Values of a feature in a usual window of the reference. */
function usualRows({ reference, windows }: Baseline, name: string): number {
  return (reference.features[name]?.n ?? 0) / Math.max(1, windows.length);
}

function keepWaiting({ features }: PendingRows, waiting: Record<string, FeatureProfile>, key: string): void {
  const before = features[key];
  if (before) waiting[key] = before;
}

/** The window's rows with those that waited, or null (and they wait on) where they are still too few. */
function gather(
  pending: Readonly<Record<string, FeatureProfile>>,
  waiting: Record<string, FeatureProfile>,
  {
    key,
    own,
    rows,
  }: { readonly key: string; readonly own: FeatureProfile; readonly rows: (p: FeatureProfile) => number },
): FeatureProfile | null {
  const before = pending[key];
  const together = before ? mergeFeatures(before, own) : own;
  if (rows(together) >= LEAST_ROWS) return together;
  if (rows(together) > 0) waiting[key] = together;
  return null;
}

function observeLabels(
  { model, profile, pending }: WindowInput,
  into: Observations,
): PerformanceProfile | null {
  const together = pending.performance
    ? mergePerformance(pending.performance, profile.performance)
    : profile.performance;
  if (together.labelled < LEAST_ROWS) return together.labelled > 0 ? together : null;
  observePerformance(into, model, together);
  return null;
}

/** Adds the series of the baseline's rules; returns the measures that wait for more rows. */
function observeRules(
  { baseline, profile, pending }: WindowInput,
  into: Observations,
): Record<string, Measure> {
  const waiting: Record<string, Measure> = {};
  for (const rule of baseline.rules) {
    if (rule.rule === 'expectation' || rule.rule === 'cost') continue; // nothing is expected of it but what is written
    const { name, check, feature, statistic, segment } = rule;
    const before = pending.measures?.[name];
    const own = profile.measures[name];
    const together = before && own ? mergeMeasures(before, own) : (own ?? before);
    if (!together || measureRows(rule, together) === 0) continue;
    const enough = measureRows(rule, together) >= leastRows(rule);
    const observation = own && enough && isVaried(rule, profile) ? observeMeasure(rule, together) : null;
    if (observation) into.set(seriesKey(check, feature, statistic, segment), observation);
    else if (!enough) waiting[name] = together;
  }
  return waiting;
}

/** Bins that a feature must fill for a correlation: two values lie on a line whatever they are. */
const LEAST_VALUES = 3;

function isVaried(rule: Constraint, { features }: WindowProfile): boolean {
  if (rule.rule !== 'correlation') return true;
  return [rule.a, rule.b].every(({ feature }) => {
    const profile = features[feature];
    if (profile?.kind !== 'numeric') return true;
    const filled = profile.bins.filter((count) => count > 0).length;
    return filled >= Math.min(LEAST_VALUES, profile.bins.length);
  });
}

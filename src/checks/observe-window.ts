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
import { PRESENT, wasNeverThere } from './never-there.js';
import { observeDrift, observeQuality, rate, type Observations } from './observe-feature.js';
import { leastRows, measureRows, observeMeasure } from './observe-measure.js';
import { observePerformance } from './observe-performance.js';
import { LABELS, labelsWithWaiting, measureWithWaiting, ruleKey, waitingKey, withWaiting } from './pooled-rows.js'; // prettier-ignore
import { LEAST_ROWS, seriesKey } from './series.js';
import type { PendingRows } from './series-state.js';

export interface WindowInput {
  readonly model: Model;
  readonly baseline: Baseline;
  readonly profile: WindowProfile;
  readonly pending: PendingRows;
  /** Start of the window, minutes since the epoch. */
  readonly minute: number;
  /** Expected shares of a feature in this window; null where the reference has none. */
  readonly expect: (feature: string, profile: FeatureProfile) => BinExpectation | null;
}

/** What a window says so far, and what of its rows waits for the next one. */
interface Gathering {
  readonly input: WindowInput;
  readonly observations: Observations;
  readonly features: Record<string, FeatureProfile>;
  readonly measures: Record<string, Measure>;
  readonly since: Record<string, number>;
}

/** Measures every series of a window. Where rows are too few, they wait in `pending` for the next window; what is measured of several windows says from which on. */
export function observeWindow(input: WindowInput): {
  readonly observations: Observations;
  readonly pending: PendingRows;
} {
  const found: Gathering = { input, observations: new Map(), features: {}, measures: {}, since: {} };
  for (const name of Object.keys(input.baseline.features)) observeOne(found, name);
  observeVolume(input.profile, found.observations);
  const performance = observeLabels(found);
  observeRules(found);
  const { observations, features, measures, since } = found;
  const begun = Object.keys(since).length > 0 ? { since } : {};
  return { observations, pending: { features, performance, measures, ...begun } };
}

function observeVolume({ predictions, modelRows = predictions }: WindowProfile, into: Observations): void {
  if (modelRows === null) return;
  const count = { ...countComponent(modelRows), n: modelRows, value: modelRows, hits: null, trials: 0 };
  into.set(seriesKey('volume', null, 'count'), count);
}

function observeOne(found: Gathering, name: string): void {
  const { baseline, profile, pending, expect } = found.input;
  const feature = baseline.features[name];
  const own = profile.features[name];
  const [driftKey, qualityKey] = [waitingKey('drift', name), waitingKey('quality', name)];
  // A window without rows keeps nobody's rows from waiting on.
  if (!own) for (const key of [driftKey, qualityKey]) waitOn(found, key, pending.features[key]);
  if (!feature || own?.kind !== feature.kind) return;
  const drift = gather(found, driftKey, own, (p) => p.n);
  const expected = drift && expect(name, drift);
  const check = OUTPUT_NAMES.includes(name) ? 'output_drift' : 'feature_drift';
  if (expected)
    add(found, driftKey, (into) => observeDrift(into, { check, name, baseline: feature }, drift, expected));
  const quality = gather(found, qualityKey, own, (p) => p.rows);
  if (quality) add(found, qualityKey, (into) => observeRows(into, baseline, name, quality));
}

function observeRows(into: Observations, baseline: Baseline, name: string, quality: FeatureProfile): void {
  const feature = baseline.features[name];
  if (wasNeverThere(baseline, name))
    into.set(seriesKey('null_rate', name, PRESENT), rate(quality.n + quality.mistyped, quality.rows));
  else if (feature)
    observeQuality(into, name, quality, { baseline: feature, usualRows: usualRows(baseline, name) });
}

/** Values of a feature in a usual window of the reference. */
function usualRows({ reference, windows }: Baseline, name: string): number {
  return (reference.features[name]?.n ?? 0) / Math.max(1, windows.length);
}

/** Adds what is measured of rows of which some waited under a name, with since when they did. */
function add({ input, observations }: Gathering, key: string, observe: (into: Observations) => void): void {
  const from = input.pending.since?.[key];
  if (from === undefined) return observe(observations);
  const found: Observations = new Map();
  observe(found);
  for (const [series, observation] of found) observations.set(series, { ...observation, from });
}

/** Since when rows wait that wait on, or begin to. */
function stillWaits({ input, since }: Gathering, key: string, isNew: boolean): void {
  const start = isNew ? input.minute : input.pending.since?.[key];
  if (start !== undefined) since[key] = start;
}

function waitOn(found: Gathering, key: string, before: FeatureProfile | undefined): void {
  if (!before) return;
  found.features[key] = before;
  stillWaits(found, key, false);
}

/** The window's rows with those that waited, or null (and they wait on) where they are still too few. */
function gather(
  found: Gathering,
  key: string,
  own: FeatureProfile,
  rows: (p: FeatureProfile) => number,
): FeatureProfile | null {
  const { pending } = found.input;
  const together = withWaiting(pending, key, own);
  if (rows(together) >= LEAST_ROWS) return together;
  if (rows(together) > 0) {
    found.features[key] = together;
    stillWaits(found, key, pending.features[key] === undefined);
  }
  return null;
}

function observeLabels(found: Gathering): PerformanceProfile | null {
  const { model, profile, pending } = found.input;
  const together = labelsWithWaiting(pending, profile.performance);
  if (together.labelled >= LEAST_ROWS) {
    add(found, LABELS, (into) => observePerformance(into, model, together));
    return null;
  }
  if (together.labelled === 0) return null;
  stillWaits(found, LABELS, pending.performance === null);
  return together;
}

/** Adds the series of the baseline's rules; their measures wait where rows are too few. */
function observeRules(found: Gathering): void {
  const { baseline, profile, pending } = found.input;
  for (const rule of baseline.rules) {
    if (rule.rule === 'expectation' || rule.rule === 'cost') continue; // nothing is expected of it but what is written
    const { name, check, feature, statistic, segment } = rule;
    const own = profile.measures[name];
    const together = measureWithWaiting(pending, name, own);
    if (!together || measureRows(rule, together) === 0) continue;
    const enough = measureRows(rule, together) >= leastRows(rule);
    const observation = own && enough && isVaried(rule, profile) ? observeMeasure(rule, together) : null;
    if (observation)
      add(found, ruleKey(name), (into) =>
        into.set(seriesKey(check, feature, statistic, segment), observation),
      );
    else if (!enough) {
      found.measures[name] = together;
      stillWaits(found, ruleKey(name), pending.measures?.[name] === undefined);
    }
  }
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

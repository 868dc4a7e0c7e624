import type { WholeBaseline, FeatureBaseline } from '../../src/domain/baseline.js';
import type { Constraint } from '../../src/domain/constraint.js';
import { Model, type ModelFile } from '../../src/domain/model.js';
import type { CategoricalProfile, NumericProfile, WindowProfile } from '../../src/domain/profile.js';
import type { Window } from '../../src/domain/window.js';

export const HOUR = 3_600_000;
/** A Monday. */
export const START = new Date('2024-01-01T00:00:00Z');

/** Normal quantiles of the 13 edge levels. */
export const NORMAL_EDGES = [
  -2.5758, -2.0537, -1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816, 2.0537, 2.5758,
];
export const NORMAL_BASELINE: FeatureBaseline = {
  kind: 'numeric',
  edges: NORMAL_EDGES,
  quantiles: [-3.09, -0.6745, 0, 0.6745, 3.09],
  integer: false,
};

/** The numeric profile of values on the edges. */
export function numericProfile(
  values: readonly number[],
  edges: readonly number[],
  nulls = 0,
): NumericProfile {
  const bins = Array.from({ length: edges.length + 1 }, () => 0);
  let [sum, sumSquares, min, max] = [0, 0, Infinity, -Infinity];
  for (const x of values) {
    let b = 0;
    while (b < edges.length && x > (edges[b] ?? 0)) b += 1;
    bins[b] = (bins[b] ?? 0) + 1;
    sum += x;
    sumSquares += x * x;
    min = Math.min(min, x);
    max = Math.max(max, x);
  }
  const n = values.length;
  return {
    kind: 'numeric',
    rows: n + nulls,
    n,
    nulls,
    missing: 0,
    mistyped: 0,
    sum,
    sumSquares,
    min,
    max,
    bins,
  };
}

/** The categorical profile of counts by known category. */
export function categoricalProfile(
  counts: readonly number[],
  { other = 0, fresh = 0, nulls = 0 } = {},
): CategoricalProfile {
  const n = counts.reduce((a, b) => a + b, 0) + other + fresh;
  return { kind: 'categorical', rows: n + nulls, n, nulls, missing: 0, mistyped: 0, counts, other, fresh };
}

/** The model of a synthetic fleet: hourly windows, UTC. */
export function syntheticModel(overrides: Partial<ModelFile> = {}): Model {
  return Model.parse({ key: 'synthetic', task: 'binary', positive: 'yes', ...overrides });
}

/** The window of the synthetic model that begins so many hours after START. */
export function syntheticWindow(hour: number, version = '1'): Window {
  const from = new Date(START.getTime() + hour * HOUR);
  return { model: 'synthetic', version, from, to: new Date(from.getTime() + HOUR), revision: 0 };
}

/** A baseline of windows one after another from START; the reference is their sum. */
export function syntheticBaseline(
  features: Readonly<Record<string, FeatureBaseline>>,
  windows: readonly WindowProfile[],
  {
    windowMs = HOUR,
    rules = [],
  }: { readonly windowMs?: number; readonly rules?: readonly Constraint[] } = {},
): WholeBaseline {
  return {
    id: 'b1',
    model: 'synthetic',
    source: { file: 'reference.parquet' },
    fingerprint: 'f',
    pinnedAt: START,
    rows: windows.reduce((sum, w) => sum + w.predictions, 0),
    features,
    rules,
    reference: mergeWindows(windows),
    windows: windows.map((profile, i) => ({
      from: new Date(START.getTime() + i * windowMs),
      to: new Date(START.getTime() + (i + 1) * windowMs),
      profile,
    })),
  };
}

function mergeWindows(windows: readonly WindowProfile[]): WindowProfile {
  return windows.reduce((a, b) => ({
    predictions: a.predictions + b.predictions,
    unknownFeatures: [],
    measures: mergeMeasures(a.measures, b.measures),
    performance: addNumbers(a.performance, b.performance),
    features: Object.fromEntries(
      Object.entries(b.features).map(([name, feature]) => {
        const before = a.features[name];
        return [name, before ? addFeatures(before, feature) : feature];
      }),
    ),
  }));
}

function mergeMeasures(
  a: WindowProfile['measures'],
  b: WindowProfile['measures'],
): WindowProfile['measures'] {
  const sums = Object.entries(b).map(([name, measure]) => {
    const before = a[name];
    return [name, before ? addNumbers(before, measure) : measure];
  });
  return { ...a, ...(Object.fromEntries(sums) as WindowProfile['measures']) };
}

function addFeatures<T extends object>(a: T, b: T): T {
  const sum = addNumbers(a, b);
  if (!('min' in a && 'min' in b && 'max' in a && 'max' in b)) return sum;
  return { ...sum, min: Math.min(Number(a.min), Number(b.min)), max: Math.max(Number(a.max), Number(b.max)) };
}

function addNumbers<T extends object>(a: T, b: T): T {
  return Object.fromEntries(
    Object.entries(b).map(([key, value]) => {
      const other = (a as Record<string, unknown>)[key];
      if (typeof value === 'number') return [key, value + Number(other)];
      if (!Array.isArray(value)) return [key, value];
      const list = Array.isArray(other) ? other : [];
      return [key, value.map((x: number, i: number) => x + Number(list[i] ?? 0))];
    }),
  ) as T;
}

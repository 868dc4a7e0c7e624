import { describe, expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import type { WholeBaseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import { HASH_BITS } from '../domain/hash-bits.js';
import { NO_LABELS, type FeatureProfile, type WindowProfile } from '../domain/profile.js';
import {
  categoricalProfile,
  HOUR,
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  START,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { minuteText } from '../domain/wording.js';
import { lcg } from '../stats/lcg.js';
import { allotBudget } from './budget.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const random = lcg(11);
const normal = normals(random);
const model = syntheticModel();
const ROWS = 500;
const DAYS = 14;

const order: Constraint = {
  rule: 'order', name: 'order:departure <= arrival', check: 'pair_rule', feature: null, statistic: 'departure <= arrival',
  a: 'departure', b: 'arrival',
}; // prettier-ignore
const RULES: readonly Constraint[] = [
  order,
  { rule: 'format', name: 'format:tail', check: 'format', feature: 'tail', statistic: 'mismatch', format: 'A99999', pattern: '^x$' },
  { rule: 'whole', name: 'whole:age', check: 'format', feature: 'age', statistic: 'whole' },
  { rule: 'distinct', name: 'distinct', check: 'duplicates', feature: null, statistic: 'same_minute' },
  { rule: 'repeats', name: 'repeats', check: 'duplicates', feature: null, statistic: 'same_window' },
  { rule: 'arrives', name: 'arrives', check: 'freshness', feature: null, statistic: 'silence', withinMs: 2.5 * HOUR },
]; // prettier-ignore

const rate = (p: number, trials = ROWS): Measure => ({
  kind: 'rate',
  hits: Array.from({ length: trials }).filter(() => random() < p).length,
  trials,
});

/** Bits of the hashes of so many contents, each of which stands there so many times. */
function bits(contents: number, times: number): Measure {
  const ones = HASH_BITS.map(
    (bit) => [bit, times * Array.from({ length: contents }, random).filter((u) => u < 0.5).length] as const,
  );
  return { kind: 'bits', n: contents * times, ...Object.fromEntries(ones) };
}

interface Broken {
  readonly order?: number;
  readonly format?: number;
  readonly whole?: number;
  readonly copies?: number;
  /** How often each row stands in the window under another id. */
  readonly times?: number;
  readonly x?: FeatureProfile;
  readonly region?: FeatureProfile;
}

/** A window in which each rule is broken as often as given, else as in the reference: hardly. */
function window(broken: Broken = {}, rows = ROWS): WindowProfile {
  const north = Math.round(rows * (0.4 + 0.05 * random()));
  return {
    predictions: rows,
    features: {
      x: broken.x ?? numericProfile(Array.from({ length: rows }, normal), NORMAL_EDGES),
      region: broken.region ?? categoricalProfile([north, rows - north]),
    },
    unknownFeatures: [],
    performance: NO_LABELS,
    measures: {
      [order.name]: rate(broken.order ?? 0.0002, rows),
      'format:tail': rate(broken.format ?? 0.001, rows),
      'whole:age': rate(broken.whole ?? 0, rows),
      distinct: rate(broken.copies ?? 0.01, rows),
      repeats: bits(rows / 2, broken.times ?? 1),
    },
  };
}

const EMPTY: WindowProfile = {
  predictions: 0,
  features: {},
  unknownFeatures: [],
  performance: NO_LABELS,
  measures: {},
};
const REGIONS = { kind: 'categorical', categories: ['north', 'south'], tail: [], unseenMass: 0 } as const;
const FEATURES = { x: NORMAL_BASELINE, region: REGIONS };
const baseline = syntheticBaseline(
  FEATURES,
  Array.from({ length: 24 * DAYS }, () => window()),
  { rules: RULES },
);
const fitted = fitBaseline(model, baseline);

/** The results of the last of some windows that follow the reference. */
function after(profiles: readonly WindowProfile[], excuse: string | null = null): readonly CheckResult[] {
  let state: SeriesState | null = null;
  let results: readonly CheckResult[] = [];
  profiles.forEach((profile, i) => {
    const at = syntheticWindow(24 * DAYS + i, '2');
    const budget = { pageDays: 30, noticeDays: 3, share: 1 };
    const input = { model, baseline, fitted, window: at, profile, state, budget, excuse };
    ({ results, state } = runChecks(input));
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
  return results;
}

const alerts = (results: readonly CheckResult[]) => results.filter(({ state }) => state === 'ALERT');
const found = (results: readonly CheckResult[], check: string, feature: string | null = null) =>
  results.find((result) => result.check === check && result.feature === feature);

describe('rules of the rows', () => {
  it('find rows that are sent again later in the window, within three windows', () => {
    const results = after([window(), ...Array.from({ length: 3 }, () => window({ times: 2 }))]);
    const repeats = results.find(({ statistic }) => statistic === 'same_window');
    expect(repeats).toMatchObject({ state: 'ALERT' });
    expect(repeats?.explanation).toMatch(
      /^about \d+(\.\d+)? % of 500 rows repeat another row of the window under another id/,
    );
  });

  it('are quiet on a hundred windows like the reference', () => {
    const results = after(Array.from({ length: 100 }, () => window()));
    expect(results.filter(({ state }) => state === 'ALERT' || state === 'INDETERMINATE')).toEqual([]);
    expect(found(results, 'pair_rule')).toMatchObject({
      state: 'OK',
      statistic: 'departure <= arrival',
      n: ROWS,
    });
    expect(found(results, 'stuck', 'x')).toMatchObject({ state: 'OK', value: 0 });
    expect(found(results, 'freshness')).toMatchObject({ state: 'OK', value: 0 });
  });

  it('alert at once where many rows break one, and say which', () => {
    const results = after([window(), window({ order: 0.12 })]);
    expect(alerts(results)).toHaveLength(1);
    expect(found(results, 'pair_rule')?.explanation).toMatch(
      /^departure <= arrival held in 99\.\d+ % of the reference; 1\d(\.\d)? % of 500 rows break it$/,
    );
    const written = after([window(), window({ format: 0.3 })]);
    expect(found(written, 'format', 'tail')?.explanation).toMatch(
      /^99\.\d+ % of the reference were written as A99999; \d+ % of 500 rows are not$/,
    );
    const parts = after([window(), window({ whole: 0.5 })]);
    expect(found(parts, 'format', 'age')?.explanation).toMatch(
      /^100 % of the reference were whole numbers; \d+ % of/,
    );
    const copies = after([window(), window({ copies: 0.4 }), window({ copies: 0.4 })]);
    expect(found(copies, 'duplicates')).toMatchObject({ state: 'ALERT', statistic: 'same_minute' });
    expect(found(copies, 'duplicates')?.explanation).toMatch(
      /repeat another row of the same minute, \d\.?\d* % in/,
    );
  });

  it('wait for thirty rows, as everything does', () => {
    const few = { ...window(), measures: { [order.name]: rate(1, 20) } };
    expect(found(after([few]), 'pair_rule')).toMatchObject({ state: 'INSUFFICIENT', n: 20 });
    expect(found(after([few, few]), 'pair_rule')).toMatchObject({ state: 'ALERT', n: 40 });
  });

  it('keep the budget: a hundred and forty for thirty days, from never broken to one row in fifty', () => {
    const rates = [0, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.02];
    const rules = Array.from({ length: 140 }, (_, i) => ({
      ...order,
      name: `r${i}`,
      statistic: `a${i} <= b${i}`,
    }));
    const calm = (hour: number): WindowProfile => {
      // Nights break rules more often than days, in the reference as afterwards.
      const season = 1 + 0.5 * Math.sin((2 * Math.PI * hour) / 24);
      const measures = rules.map(
        ({ name }, i) => [name, rate((rates[i % rates.length] ?? 0) * season, 200)] as const,
      );
      return { ...EMPTY, predictions: 200, measures: Object.fromEntries(measures) };
    };
    const windows = Array.from({ length: 24 * DAYS }, (_, hour) => calm(hour));
    const reference = syntheticBaseline({}, windows, { rules });
    const held = { model, baseline: reference, fitted: fitBaseline(model, reference) };
    expect(held.fitted.series.filter(({ status }) => status === 'armed').length).toBeGreaterThan(135);
    const opened = new Set<string>();
    let state: SeriesState | null = null;
    for (let hour = 24 * DAYS; hour < 24 * (DAYS + 30); hour += 1) {
      const at = syntheticWindow(hour, '2');
      const budget = { pageDays: 30, noticeDays: 3, share: 1 };
      const output = runChecks({ ...held, window: at, profile: calm(hour), state, budget });
      state = output.state;
      for (const { check, statistic } of alerts(output.results))
        if (check === 'pair_rule') opened.add(statistic);
    }
    expect(opened.size).toBeLessThanOrEqual(1);
  });

  it('share one part of the budget, however many there are', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({
      ...order,
      name: `r${i}`,
      statistic: `a${i} <= b${i}`,
    }));
    const budget = { budget: { pageDays: 30, noticeDays: 3, share: 1 }, windowMs: HOUR };
    const nulls = (rules: readonly Constraint[]) => {
      const windows = baseline.windows.map(({ profile }) => ({
        ...profile,
        measures: Object.fromEntries(rules.map(({ name }) => [name, rate(0, 50)])),
      }));
      const { series } = fitBaseline(model, syntheticBaseline(FEATURES, windows, { rules }));
      const inflows = allotBudget(series, [], budget);
      return inflows[series.findIndex(({ check }) => check === 'null_rate')]?.page ?? 0;
    };
    const without = nulls([]);
    expect(without).toBeGreaterThan(0);
    expect(nulls([order])).toBeGreaterThan(0.7 * without);
    expect(nulls(many)).toBeCloseTo(nulls([order]), 12);
  });
});

describe('stuck', () => {
  const constant = (x: number, rows = ROWS) =>
    numericProfile(
      Array.from({ length: rows }, () => x),
      NORMAL_EDGES,
    );

  it('tells a numeric feature and a category that never change', () => {
    const results = after([window({ x: constant(0.42) })]);
    expect(found(results, 'stuck', 'x')).toMatchObject({
      state: 'ALERT',
      explanation: 'stuck: all 500 values are 0.42; every window of the reference had several',
    });
    const region = after([window({ region: categoricalProfile([ROWS, 0]) })]);
    expect(found(region, 'stuck', 'region')?.explanation).toMatch(/^stuck: all 500 values are "north"/);
  });

  it('says nothing of few rows, nor of what chance may do', () => {
    expect(found(after([window({ x: constant(0.42, 60) }, 60)]), 'stuck', 'x')).toMatchObject({
      state: 'INSUFFICIENT',
    });
    const rare = Array.from({ length: 24 * DAYS }, () =>
      window({ x: numericProfile([...Array<number>(499).fill(0), 5], NORMAL_EDGES) }),
    );
    const seldom = syntheticBaseline(FEATURES, rare, { rules: RULES });
    expect(stuckOn(seldom, constant(0))).toMatchObject({ state: 'OK' });
  });

  it('leaves alone what was constant in a window of the reference', () => {
    const windows = baseline.windows.map(({ profile }, i) =>
      i === 40 ? window({ x: constant(1) }) : profile,
    );
    expect(stuckOn(syntheticBaseline(FEATURES, windows, { rules: RULES }), constant(0.42))).toBeUndefined();
  });

  function stuckOn(against: WholeBaseline, x: FeatureProfile): CheckResult | undefined {
    const at = syntheticWindow(24 * DAYS);
    const budget = { pageDays: 30, noticeDays: 3, share: 1 };
    const input = {
      model,
      baseline: against,
      fitted: fitBaseline(model, against),
      window: at,
      state: null,
      budget,
    };
    return found(runChecks({ ...input, profile: window({ x }) }).results, 'stuck', 'x');
  }
});

describe('freshness', () => {
  it('alerts when a silence is longer than the reference allows, and ends with the first row', () => {
    expect(found(after([window(), EMPTY, EMPTY]), 'freshness')).toMatchObject({ state: 'OK', value: 7200 });
    const silent = found(after([window(), EMPTY, EMPTY, EMPTY]), 'freshness');
    expect(silent).toMatchObject({
      state: 'ALERT',
      value: 10_800,
      explanation: `no predictions since ${minuteText(new Date(START.getTime() + (24 * DAYS + 1) * HOUR))} UTC; by the reference, 2.5 h is too long`,
      since: new Date(START.getTime() + (24 * DAYS + 1) * HOUR),
    });
    expect(found(after([window(), EMPTY, EMPTY, EMPTY, window()]), 'freshness')).toMatchObject({
      state: 'OK',
    });
  });

  it('does not miss a version that another one took over from', () => {
    expect(
      found(after([window(), EMPTY, EMPTY, EMPTY], 'version 3 has taken over'), 'freshness'),
    ).toMatchObject({
      state: 'OK',
      explanation: 'silent: version 3 has taken over',
    });
  });
});

describe('a change of the schema', () => {
  it('is told with what it took away and what it brought', () => {
    const gone = { kind: 'numeric', rows: ROWS, n: 0, nulls: 0, missing: ROWS, mistyped: 0, sum: 0, sumSquares: 0, min: 0, max: 0, bins: [] } as const; // prettier-ignore
    const changed = { ...window({ x: gone }), unknownFeatures: ['y'] };
    const results = after([changed]);
    const note = 'version 2 sends another set of features: without x, with y';
    expect(found(results, 'null_rate', 'x')?.explanation).toBe(`missing from all 500 predictions; ${note}`);
    expect(found(results, 'unknown_feature', 'y')?.explanation).toContain(note);
    expect(found(after([window({ x: gone })]), 'null_rate', 'x')?.explanation).toBe(
      'missing from all 500 predictions',
    );
  });

  it('names as many new features as the model file allows, and says what is beyond', () => {
    const names = Array.from({ length: 300 }, (_, i) => `customer_${1000 + i}`);
    const results = after([{ ...window(), unknownFeatures: names }]).filter(
      ({ check }) => check === 'unknown_feature',
    );
    expect(results.filter(({ statistic }) => statistic === 'present')).toHaveLength(200);
    expect(results.at(-1)).toMatchObject({ feature: null, statistic: 'beyond', value: 100, state: 'NOTICE' });
    expect(results.at(-1)?.explanation).toMatch(/at least 300 names .* customer_1200, customer_1201,/);
  });
});

import { describe, expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../../test/support/synthetic-model.js';
import type { WholeBaseline } from '../domain/baseline.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const REFERENCE = 24 * 14;
const BUDGET = { pageDays: 30, noticeDays: 3, share: 1 };
const model = syntheticModel();

const uniform = lcg(2024);
const normal = normals(uniform);
const binomial = (n: number, p: number) => Array.from({ length: n }, uniform).filter((u) => u < p).length;

const selection = (group: string, among: 'all' | 'deserving'): Constraint => ({
  rule: 'selection', name: `${among}:${group}`, check: among === 'all' ? 'fairness' : 'group_errors', feature: `sex=${group}`,
  statistic: among === 'all' ? 'selection_ratio' : 'true_positive_difference', attribute: 'sex', group, among, outcome: 'yes',
  otherwise: false, byScore: true, ...(among === 'all' ? {} : { needsLabels: true as const }),
}); // prettier-ignore
const column = (feature: string) => ({ kind: 'numeric' as const, feature, mean: 0, sd: 1 });
const RULES: readonly Constraint[] = [
  ...(['f', 'm'] as const).flatMap((group) => [selection(group, 'all'), selection(group, 'deserving')]),
  { rule: 'correlation', name: 'r', check: 'multivariate', feature: null, statistic: 'correlation:a~b', every: 1, a: column('a'), b: column('b') },
  { rule: 'attribution', name: 'phi', check: 'attribution_drift', feature: 'a', statistic: 'share', of: 'a' },
  { rule: 'classifier', name: 'c', check: 'multivariate', feature: null, statistic: 'domain_classifier', columns: [{ feature: 'a', category: null }], sample: '' },
]; // prettier-ignore

interface World {
  readonly women: number;
  readonly recall: number;
  readonly correlation: number;
  readonly share: number;
  readonly auc: number;
}
const CALM: World = { women: 0.5, recall: 0.7, correlation: 0.6, share: 0.4, auc: 0.5 };

function windowOf({ women, recall, correlation, share, auc }: World): WindowProfile {
  const rates = (n: number, p: number, q: number) => [binomial(n, p), binomial(n, q)] as const;
  const [f, m] = rates(150, women, 0.5);
  const [tf, tm] = rates(80, recall, 0.7);
  const both = (hits: number, otherHits: number, n: number): Measure => ({ kind: 'rates', hits, trials: n, otherHits, otherTrials: n }); // prettier-ignore
  const pair = { kind: 'pair' as const, n: 300, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
  for (let i = 0; i < pair.n; i += 1) {
    const x = normal();
    const y = correlation * x + Math.sqrt(1 - correlation ** 2) * normal();
    pair.sumX += x;
    pair.sumY += y;
    pair.sumXX += x * x;
    pair.sumYY += y * y;
    pair.sumXY += x * y;
  }
  const parts = Array.from({ length: 300 }, () => share + 0.1 * normal());
  const sum = (of: (x: number) => number) => parts.reduce((total, x) => total + of(x), 0);
  return {
    predictions: 300,
    features: {},
    unknownFeatures: [],
    performance: NO_LABELS,
    measures: {
      'all:f': both(f, m, 150),
      'all:m': both(m, f, 150),
      'deserving:f': both(tf, tm, 80),
      'deserving:m': both(tm, tf, 80),
      r: pair,
      phi: { kind: 'mean', n: 300, sum: sum((x) => x), sumSquares: sum((x) => x * x) },
      c: { kind: 'value', y: auc + 0.02 * normal(), v: 0.0005, n: 300, leading: ['a'] },
    },
  };
}

const baseline: WholeBaseline = {
  ...syntheticBaseline(
    {},
    Array.from({ length: REFERENCE }, () => windowOf(CALM)),
  ),
  rules: RULES,
  reference: windowOf(CALM),
};
const fitted = fitBaseline(model, baseline);

/** The series that alert in these windows after the reference, by check, feature and statistic. */
function alerts(worlds: readonly World[]): string[] {
  const found = new Set<string>();
  let state: SeriesState | null = null;
  worlds.forEach((world, i) => {
    const window = syntheticWindow(REFERENCE + i);
    const out = runChecks({
      model,
      baseline,
      fitted,
      window,
      profile: windowOf(world),
      state,
      budget: BUDGET,
    });
    state = out.state;
    for (const result of out.results)
      if (result.state === 'ALERT') found.add(`${result.check}|${result.feature ?? ''}|${result.statistic}`);
  });
  return [...found].toSorted();
}

describe('groups and features that are compared', () => {
  const hours = (n: number, change: Partial<World>) =>
    Array.from({ length: n }, () => ({ ...CALM, ...change }));

  it('are quiet through three weeks in which nothing changes', () => {
    expect(alerts(hours(500, {}))).toEqual([]);
  });

  it.each<[string, Partial<World>, string[]]>([
    ['a group that is selected less often', { women: 0.3 }, ['fairness|sex=f|selection_ratio']],
    [
      'a group that is selected more often is the others selected less',
      { women: 0.7 },
      ['fairness|sex=m|selection_ratio'],
    ],
    ['a group whose good cases are missed', { recall: 0.4 }, ['group_errors|sex=f|true_positive_difference']],
    ['a correlation that fades', { correlation: 0.2 }, ['multivariate||correlation:a~b']],
    ['a feature the model leans on less', { share: 0.35 }, ['attribution_drift|a|share']],
    ['windows a classifier can tell', { auc: 0.65 }, ['multivariate||domain_classifier']],
  ])('alert where there is %s, and nothing else does', (_, change, expected) => {
    expect(alerts(hours(24, change))).toEqual(expected);
  });

  it('say nothing of a correlation in an hour in which two rows have both values', () => {
    const two: Measure = { kind: 'pair', n: 2, sumX: 0, sumY: 0, sumXX: 2, sumYY: 2, sumXY: -2 };
    const hour = windowOf(CALM);
    const profile = { ...hour, measures: { ...hour.measures, r: two } };
    const window = syntheticWindow(REFERENCE);
    const { results } = runChecks({ model, baseline, fitted, window, profile, state: null, budget: BUDGET });
    expect(results.find(({ statistic }) => statistic === 'correlation:a~b')).toMatchObject({
      state: 'INSUFFICIENT',
      value: null,
      n: 2,
    });
  });
});

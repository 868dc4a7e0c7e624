import { expect, it } from 'vitest';
import { says } from '../../test/support/incident-log.js';
import type { WholeBaseline } from '../domain/baseline.js';
import type { NumericProfile } from '../domain/profile.js';
import { rowsOf, withMeans, type MeansOf } from './with-means.js';

const profile = (n: number, mean: number, sd: number): NumericProfile => ({
  kind: 'numeric',
  rows: n,
  n,
  nulls: 0,
  missing: 0,
  mistyped: 0,
  min: 0,
  max: 1e6,
  bins: [n],
  sum: n * (mean - 50),
  sumSquares: n * ((mean - 50) ** 2 + sd ** 2),
});
const reference = { features: { age: profile(1000, 50, 10) } };
const baseline = {
  features: { age: { kind: 'numeric', centre: 50 } },
  reference,
} as unknown as WholeBaseline;

const nothing = { features: {}, measures: {}, pending: undefined };

it('the distance of the true mean stands beside what was judged of a feature’s values, in breaches alone', () => {
  const said = [
    says({ feature: 'age', effect: 2.4 }),
    says({ feature: 'age', outcome: 'clear' }),
    says({ feature: 'age', check: 'null_rate' }),
    says({ feature: 'unknown' }),
  ];
  const [drifted, ...others] = withMeans(
    said,
    { ...nothing, features: { age: profile(40, 5000, 900) } },
    baseline,
  );
  expect(drifted?.effects).toEqual({ location: 2.4, mean: 495 });
  expect(others).toEqual(said.slice(1));
});

it('the shares of a categorical feature that moved most stand beside it, in percentage points', () => {
  const counted = (counts: readonly number[], other: number) => ({ kind: 'categorical', rows: 100, n: 100, nulls: 0, missing: 0, mistyped: 0, counts, other, fresh: 0 }); // prettier-ignore
  const known = { kind: 'categorical', categories: ['web', 'branch'] };
  const usual = { features: { channel: known }, reference: { features: { channel: counted([12, 60], 28) } } } as unknown as WholeBaseline; // prettier-ignore
  const now = { channel: counted([31, 41], 28) } as unknown as MeansOf['features'];
  const [told] = withMeans([says({ feature: 'channel', effect: 0.5 })], { ...nothing, features: now }, usual);
  expect(told?.effects).toMatchObject({
    'mix:"web"': expect.closeTo(19, 9),
    'mix:"branch"': expect.closeTo(-19, 9),
  });
});

it('of windows that were put together, all their rows are what a mean is of', () => {
  const pending = { features: { 'drift:age': profile(20, 100, 10) }, performance: null };
  const features = { age: profile(20, 200, 10) };
  const told = { ...says({ feature: 'age', effect: 2 }), restsFrom: new Date(0) };
  const [together] = withMeans([told], { ...nothing, features, pending }, baseline);
  expect(together?.effects).toMatchObject({ mean: expect.closeTo(10, 9) });
  expect(rowsOf(told, features.age, pending)?.n).toBe(40);
  // What rests on its own window is of that alone, whatever waits for another number of the feature.
  expect(rowsOf(says({ feature: 'age' }), features.age, pending)).toBe(features.age);
});

it('what a segment answers is sized in the unit of all rows as well', () => {
  const of = (statistic: string, effect: number) => {
    const said = says({ check: 'segment_drift', feature: null });
    return { ...said, signal: { ...said.signal, segment: 'channel=web' }, statistic, effects: { [statistic]: effect } };
  }; // prettier-ignore
  const answers = {
    features: { 'prediction.score': { kind: 'numeric', centre: 0.5 } },
    reference: { features: { 'prediction.score': profile(1000, 50, 0.2) } },
  } as unknown as WholeBaseline;
  const [score, share, slow] = withMeans(
    [of('mean_score', 0.3), of('share:cat', 12), of('slow_calls', 9)],
    nothing,
    answers,
  );
  expect(score?.effects).toEqual({ mean_score: 0.3, mean: expect.closeTo(1.5, 6) as number });
  expect(share?.effects).toEqual({ 'share:cat': 12, 'mix:"cat"': 12 });
  expect(slow?.effects).toEqual({ slow_calls: 9 });
});

it('the rows of a segment have by how much their share of all rows is another one beside them', () => {
  const rows = (n: number, otherN: number) => ({ kind: 'sides', n, sum: n, sumSquares: n, otherN, otherSum: otherN, otherSquares: otherN }) as const;
  const rule = { rule: 'segment', name: 'rows of web', segment: 'channel=web', counted: { of: 'rows' } };
  const known = { rules: [rule], features: {}, reference: { features: {}, measures: { [rule.name]: rows(200, 800) } } } as unknown as WholeBaseline;
  const said = says({ check: 'segment_drift', feature: null });
  const more = { ...said, signal: { ...said.signal, segment: 'channel=web' }, statistic: 'predictions', effects: { predictions: 60 } };
  const [told] = withMeans([more], { ...nothing, measures: { [rule.name]: rows(32, 68) } }, known);
  expect(told?.effects).toEqual({ predictions: 60, share_of_rows: expect.closeTo(12, 9) as number });
}); // prettier-ignore

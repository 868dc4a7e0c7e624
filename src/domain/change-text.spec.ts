import { describe, expect, it } from 'vitest';
import { changeOf, type Known, type Usual } from './change-text.js';
import type { CheckName } from './check-result.js';
import { beginCourse, continueCourse } from './incident-course.js';
import { extentText } from './incident-facts.js';
import { effectText } from './statistic-text.js';

const HOUR = 3_600_000;
const knows = (usual: Usual): Known => ({ usual: () => usual, shares: () => null, rowShare: () => null });
const nobody: Known = { usual: () => null, shares: () => null, rowShare: () => null };
const amount = knows({ mean: 9189, sd: 4900, unit: 'EUR' });
const area = knows({ mean: 70, sd: 24, unit: 'm²' });

/** Two windows with these effects. */
function found(check: CheckName, statistic: string, effect: number, effects: Record<string, number>) {
  const shown = (hour: number) => ({ from: new Date((hour - 1) * HOUR), to: new Date(hour * HOUR), statistic, effect, effects, n: 50, since: null }); // prettier-ignore
  const course = continueCourse(beginCourse(shown(1)), shown(2), false);
  const signal = { model: 'm', version: '1', check, segment: '', feature: 'amount' };
  return { signal, statistic, value: effect, effect, course };
}

describe('from what to what, of values that left the histogram of their reference', () => {
  it('is told by the true mean, and so is the size', () => {
    const hundredfold = found('feature_drift', 'location', 1.99, { mean: 188 });
    expect(changeOf(hundredfold, amount)).toBe('≈ 9\u202f189 → ≈ 930\u202f000 EUR (× 100)');
    // One change has one factor: the check says which unit it is.
    const cents = {
      ...hundredfold,
      readAs: [{ kind: 'converted', change: '× 100', factor: 100, units: 'EUR → cents' }] as const,
    };
    expect(changeOf(cents, amount)).toBe('≈ 9\u202f189 → ≈ 930\u202f000 EUR');
    expect(extentText('feature_drift', hundredfold.course)).toBe(
      'far outside the reference, +188 sd over 2 windows in 2 h',
    );
    const spread = found('feature_drift', 'scale', 0.18, { location: 1.9, mean: 188 });
    expect(extentText('feature_drift', spread.course)).toBe(
      'far outside the reference, +188 sd over 2 windows in 2 h',
    );
    expect(changeOf(spread, amount)).toContain('≈ 930');
    const outside = found('out_of_range', 'windows', 100, { mean: 28.5 });
    expect(changeOf(outside, area)).toBe('≈ 70 → ≈ 754 m² (× 10.8)');
  });

  it('is no multiple of a mean that is next to nothing', () => {
    const residual = knows({ mean: 0.01, sd: 3, unit: null });
    expect(changeOf(found('feature_drift', 'location', 2, { mean: 2.9 }), residual)).toBe('≈ 0.01 → ≈ 8.71');
  });

  it('is more than the histogram sees where the sums are not known', () => {
    const huge = found('feature_drift', 'location', 2.7, {});
    expect(changeOf(huge, area)).toBe('≈ 70 → more than 135 m²');
    expect(extentText('feature_drift', huge.course)).toBe('at least +2.7 sd over 2 windows in 2 h');
  });

  it('stays what was judged where a season or a long tail moves the mean', () => {
    for (const mean of [1.2, -0.4, -5]) {
      const drifted = found('feature_drift', 'location', 0.5, { mean });
      expect(changeOf(drifted, area)).toBe('≈ 70 → ≈ 82 m²');
      expect(extentText('feature_drift', drifted.course)).toBe('+0.5 sd over 2 windows in 2 h');
    }
  });

  it('is as measured where so many standard deviations from the mean are where no value is', () => {
    const score = knows({ mean: 0.303, sd: 0.184, unit: null });
    const gone = found('output_drift', 'location', -2.57, { mean: -1.54 });
    expect(changeOf(gone, score)).toBe('≈ 0.303 → ≈ 0.0196 (× 0.0648)');
    expect(extentText('output_drift', gone.course)).toBe('−1.54 sd over 2 windows in 2 h');
    const lower = found('output_drift', 'location', -1.9, { mean: -1.5 });
    expect(changeOf(lower, score)).toBe('≈ 0.303 → ≈ 0.027 (× 0.0891)');
  });

  it('is the mean of scores whose shape or spread is another one, beside how large that is', () => {
    const score = knows({ mean: 0.303, sd: 0.184, unit: null });
    for (const statistic of ['shape', 'scale']) {
      const one = found('output_drift', statistic, 0.9, { mean: 0.6 });
      const drifted = { ...one, signal: { ...one.signal, feature: 'prediction.score' } };
      expect(changeOf(drifted, score)).toBe('mean ≈ 0.303 → ≈ 0.413');
      // What one window said last may be of something else.
      expect(changeOf({ ...drifted, statistic: 'tail' }, score)).toBe('mean ≈ 0.303 → ≈ 0.413');
    }
    expect(extentText('output_drift', found('output_drift', 'shape', 0.34, { mean: 0.6 }).course, true)).toBe(
      "a medium change of shape (Cohen's w 0.34) over 2 windows in 2 h",
    );
    expect(changeOf(found('feature_drift', 'shape', 0.34, { mean: 0.6 }), area)).toBe(
      'mean ≈ 70 → ≈ 84.4 m²',
    );
    // The spread of a feature is a multiple of what it was already.
    expect(changeOf(found('feature_drift', 'scale', 0.9, { mean: 0.1 }), area)).toBeNull();
    expect(changeOf(found('output_drift', 'shape', 0.34, {}), score)).toBeNull();
  });

  it('is of a metric from what was expected to what it is over all windows', () => {
    const worse = { ...found('performance', 'log_loss', 0.409, {}), value: 0.881, effect: 0.486 };
    expect(changeOf(worse, area)).toBe('log loss 0.395 → 0.804');
    expect(changeOf({ ...worse, value: null }, area)).toBeNull();
  });

  it('is of a distance of inputs together from what is usual to what it is, with the rows that it is the mean of', () => {
    const farther = { ...found('multivariate', 'reconstruction_error', 0.9, {}), value: 2.1, effect: 1.05 };
    expect(changeOf(farther, area)).toBe('distance from the usual directions 1.05 → 1.95, on 100 rows');
    const apart = { ...found('multivariate', 'correlation:age~income', -0.5, {}), value: 0.1 };
    expect(changeOf(apart, area)).toBe('correlation of age and income 0.6 → 0.1, on 100 rows');
    const told = { ...found('multivariate', 'domain_classifier', 0.13, {}), value: 0.63 };
    expect(changeOf(told, area)).toBe(
      'how well a classifier tells the rows from the reference (AUC) 0.5 → 0.63, on 100 rows',
    );
    const scores = { ...found('segment_drift', 'mean_score', 0.2, {}), value: 0.5 };
    expect(changeOf(scores, area)).toBe('mean score 0.3 → 0.5');
  });

  it('is of the rows of a segment with their share of all rows, where that is known', () => {
    const more = {
      ...found('segment_drift', 'predictions', 60, { share_of_rows: 12 }),
      value: 1600,
      effect: 60,
    };
    const web = { ...more, signal: { ...more.signal, feature: null, segment: 'channel=web' } };
    expect(changeOf(web, nobody)).toBe('1\u202f000 → 1\u202f600 predictions a window');
    const known = { ...nobody, rowShare: (segment: string) => (segment === 'channel=web' ? 0.2 : null) };
    expect(changeOf(web, known)).toBe(
      '1\u202f000 → 1\u202f600 predictions a window, 20 % → 32 % of all rows',
    );
  });

  it('counts a share as its check does: an expected error rate is a part of one', () => {
    const worse = { ...found('estimated_performance', 'error_rate', 0.056, {}), value: 0.32 };
    expect(changeOf(worse, area)).toBe('error rate 26 % → 32 %');
  });

  it('is of the shares that moved most over all windows, where a mix of categories is another', () => {
    const shares = () => new Map([['"web"', 0.12], ['"branch"', 0.6], ['"phone"', 0.28]]); // prettier-ignore
    const mixed = found('feature_drift', 'shape', 0.848, { 'mix:"web"': 19, 'mix:"branch"': -21, 'mix:"phone"': 2 });
    expect(changeOf(mixed, { ...nobody, shares })).toBe('share of "branch" 60 % → 39 %, of "web" 12 % → 31 %');
    expect(extentText('feature_drift', mixed.course)).toBe('share of "branch" −21 percentage points over 2 windows in 2 h');
    expect(changeOf(mixed, nobody)).toBeNull();
    const form = found('feature_drift', 'shape', 0.848, {});
    expect(extentText('feature_drift', form.course)).toBe("a large change of shape (Cohen's w 0.848) over 2 windows in 2 h");
  }); // prettier-ignore

  it('is not said of a few values far out, which move no mean: those are told by the windows that have them', () => {
    const some = found('out_of_range', 'windows', 40, { mean: 0.2 });
    expect(extentText('out_of_range', some.course)).toBe('in 40 % of 2 windows in 2 h');
    expect(extentText('out_of_range', found('out_of_range', 'windows', 99.8, {}).course)).toBe(
      'in 2 windows in 2 h',
    );
    expect(changeOf(found('out_of_range', 'windows', 100, { mean: 0.2 }), area)).toBeNull();
  });
});

describe('from what to what, of numbers of rows', () => {
  const volume = (value: number, effect: number) => changeOf({ ...found('volume', 'count', effect, {}), value }, area);

  it('has the decimals of what was expected that the change beside it needs', () => {
    expect(effectText('volume', 'count', 100 * (180 / 30.35 - 1))).toBe('+493 %');
    expect(volume(180, 100 * (180 / 30.35 - 1))).toBe('30.35 → 180 predictions a window');
    expect(volume(90, -50)).toBe('180 → 90 predictions a window');
    expect(volume(0, -99.9)).toBe('0 → 0 predictions a window');
  });
}); // prettier-ignore

import { describe, expect, it } from 'vitest';
import { NO_LABELS, type PerformanceProfile } from '../domain/profile.js';
import { compareVersions } from './compare-versions.js';

/** `n` rows with this mean loss and a standard deviation of half of it. */
const performance = (n: number, loss: number): PerformanceProfile => ({
  ...NO_LABELS,
  labelled: n,
  correct: Math.round(n * (1 - loss / 2)),
  lossRows: n,
  lossSum: n * loss,
  lossSquares: n * loss * loss * 1.25,
});

describe('compareVersions', () => {
  const compare = (own: PerformanceProfile, other: PerformanceProfile, answers = false) =>
    compareVersions(
      'binary',
      { challenger: { version: '8', performance: own }, champion: { version: '7', performance: other } },
      answers,
    );

  it.each<[string, PerformanceProfile, PerformanceProfile, boolean, readonly [string, RegExp]]>([
    ['a better one', performance(1000, 0.4), performance(1000, 0.5), false, ['PROMOTE', /8 is better/]],
    ['a worse one', performance(1000, 0.6), performance(1000, 0.5), false, ['KEEP', /7 is better/]],
    [
      'a worse one that answers already',
      performance(1000, 0.6),
      performance(1000, 0.5),
      true,
      ['ROLL_BACK', /7 is better/],
    ],
    [
      'a better one that answers already',
      performance(1000, 0.4),
      performance(1000, 0.5),
      true,
      ['KEEP', /8 is better/],
    ],
    ['one as good', performance(1000, 0.5), performance(1000, 0.5), false, ['WAIT', /no sure difference/]],
    ['one with few labels', performance(199, 0.1), performance(1000, 0.5), false, ['WAIT', /8 has 199/]],
  ])('says of %s what to do', (_what, own, other, answers, [advice, reason]) => {
    expect(compare(own, other, answers)).toMatchObject({
      advice,
      reason: expect.stringMatching(reason) as string,
      rows: own.labelled,
    });
  });

  it('says how sure it is, and what each metric is', () => {
    // z = 0.01 / √(0.245² / 999 + 0.25² / 999), by hand
    const found = compare(performance(1000, 0.49), performance(1000, 0.5));
    expect(found.certainty).toBeCloseTo(0.8167, 3);
    expect(found.metrics.find(({ metric }) => metric === 'log_loss')).toMatchObject({
      value: 0.49,
      other: 0.5,
    });
  });
});

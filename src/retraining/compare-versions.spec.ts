import { describe, expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';
import { normals } from '../../test/support/random.js';
import { NO_LABELS, type PerformanceProfile } from '../domain/profile.js';
import { compareVersions, type Paired } from './compare-versions.js';

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
  const apart: Paired = { rows: 0, mean: 0, variance: 0 };
  const compare = (own: PerformanceProfile, other: PerformanceProfile, answers = false, paired = apart) =>
    compareVersions(
      'binary',
      {
        challenger: { version: '8', performance: own },
        champion: { version: '7', performance: other },
        paired,
      },
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
    // z = 0.03 / √(0.235² / 999 + 0.25² / 999) = 2.7636; 1 − √6 · exp(−z² / 2.4) / 2, by hand
    const found = compare(performance(1000, 0.47), performance(1000, 0.5));
    expect(found.certainty).toBeCloseTo(0.9492, 3);
    expect(found.advice).toBe('WAIT');
    expect(found.metrics.find(({ metric }) => metric === 'log_loss')).toMatchObject({
      value: 0.47,
      other: 0.5,
    });
  });

  it('is surer of a small difference where both answered the same requests, and never of none', () => {
    const [own, other] = [performance(1000, 0.49), performance(1000, 0.5)];
    const paired = { rows: 1000, mean: -0.01, variance: 0.004 };
    expect(compare(own, other).advice).toBe('WAIT');
    expect(compare(own, other, false, paired)).toMatchObject({
      advice: 'PROMOTE',
      reason: expect.stringContaining('on 1000 requests that both answered: 8 is better') as string,
    });
    expect(compare(own, other, false, { ...paired, mean: 0.01 }).advice).toBe('KEEP');
    expect(compare(own, other, false, { ...paired, rows: 199 }).advice).toBe('WAIT');
    expect(compare(own, other, false, { ...paired, mean: 0 })).toMatchObject({
      advice: 'WAIT',
      certainty: 0.5,
    });
  });

  it('is rarely sure of two that are alike, however often one looks', () => {
    const normal = normals(lcg(7));
    let sure = 0;
    for (let run = 0; run < 100; run += 1) {
      let [rows, sum, squares] = [0, 0, 0];
      let isSure = false;
      while (rows < 5000 && !isSure) {
        const difference = normal();
        [rows, sum, squares] = [rows + 1, sum + difference, squares + difference * difference];
        if (rows < 200) continue;
        const mean = sum / rows;
        const paired = { rows, mean, variance: (squares - rows * mean * mean) / (rows - 1) };
        isSure = compare(performance(rows, 0.5), performance(rows, 0.5), false, paired).advice !== 'WAIT';
      }
      sure += Number(isSure);
    }
    expect(sure).toBeLessThanOrEqual(10);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lcg } from './lcg.js';
import { rateGapComponent } from './rate-gap-component.js';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../test/vectors/${name}.json`, import.meta.url), 'utf8')) as never;
const { fairness: rows } = read('arrays') as {
  fairness: { y_true: readonly number[]; y_pred: readonly number[]; group: readonly string[] };
};
const { fairness: fairlearn } = read('misc') as {
  fairness: { by_group: Record<string, Record<string, number>> };
};

const counted = (keep: (i: number) => boolean) => {
  const of = rows.y_pred.map((_, i) => i).filter(keep);
  return { successes: of.filter((i) => rows.y_pred[i] === 1).length, trials: of.length };
};

const cohensH = (p: number, q: number) => 2 * Math.asin(Math.sqrt(p)) - 2 * Math.asin(Math.sqrt(q));

describe('gaps between groups', () => {
  it.each(['A', 'B', 'C'])('%s against the others follows from the rates fairlearn gives', (group) => {
    const own = counted((i) => rows.group[i] === group);
    const others = counted((i) => rows.group[i] !== group);
    const rate = fairlearn.by_group[group]!['selection_rate']!;
    expect(own.successes / own.trials).toBeCloseTo(rate, 9);
    expect(rateGapComponent(own, others)!.y).toBeCloseTo(cohensH(rate, others.successes / others.trials), 3);
  });

  it.each(['A', 'B', 'C'])('so does the true positive rate of %s', (group) => {
    const own = counted((i) => rows.group[i] === group && rows.y_true[i] === 1);
    const others = counted((i) => rows.group[i] !== group && rows.y_true[i] === 1);
    const rate = fairlearn.by_group[group]!['tpr']!;
    expect(own.successes / own.trials).toBeCloseTo(rate, 9);
    expect(rateGapComponent(own, others)!.y).toBeCloseTo(cohensH(rate, others.successes / others.trials), 2);
  });

  it.each([0.1, 0.3, 0.7])('have the variance they claim, also where a group has a rate of %f', (rate) => {
    const uniform = lcg(4);
    const draw = (trials: number, p: number) => ({
      successes: Array.from({ length: trials }, uniform).filter((u) => u < p).length,
      trials,
    });
    const gaps = Array.from({ length: 1500 }, () => rateGapComponent(draw(80, rate), draw(300, 0.4))!);
    const mean = gaps.reduce((sum, { y }) => sum + y, 0) / gaps.length;
    const spread = gaps.reduce((sum, { y }) => sum + (y - mean) ** 2, 0) / gaps.length;
    expect(spread / gaps[0]!.v).toBeGreaterThan(0.85);
    expect(spread / gaps[0]!.v).toBeLessThan(1.15);
  });

  it('are finite where nobody is selected, and unknown where nobody is there', () => {
    const none = rateGapComponent({ successes: 0, trials: 50 }, { successes: 200, trials: 400 })!;
    expect(none.y).toBeLessThan(-1);
    expect(rateGapComponent({ successes: 0, trials: 0 }, { successes: 2, trials: 4 })).toBeNull();
  });
});

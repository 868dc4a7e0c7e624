import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { impactRatio } from './impact-ratio.js';
import { lcg } from './lcg.js';
import { rateDifferenceComponent } from './rate-difference-component.js';
import { rateRatioComponent } from './rate-ratio-component.js';

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

describe('gaps between groups', () => {
  it.each(['A', 'B', 'C'])(
    '%s against the others is the logarithm of the ratio of the rates fairlearn gives',
    (group) => {
      const own = counted((i) => rows.group[i] === group);
      const others = counted((i) => rows.group[i] !== group);
      expect(own.successes / own.trials).toBeCloseTo(fairlearn.by_group[group]!['selection_rate']!, 9);
      const { y, v } = rateRatioComponent(own, others)!;
      const { ratio, logVariance } = impactRatio(own, others);
      expect(y).toBeCloseTo(Math.log(ratio), 2);
      expect(v / logVariance).toBeCloseTo(1, 1);
    },
  );

  it.each(['A', 'B', 'C'])(
    'the true positive rate of %s differs from that of the others by what the rows say',
    (group) => {
      const own = counted((i) => rows.group[i] === group && rows.y_true[i] === 1);
      const others = counted((i) => rows.group[i] !== group && rows.y_true[i] === 1);
      expect(own.successes / own.trials).toBeCloseTo(fairlearn.by_group[group]!['tpr']!, 9);
      const { y } = rateDifferenceComponent(own, others)!;
      expect(Math.abs(y - (own.successes / own.trials - others.successes / others.trials))).toBeLessThan(
        0.01,
      );
    },
  );

  it('have the variance they claim', () => {
    const uniform = lcg(4);
    const draw = (trials: number, rate: number) => ({
      successes: Array.from({ length: trials }, uniform).filter((u) => u < rate).length,
      trials,
    });
    const pairs = Array.from({ length: 1500 }, () => [draw(80, 0.3), draw(300, 0.4)] as const);
    for (const component of [rateRatioComponent, rateDifferenceComponent]) {
      const zs = pairs.map(([a, b]) => component(a, b)!);
      const mean = zs.reduce((sum, { y }) => sum + y, 0) / zs.length;
      const spread = zs.reduce((sum, { y }) => sum + (y - mean) ** 2, 0) / zs.length;
      const claimed = zs.reduce((sum, { v }) => sum + v, 0) / zs.length;
      expect(spread / claimed).toBeGreaterThan(0.85);
      expect(spread / claimed).toBeLessThan(1.15);
    }
  });

  it('are finite where nobody is selected, and unknown where nobody is there', () => {
    const none = rateRatioComponent({ successes: 0, trials: 50 }, { successes: 200, trials: 400 })!;
    expect(Number.isFinite(none.y) && none.v > 0).toBe(true);
    expect(rateRatioComponent({ successes: 0, trials: 0 }, { successes: 2, trials: 4 })).toBeNull();
    expect(
      rateDifferenceComponent({ successes: 0, trials: 50 }, { successes: 0, trials: 50 })!.v,
    ).toBeGreaterThan(0);
  });
});

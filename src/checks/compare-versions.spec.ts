import { describe, expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { NO_ANSWERS, type Outcome } from '../domain/outcome.js';
import type { VersionPairs } from '../domain/version-comparison.js';
import { compareVersions } from './compare-versions.js';

const model = Model.parse({ key: 'loan', task: 'binary', positive: 'bad' });

/** `n` labelled rows with this mean loss and a standard deviation of half of it. */
const outcome = (n: number, loss: number): Outcome => ({
  answered: n,
  labelled: n,
  sums: {
    truePositives: n / 2, trueNegatives: n / 2, falsePositives: 0, falseNegatives: 0,
    losses: n, loss: n * loss, lossSquares: n * loss * loss * 1.25, scored: 0, brier: 0, brierSquares: 0,
  },
  cells: {}, classRows: {}, classHits: {}, positives: {}, negatives: {}, scores: {}, answers: {}, answerScores: {}, delays: {},
}); // prettier-ignore

/** Requests of which both were labelled, with a loss of a half by the other one and this mean difference of the loss and a standard deviation of a tenth. */
const pairs = (n: number, gap: number): VersionPairs => ({
  requests: 2 * n, agreed: 1.8 * n, labelled: n, onlyOwn: 0.06 * n, onlyOther: 0.02 * n, rightOwn: 0.8 * n, rightOther: 0.76 * n,
  positives: n / 2, positivesOnlyOwn: 0.05 * n, positivesOnlyOther: 0.01 * n, positivesRightOwn: 0.4 * n, positivesRightOther: 0.36 * n,
  losses: n, loss: n * gap, lossSquares: n * (gap * gap + 0.01), lossOwn: n * (0.5 + gap), lossOther: n * 0.5,
  errors: 0, error: 0, errorSquares: 0, errorOwn: 0, errorOther: 0,
}); // prettier-ignore

function compare(own: Outcome, other: Outcome, answers = false, by: readonly [string, VersionPairs][] = []) {
  const of = (version: string, found: Outcome) => ({ version, outcome: found });
  const stretch = { from: new Date(0), to: new Date(1) };
  return compareVersions(
    model,
    {
      stretch,
      own: of('8', own),
      other: of('7', other),
      pairs: new Map(by),
      share: { answered: 1240, traffic: 24_800 },
    },
    answers,
  );
}

describe('compareVersions', () => {
  it('says what an answer costs more, request by request where both answered', () => {
    const costs = { currency: 'EUR', falsePositive: 5, falseNegative: 250 };
    const costly = Model.parse({ key: 'loan', task: 'binary', positive: 'bad', costs });
    const of = (version: string) => ({ version, outcome: outcome(1000, 0.5) });
    const found = (by: readonly [string, VersionPairs][]) =>
      compareVersions(costly, { stretch: { from: new Date(0), to: new Date(1) }, own: of('8'), other: of('7'), pairs: new Map(by), share: { answered: 1240, traffic: 24_800 } }, false)
        .metrics.filter(({ metric }) => metric.startsWith('cost'));
    // 400 of 500 positives right against 360: 40 times 250 EUR less; as many negatives right by both.
    const [paired, ...others] = found([['', pairs(1000, -0.02)]]);
    expect(others).toEqual([]);
    expect(paired).toMatchObject({ metric: 'cost_per_answer', difference: -10, paired: true });
    expect(paired!.value! - paired!.other!).toBeCloseTo(-10, 12);
    expect(paired!.value).toBeCloseTo((250 * 100 + 5 * 100) / 1000, 12);
    // 60 requests differ by 250 EUR, 20 by 5.
    const error = Math.sqrt((60 * 250 ** 2 + 20 * 5 ** 2) / 1000 - 100) / Math.sqrt(1000);
    expect(paired!.high).toBeCloseTo(-10 + 1.96 * error, 2);
    expect(found([])[0]).toMatchObject({ metric: 'cost_per_answer', difference: 0, paired: false });
  }); // prettier-ignore

  it.each<[string, Outcome, Outcome, boolean, readonly [string, RegExp]]>([
    ['a better one', outcome(1000, 0.4), outcome(1000, 0.5), false, ['PROMOTE', /8 is better/]],
    ['a worse one', outcome(1000, 0.6), outcome(1000, 0.5), false, ['KEEP', /7 is better/]],
    ['a worse one that answers already', outcome(1000, 0.6), outcome(1000, 0.5), true, ['ROLL_BACK', /7 is better/]],
    ['a better one that answers already', outcome(1000, 0.4), outcome(1000, 0.5), true, ['KEEP', /8 is better/]],
    ['one as good', outcome(1000, 0.5), outcome(1000, 0.5), false, ['WAIT', /no sure difference/]],
    ['one with few labels', outcome(199, 0.1), outcome(1000, 0.5), false, ['WAIT', /8 has 199/]],
  ])('says of %s what to do', (_what, own, other, answers, [advice, reason]) => {
    expect(compare(own, other, answers)).toMatchObject({
      advice, reason: expect.stringMatching(reason) as string, rows: Math.min(own.labelled, other.labelled),
    });
  }); // prettier-ignore

  it('is sure of a difference on the same requests that rows of their own do not show', () => {
    const [own, other] = [outcome(1000, 0.49), outcome(1000, 0.5)];
    expect(compare(own, other)).toMatchObject({ advice: 'WAIT', agreement: null });
    const found = compare(own, other, false, [
      ['', pairs(1000, -0.02)],
      ['channel=web', { ...pairs(100, 0), agreed: 100 }],
    ]);
    expect(found).toMatchObject({ advice: 'PROMOTE', requests: 2000, agreement: 0.9 });
    expect(found.segments).toEqual([{ segment: 'channel=web', requests: 200, agreement: 0.5 }]);
    expect(found.reason).toMatch(
      /which agree on 90 % of 2.000 requests: 8 is better; 8 answered 5 % of requests \(1.240 of 24.800\)$/,
    );
  });

  it('is sure of it also where every label came under the ids of the other one', () => {
    const found = compare(NO_ANSWERS, outcome(1000, 0.5), false, [['', pairs(1000, -0.02)]]);
    expect(found).toMatchObject({ advice: 'PROMOTE', rows: 1000 });
    expect(found.reason).toMatch(
      /^mean loss 0\.4800 of 8 against 0\.5000 of 7 on 1.000 labelled requests of both, which agree on 90 % of 2.000 requests: 8 is better; 8 answered 5 % of requests \(1.240 of 24.800\)$/u,
    );
    expect(compare(NO_ANSWERS, outcome(1000, 0.5), false, [['', pairs(199, -0.02)]]).advice).toBe('WAIT');
  });

  it('gives every difference an interval: request by request where both answered, else as of independent rows', () => {
    const { metrics } = compare(outcome(1000, 0.49), outcome(1000, 0.5), false, [['', pairs(1000, -0.02)]]);
    const of = (name: string) => metrics.find(({ metric }) => metric === name);
    // 60 only by one, 20 only by the other, of 1000: 0.04 ± 1.96 √(0.08 − 0.0016) / √1000
    expect(of('accuracy')).toMatchObject({ value: 0.8, other: 0.76, difference: 0.04, paired: true });
    expect(of('accuracy')?.low).toBeCloseTo(0.04 - 1.96 * Math.sqrt((0.08 - 0.0016) / 1000), 4);
    expect(of('recall')?.difference).toBeCloseTo(0.08, 12);
    expect(of('specificity')?.difference).toBeCloseTo(0, 12);
    expect(of('precision')).toMatchObject({ difference: 0, paired: false });
    expect(of('precision')?.low).toBeLessThan(0);
  });

  it('says how many labels are wanting, which are fewer the larger the difference', () => {
    const needed = (gap: number) =>
      compare(outcome(1000, 0.5), outcome(1000, 0.5), false, [['', pairs(300, gap)]]).labelsNeeded;
    expect(needed(-0.005)).toBeGreaterThan(needed(-0.01) ?? Infinity);
    expect(needed(-0.01)).toBeGreaterThan(100);
    expect(needed(0)).toBeNull();
    expect(compare(outcome(150, 0.5), outcome(900, 0.5)).labelsNeeded).toBe(50);
  });
});

import { expect, it } from 'vitest';
import { CELL_SEPARATOR, NO_ANSWERS, type Outcome } from '../domain/outcome.js';
import { Model } from '../domain/model.js';
import { DELAY_BINS, delayQuantile, shareWithin } from '../stats/delay-distribution.js';
import { binaryMetrics } from './binary-metrics.js';
import { correctedMetrics, delaysOf, ripeAge } from './delay-correction.js';

const DAY = 86_400;
const AGE = 5 * DAY;
const [PREVALENCE, RECALL, FALLOUT] = [0.05, 0.659, 0.0641];
/** Labels of positives take ten days on average, those of negatives two. */
const MEAN = { '1': 10 * DAY, '0': 2 * DAY } as const;
const came = (name: '1' | '0') => 1 - Math.exp(-AGE / MEAN[name]);

/** Delays that are spread evenly over their distribution. */
function counted(rows: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of ['1', '0'] as const)
    for (let i = 0; i < rows; i += 1) {
      const seconds = Math.max(1, -MEAN[name] * Math.log(1 - (i + 0.5) / rows));
      const place = `${name}${CELL_SEPARATOR}${Math.floor(DELAY_BINS * Math.log(seconds))}`;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  return counts;
}

const ROWS = 100_000;
const positives = ROWS * PREVALENCE * came('1');
const negatives = ROWS * (1 - PREVALENCE) * came('0');
const outcome: Outcome = {
  ...NO_ANSWERS,
  answered: ROWS,
  labelled: Math.round(positives + negatives),
  sums: {
    truePositives: Math.round(positives * RECALL),
    falseNegatives: Math.round(positives * (1 - RECALL)),
    falsePositives: Math.round(negatives * FALLOUT),
    trueNegatives: Math.round(negatives * (1 - FALLOUT)),
  },
  // the positives at a score of 0.8, the negatives at 0.1
  positives: { '139': Math.round(positives) },
  negatives: { '110': Math.round(negatives) },
  scores: { '139': 0.8 * Math.round(positives), '110': 0.1 * Math.round(negatives) },
};
const costs = { currency: 'EUR', falsePositive: 5, falseNegative: 250 };
const MODEL = Model.parse({ key: 'm', task: 'binary', positive: 'bad', costs });

it('labels that come sooner for one class bend precision and prevalence; weighted, they are what they will be', () => {
  const named = (metrics: ReturnType<typeof binaryMetrics>) =>
    Object.fromEntries(metrics.map(({ metric, value }) => [metric, value ?? NaN]));
  const naive = named(binaryMetrics(outcome));
  const delays = delaysOf(counted(20_000))!;
  const corrected = correctedMetrics(MODEL, [{ ageMs: 1000 * AGE, outcome }], delays);
  const now = named(corrected);
  const precision = (PREVALENCE * RECALL) / (PREVALENCE * RECALL + (1 - PREVALENCE) * FALLOUT);
  expect(naive['precision']).toBeCloseTo(0.19, 2);
  expect(naive['prevalence']).toBeCloseTo(0.022, 3);
  expect(now['precision']).toBeCloseTo(precision, 2);
  expect(now['prevalence']).toBeCloseTo(PREVALENCE, 3);
  expect(now['accuracy']).toBeCloseTo(PREVALENCE * RECALL + (1 - PREVALENCE) * (1 - FALLOUT), 3);
  expect(now['brier']).toBeCloseTo(PREVALENCE * 0.04 + (1 - PREVALENCE) * 0.01, 4);
  expect(now['log_loss']).toBeCloseTo(-PREVALENCE * Math.log(0.8) - (1 - PREVALENCE) * Math.log(0.9), 3);
  const each = PREVALENCE * (1 - RECALL) * 250 + (1 - PREVALENCE) * FALLOUT * 5;
  expect(now['cost_per_answer']! / each).toBeCloseTo(1, 1);
  expect(now['cost']! / (ROWS * each)).toBeCloseTo(1, 1);
  for (const { low, high, value, n } of corrected) {
    expect(low!).toBeLessThan(value!);
    expect(high!).toBeGreaterThan(value!);
    expect(n).toBeLessThan(outcome.labelled);
  }
}); // prettier-ignore

it('nothing is corrected by few labels, nor where hardly any of a class can have come', () => {
  expect(delaysOf(counted(90))).toBeNull();
  const delays = delaysOf(counted(2000))!;
  expect(ripeAge(delays) / 1000 / DAY).toBeGreaterThan(45);
  const young = correctedMetrics(MODEL, [{ ageMs: 3_600_000, outcome }], delays);
  expect(young[0]).toMatchObject({ metric: 'accuracy', value: null, state: 'INSUFFICIENT' });
  expect(correctedMetrics(Model.parse({ key: 'm', task: 'regression' }), [], delays)).toEqual([]);
});

it('a class of few labels waits as long as all together; a model of several counts what is right, and what it costs', () => {
  const classes = Model.parse({ key: 'm', task: 'multiclass', costs: { currency: 'EUR', mistake: 1, matrix: { cat: { dog: 7 } } } });
  const at = (name: string, seconds: number) => `${name}${CELL_SEPARATOR}${Math.floor(DELAY_BINS * Math.log(seconds))}`;
  // half of the cats' labels come within an hour, all others at once
  const delays = delaysOf({ [at('cat', 60)]: 500, [at('cat', 360_000)]: 500, [at('dog', 60)]: 1000, [at('emu', 60)]: 10 })!;
  const pair = (actual: string, answered: string) => actual + CELL_SEPARATOR + answered;
  const cells = { [pair('cat', 'dog')]: 50, [pair('dog', 'dog')]: 100 };
  const found = correctedMetrics(classes, [{ ageMs: 3_600_000, outcome: { ...NO_ANSWERS, answered: 200, labelled: 150, cells } }], delays);
  expect(found).toMatchObject([{ metric: 'accuracy', value: 0.5 }, { metric: 'cost_per_answer', value: 3.5 }, { metric: 'cost', value: 700 }]);
}); // prettier-ignore

it('delays are shares by time, and times by share, to the bin', () => {
  const counts = new Map([[0, 1], [46, 3]]); // prettier-ignore
  expect(shareWithin(counts, 60)).toBe(0.25);
  expect(shareWithin(counts, 1e6)).toBe(1);
  expect(shareWithin(new Map(), 60)).toBeNaN();
  expect(delayQuantile(counts, 0.5)).toBeCloseTo(Math.exp(4.7), 12);
});

import { benjaminiHochberg } from '../../src/stats/benjamini-hochberg.js';
import { clopperPearsonInterval } from '../../src/stats/clopper-pearson.js';
import { holm } from './statistics/holm.js';
import { impactRatio } from '../../src/stats/impact-ratio.js';
import { jeffreysInterval } from '../../src/stats/jeffreys.js';
import { newcombeDifference } from '../../src/stats/newcombe.js';
import { type Interval, wilsonInterval } from '../../src/stats/wilson.js';
import { compareWith } from './compare.js';
import { Seeded, times } from './seeded.js';

const seeded = new Seeded(20_240_603);
const confidence = () => [0.9, 0.95, 0.99][seeded.whole(0, 3)] ?? 0.95;
/** Some of some, never none or all: what an end of an exact interval is there is convention. */
const some = () => {
  const trials = seeded.whole(20, 2000);
  return [seeded.whole(1, trials), trials];
};
const proportions = times(40, () => [...some(), confidence()]);
const pairs = times(40, () => [...some(), ...some(), confidence()]);
const pValues = times(12, (i) => [times(1 + 5 * i, () => seeded.uniform(0, 1) ** 4)]);

const ends = ({ lower, upper }: Interval) => [lower, upper];
const of = (interval: (successes: number, trials: number, confidence: number) => Interval) => ({
  ours: (successes: number, trials: number, level: number) => ends(interval(successes, trials, level)),
  relative: 1e-8,
  rows: proportions,
});

compareWith('statsmodels', 'statsmodels.py', {
  holm: { ours: holm, relative: 1e-12, rows: pValues },
  benjaminiHochberg: { ours: benjaminiHochberg, relative: 1e-12, rows: pValues },
  wilsonInterval: of(wilsonInterval),
  clopperPearsonInterval: of(clopperPearsonInterval),
  jeffreysInterval: of(jeffreysInterval),
  newcombeDifference: {
    ours: (s: number, n: number, t: number, m: number, level: number) =>
      ends(newcombeDifference({ successes: s, trials: n }, { successes: t, trials: m }, level)),
    relative: 1e-8,
    rows: pairs,
  },
  impactRatio: {
    ours: (s: number, n: number, t: number, m: number, level: number) =>
      ends(impactRatio({ successes: s, trials: n }, { successes: t, trials: m }, level)),
    relative: 1e-9,
    rows: pairs,
  },
});

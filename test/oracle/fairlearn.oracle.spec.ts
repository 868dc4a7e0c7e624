import { fairnessGaps } from './statistics/fairness-gaps.js';
import { compareWith } from './compare.js';
import { Seeded, times } from './seeded.js';

const seeded = new Seeded(20_240_604);

compareWith('fairlearn', 'fairlearn.py', {
  fairnessGaps: {
    ours: (...groups: [number, number, number, number][]) => {
      const found = fairnessGaps(groups.map(([tp, fp, fn, tn]) => ({ tp, fp, fn, tn })));
      return [
        found.demographicParityRatio,
        found.demographicParityDifference,
        found.equalOpportunityDifference,
        found.equalizedOddsDifference,
        found.equalizedOddsRatio,
      ];
    },
    relative: 1e-9,
    rows: times(20, (i) => times(2 + (i % 4), () => seeded.counts(4))),
  },
});

import type { SeriesModel } from '../../src/checks/series.js';

/** The location of a feature with these means by hour of the week and a spread of a fifth, armed. */
export function seasonalSeries(feature: string, means: readonly number[]): SeriesModel {
  const level = {
    means,
    phi: 0,
    signal: 1,
    levelSpread: { slope: 0, low: 0, high: 0 },
    level: null,
    ranks: [],
    tailDegrees: 60,
    innovationScale: 1,
  };
  const spread = {
    leverage: 0,
    betweenVariance: 0.03,
    usualVariance: 0.04,
    leastVariance: 0,
    beyondRanks: 0,
    margin: 0,
  };
  return {
    key: `feature_drift|${feature}|location`,
    check: 'feature_drift',
    feature,
    statistic: 'location',
    family: 'feature',
    weight: 1,
    signs: [1, -1],
    relevance: { unit: 'scale', size: 0 },
    status: 'armed',
    windows: 720,
    leastChange: 0,
    typical: 9,
    expectedFalseAlerts: null,
    law: { kind: 'seasonal', correction: 1, windows: 720, ...level, ...spread },
  };
}

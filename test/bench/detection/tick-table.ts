import { advanceSeries } from '../../../src/checks/advance-series.js';
import { scoreObservation } from '../../../src/checks/score.js';
import { ARMING_WINDOWS, type Observation, type SeriesModel } from '../../../src/checks/series.js';
import { freshSeries } from '../../../src/checks/series-state.js';
import { gaussian, generator } from './generator.js';
import { SimulatedModel } from './simulated-model.js';
import { WEATHERS } from './weathers.js';

const SERIES = 100_000;
const FEATURES = 25;
const WINDOWS = 200;
const TICKS = 7;

/** Milliseconds of CPU for one window of 100 000 two-sided series, both banks: score, p-values, evidence, change points. */
export function tickMs(): number {
  const random = generator(11);
  const models = Array.from({ length: 64 }, (_, i): SeriesModel => armed(i));
  const observations = Array.from({ length: 4096 }, (): Observation => {
    const y = gaussian(random);
    return { y, v: 0.5, n: 500, value: y, hits: null, trials: 0 };
  });
  const states = Array.from({ length: SERIES }, () => freshSeries(2));
  const inflow = { page: 1e-7, notice: 1e-6, recovery: 1 / 720 };
  const took: number[] = [];
  for (let tick = 0; tick < TICKS; tick += 1) {
    const started = process.cpuUsage();
    for (let i = 0; i < SERIES; i += 1) {
      const model = models[i % models.length];
      const observation = observations[(i * 31 + tick) % observations.length];
      const state = states[i];
      if (!model?.law || !observation || !state) continue;
      const score = scoreObservation(model.law, observation, {
        slot: tick,
        before: state[2] ?? 0,
        lag: 1,
        leastChange: 0,
      });
      advanceSeries(state, {
        model,
        observation,
        score,
        inflow,
        relevant: true,
        pages: true,
        minute: 60 * tick,
      });
    }
    const used = process.cpuUsage(started);
    took.push((used.user + used.system) / 1000);
  }
  return took.toSorted((a, b) => a - b)[Math.floor(TICKS / 2)] ?? Infinity;
}

/** CPU milliseconds to fit 25 features on 28 days of hourly windows, and to check one of their windows. */
export function modelMs(): { readonly fit: number; readonly check: number } {
  const before = process.cpuUsage();
  const simulation = {
    weather: WEATHERS.realistic,
    features: FEATURES,
    rows: 100,
    referenceDays: 28,
    seed: 3,
  };
  const simulated = new SimulatedModel(simulation);
  const fitted = process.cpuUsage(before);
  const start = process.cpuUsage();
  simulated.monitor({ hours: WINDOWS, drifts: 1 }, () => undefined);
  const checked = process.cpuUsage(start);
  const ms = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
  return { fit: ms(fitted), check: ms(checked) / WINDOWS };
}

function armed(i: number): SeriesModel {
  return {
    key: `s${i}`,
    check: 'feature_drift',
    feature: `f${i}`,
    statistic: 'location',
    family: 'feature',
    weight: 1,
    signs: [1, -1],
    relevance: { unit: 'scale', size: 0 },
    status: 'armed',
    windows: ARMING_WINDOWS,
    leastChange: 0,
    typical: 0,
    expectedFalseAlerts: null,
    law: {
      kind: 'seasonal',
      means: Array.from({ length: 168 }, () => 0),
      leverage: 0.05,
      betweenVariance: 0.5,
      usualVariance: 0.01,
      phi: 0.3,
      signal: 1,
      levelSpread: { slope: 0, low: 0, high: 0 },
      innovationScale: 1,
      tailDegrees: 4 + (i % 40),
      margin: 0.1,
      level: null,
      windows: 672,
      ranks: [],
      correction: 1,
      leastVariance: 0,
      beyondRanks: 0,
    },
  };
}

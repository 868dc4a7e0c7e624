import type { Drift, Weather } from './generator.js';

const IID: Weather = {
  name: 'iid',
  season: false,
  noise: { phi: 0, sd: 0 },
  interaction: 0,
  shock: 0,
  diurnal: false,
  incident: false,
};
const REALISTIC: Weather = {
  ...IID,
  name: 'realistic',
  season: true,
  noise: { phi: 0.5, sd: 0.05 },
  diurnal: true,
};

/** The null streams: nothing drifts in any of them. */
export const WEATHERS = {
  iid: IID,
  realistic: REALISTIC,
  interactions: { ...REALISTIC, name: 'hour × weekday interactions', interaction: 0.1 },
  shocks: { ...REALISTIC, name: 'heavy-tailed window shocks', shock: 0.05 },
  incident: { ...REALISTIC, name: 'incident inside the reference', incident: true },
  persistent: { ...REALISTIC, name: 'AR(0.9) level', noise: { phi: 0.9, sd: 0.1 } },
} as const satisfies Record<string, Weather>;

export const DRIFTS = {
  tenth: { name: '0.1 sd', apply: (value) => value + 0.1 },
  quarter: { name: '0.25 sd', apply: (value) => value + 0.25 },
  half: { name: '0.5 sd', apply: (value) => value + 0.5 },
  ramp: { name: 'ramp to 0.5 sd in 7 d', apply: (value, age) => value + 0.5 * Math.min(1, (age + 1) / 168) },
  spread: { name: 'sd × 1.2', apply: (value) => value * 1.2 },
  contamination: {
    name: '5 % rows + 3 sd',
    apply: (value, _age, random) => (random() < 0.05 ? value + 3 : value),
  },
} as const satisfies Record<string, Drift>;

import { gaussian } from '../detection/generator.js';
import type { FleetKind, FleetRow, RowTime } from './fleet-model.js';

type Random = () => number;

/** More by day than by night. */
const daily =
  (mean: number) =>
  ({ hour }: RowTime) =>
    Math.round(mean * (1 + 0.4 * Math.sin((2 * Math.PI * (hour - 9)) / 24)));
const wave = ({ hour }: RowTime, size: number) => size * Math.sin((2 * Math.PI * (hour - 6)) / 24);
const rounded = (x: number) => Math.round(x * 100) / 100;
const one = (random: Random, names: readonly string[], power = 1.6) =>
  names[Math.floor(names.length * random() ** power)] ?? '';
const replaced = (row: FleetRow, features: FleetRow['features']): FleetRow => ({
  ...row,
  features: { ...row.features, ...features },
});
/** A number that a fault changes. */
const changed = (feature: string, change: (value: number) => number) => (row: FleetRow) => {
  const value = row.features[feature];
  return typeof value === 'number' ? replaced(row, { [feature]: rounded(change(value)) }) : row;
};
const REGIONS = ['north', 'south', 'east', 'west', 'islands'];
const HOURLY = { window: '1h', baseline: { learn: '7d' } };
const TWO_HOURS = { window: '2h', baseline: { learn: '7d' } };
const FOUR_HOURS = { window: '4h', baseline: { learn: '14d' } };

/** One positive in a hundred, labels after two days. */
const credit: FleetKind = {
  name: 'credit',
  file: { ...TWO_HOURS, task: 'binary', positive: 'bad', labels: { expectedWithin: '3d' } },
  volume: daily(25),
  row: (at, random) => {
    const income = Math.exp(10.5 + wave(at, 0.1) + 0.5 * gaussian(random));
    const score = rounded(Math.min(0.99, 0.02 * random() ** 2 * (40_000 / income) + 0.001));
    return {
      features: {
        income: rounded(income),
        age: Math.floor(18 + 60 * random()),
        region: one(random, REGIONS),
      },
      prediction: { label: score > 0.5 ? 'bad' : 'good', score },
      truth: random() < 0.01 ? 'bad' : 'good',
    };
  },
  labelAfter: () => 48,
  batch: false,
  beside: false,
  fault: { name: 'another unit', feature: 'income', broken: changed('income', (x) => 1.6 * x), within: 3 },
};

/** Three classes, a feature of hundreds of values, two labels in five. */
const routes: FleetKind = {
  name: 'routes',
  file: {
    ...FOUR_HOURS,
    task: 'multiclass',
    classes: ['road', 'rail', 'air'],
    labels: { expectedWithin: '1d' },
  },
  volume: daily(12),
  row: (_at, random) => {
    const distance = Math.exp(5 + gaussian(random));
    const label = distance > 400 ? 'air' : one(random, ['road', 'rail'], 1.2);
    const p = rounded(0.6 + 0.3 * random());
    return {
      features: { distance: rounded(distance), place: `p${Math.floor(500 * random() ** 2)}`, carrier: one(random, ['a', 'b', 'c', 'd']) },
      prediction: { label, scores: { [label]: p } },
      truth: random() < 0.85 ? label : 'rail',
    }; // prettier-ignore
  },
  labelAfter: (random) => (random() < 0.4 ? 6 : null),
  batch: false,
  beside: false,
  fault: {
    name: 'another mix of categories',
    feature: 'carrier',
    broken: (row, random) => (random() < 0.5 ? replaced(row, { carrier: 'd' }) : row),
    within: 3,
  },
};

/** Windows of a day, a constant feature, no label ever. */
const prices: FleetKind = {
  name: 'prices',
  file: { task: 'regression', window: '1d', baseline: { learn: '14d' } },
  volume: () => 12,
  row: (_at, random) => {
    const area = 80 + 20 * gaussian(random);
    return {
      features: { area: rounded(area), currency: 'EUR', rooms: Math.max(1, Math.round(area / 25)) },
      prediction: { value: rounded(3 * area + 10 * gaussian(random)) },
      truth: 0,
    };
  },
  labelAfter: null,
  batch: true,
  beside: false,
  fault: { name: 'a shift of one standard deviation', feature: 'area', broken: changed('area', (x) => x + 20), within: 3 },
}; // prettier-ignore

/** Windows of five minutes, labels at once. */
const clicks: FleetKind = {
  name: 'clicks',
  file: { task: 'binary', positive: 'yes', window: '5m', season: 'none', baseline: { learn: '12h' }, labels: { expectedWithin: '15m' } },
  volume: () => 12 * 35,
  row: (_at, random) => {
    const score = rounded(random());
    return {
      features: { depth: Math.round(20 * random()), device: one(random, ['phone', 'desk', 'tablet']) },
      prediction: { label: score > 0.5 ? 'yes' : 'no', score },
      truth: random() < score ? 'yes' : 'no',
    };
  },
  labelAfter: () => 0.05,
  batch: false,
  beside: false,
  fault: {
    name: 'nulls in four of ten rows',
    feature: 'device',
    broken: (row, random) => (random() < 0.4 ? replaced(row, { device: null }) : row),
    within: 3,
  },
}; // prettier-ignore

/** Closed from 22 to 6 h. */
const nights: FleetKind = {
  name: 'nights',
  file: { ...HOURLY, task: 'regression', labels: { expectedWithin: '2h' } },
  volume: ({ hour }) => (hour < 6 || hour >= 22 ? 0 : 45),
  row: (at, random) => {
    const load = 50 + wave(at, 10) + 8 * gaussian(random);
    const value = rounded(load / 2 + 2 * gaussian(random));
    return {
      features: { load: rounded(load), open: true, till: one(random, ['1', '2', '3']) },
      prediction: { value },
      truth: rounded(value + 2 * gaussian(random)),
    };
  },
  labelAfter: () => 1,
  batch: false,
  beside: false,
  fault: {
    name: 'numbers as text',
    feature: 'load',
    broken: (row, random) => (random() < 0.5 ? replaced(row, { load: 'n/a' }) : row),
    within: 2,
  },
};

/** A feature that only weekends have, a day in one go. */
const weekends: FleetKind = {
  name: 'weekends',
  file: { task: 'binary', positive: 'yes', ...FOUR_HOURS, labels: { expectedWithin: '1d' } },
  volume: daily(12),
  row: (at, random) => {
    const score = rounded(random());
    const leisure = at.weekday >= 5 ? rounded(10 + 3 * gaussian(random)) : null;
    return {
      features: { leisure, site: one(random, ['s1', 's2', 's3', 's4']), load: rounded(5 + wave(at, 2) + gaussian(random)) },
      prediction: { label: score > 0.5 ? 'yes' : 'no', score },
      truth: random() < score ? 'yes' : 'no',
    };
  },
  labelAfter: () => 12,
  batch: true,
  beside: false,
  fault: {
    name: 'a category nobody knew',
    feature: 'site',
    broken: (row, random) => (random() < 0.3 ? replaced(row, { site: 's99' }) : row),
    within: 2,
  },
}; // prettier-ignore

/** A feature that is mostly null, labels that trickle in over ten days. */
const sparse: FleetKind = {
  name: 'sparse',
  file: { ...FOUR_HOURS, task: 'binary', positive: 'yes', labels: { expectedWithin: '10d' } },
  volume: daily(12),
  row: (at, random) => {
    const score = rounded(random());
    const spend = 100 + wave(at, 20) + 30 * gaussian(random);
    return {
      features: { spend: rounded(spend), coupon: random() < 0.02 ? rounded(5 * random()) : null },
      prediction: { label: score > 0.5 ? 'yes' : 'no', score },
      truth: random() < score ? 'yes' : 'no',
    };
  },
  labelAfter: (random) => 240 * random(),
  batch: false,
  beside: false,
  fault: { name: 'a shift of one standard deviation', feature: 'spend', broken: changed('spend', (x) => x + 33), within: 4 },
}; // prettier-ignore

/** A broken version on trial and a broken staging beside it. */
const shadowed: FleetKind = {
  name: 'shadowed',
  file: { ...FOUR_HOURS, task: 'regression', labels: { expectedWithin: '1d' } },
  volume: daily(12),
  row: (at, random) => {
    const size = 30 + wave(at, 5) + 6 * gaussian(random);
    const value = rounded(2 * size + 3 * gaussian(random));
    return {
      features: { size: rounded(size), kind: one(random, ['x', 'y', 'z']) },
      prediction: { value },
      truth: rounded(value + 3 * gaussian(random)),
    };
  },
  labelAfter: () => 5,
  batch: false,
  beside: true,
  fault: { name: 'half the size', feature: 'size', broken: changed('size', (x) => x / 2), within: 2 },
};

export const FLEET_KINDS: readonly FleetKind[] = [
  credit,
  routes,
  prices,
  clicks,
  nights,
  weekends,
  sparse,
  shadowed,
];

import type { BenchTable } from '../report.js';
import type { Drift, Weather } from './generator.js';
import { PEER_RULES, type PeerRule, Peers } from './peers.js';
import { SimulatedModel } from './simulated-model.js';
import { DRIFTS, WEATHERS } from './weathers.js';

export interface PowerCase {
  readonly drift: Drift;
  readonly weather: Weather;
  readonly rows: number;
  /** Median delay that the table of docs/detection.md is held to. */
  readonly target: number | null;
  readonly strict?: true;
  /** Features that share the budget of one alert in 30 days; 100 where not said. */
  readonly fleet?: number;
}

export interface PowerResult extends PowerCase {
  /** Delay in windows of every repetition, Infinity where nothing was found. */
  readonly delays: Readonly<Record<string, readonly number[]>>;
}

/** Features of one batch; each batch starts its drift at another hour of the day. */
const FEATURES = 5;
const PEER_REPETITIONS = 20;
const DRIFT_HOURS = 30 * 24;
const CALM_HOURS = 24;
/** A fleet of 100 features shares the budget of one alert in 30 days. */
const FLEET = 100;

export const POWER_CASES: readonly PowerCase[] = [
  { drift: DRIFTS.quarter, weather: WEATHERS.iid, rows: 100, target: 7 },
  { drift: DRIFTS.half, weather: WEATHERS.iid, rows: 100, target: 2 },
  { drift: DRIFTS.tenth, weather: WEATHERS.iid, rows: 500, target: 9 },
  { drift: DRIFTS.quarter, weather: WEATHERS.iid, rows: 500, target: 2 },
  { drift: DRIFTS.half, weather: WEATHERS.iid, rows: 500, target: 1 },
  { drift: DRIFTS.ramp, weather: WEATHERS.iid, rows: 500, target: 30 },
  { drift: DRIFTS.tenth, weather: WEATHERS.iid, rows: 100, target: 30 },
  { drift: DRIFTS.spread, weather: WEATHERS.iid, rows: 100, target: 5 },
  { drift: DRIFTS.contamination, weather: WEATHERS.iid, rows: 100, target: 11 },
  { drift: DRIFTS.tenth, weather: WEATHERS.realistic, rows: 100, target: 88 },
  { drift: DRIFTS.ramp, weather: WEATHERS.realistic, rows: 100, target: 60 },
  { drift: DRIFTS.quarter, weather: WEATHERS.realistic, rows: 100, target: 11 },
  { drift: DRIFTS.half, weather: WEATHERS.realistic, rows: 100, target: 3 },
  { drift: DRIFTS.spread, weather: WEATHERS.realistic, rows: 100, target: 6 },
  { drift: DRIFTS.contamination, weather: WEATHERS.realistic, rows: 100, target: 12 },
  { drift: DRIFTS.tenth, weather: WEATHERS.realistic, rows: 500, target: 48 },
  { drift: DRIFTS.quarter, weather: WEATHERS.realistic, rows: 500, target: 6 },
  { drift: DRIFTS.half, weather: WEATHERS.realistic, rows: 500, target: 1 },
  { drift: DRIFTS.ramp, weather: WEATHERS.realistic, rows: 500, target: 55 },
  { drift: DRIFTS.spread, weather: WEATHERS.realistic, rows: 500, target: 2 },
  { drift: DRIFTS.contamination, weather: WEATHERS.realistic, rows: 500, target: 3 },
];

/** What p-values as ranks cost: the same drifts, and those the specification gives for it. */
export const STRICT_CASES: readonly PowerCase[] = [
  { drift: DRIFTS.quarter, weather: WEATHERS.realistic, rows: 500, target: 7, strict: true },
  { drift: DRIFTS.half, weather: WEATHERS.realistic, rows: 500, target: 4, strict: true },
  { drift: DRIFTS.ramp, weather: WEATHERS.realistic, rows: 500, target: 52, strict: true },
  { drift: DRIFTS.contamination, weather: WEATHERS.realistic, rows: 500, target: 4, strict: true },
];

/** The same drift in fleets of growing size. */
export function fleetCases(quick: boolean): readonly PowerCase[] {
  const fleets = [
    [10, 5],
    [100, 5],
    [1_000, 6],
    [10_000, 7],
    [100_000, 7],
  ] as const;
  return fleets
    .filter(([fleet]) => !quick || fleet === 10 || fleet === 100_000)
    .map(([fleet, target]) => ({
      drift: DRIFTS.quarter,
      weather: WEATHERS.realistic,
      rows: 500,
      target,
      fleet,
    }));
}

/** How many windows each rule needs, over `repetitions` features; the drift starts after a calm day. */
export function runPower(
  powerCase: PowerCase,
  repetitions: number,
  seed: number,
  withPeers: boolean,
): PowerResult {
  const delays: Record<string, number[]> = { engine: [] };
  for (let at = 0; at < repetitions; at += FEATURES) {
    // Every batch starts at another hour of the day: how many rows a window has depends on it.
    const onset = CALM_HOURS + Math.floor((24 * at) / repetitions);
    const hours = onset + DRIFT_HOURS;
    const first = new Map<string, number>();
    const note = (feature: number, rule: string, hour: number) => {
      const key = `${feature} ${rule}`;
      if (hour >= onset && !first.has(key)) first.set(key, hour - onset + 1);
    };
    // The rules of others cost many times the engine: a third of the repetitions places them.
    const compared = withPeers && at < PEER_REPETITIONS;
    const peers = compared
      ? new Peers(24 * 28, 24 * FLEET, (feature, rule: PeerRule, hour) => note(feature, rule, hour))
      : null;
    const simulation = {
      weather: powerCase.weather,
      rows: powerCase.rows,
      referenceDays: 28,
      features: FEATURES,
      seed: seed + at,
      fit: { strict: powerCase.strict ?? ('auto' as const) },
    };
    const simulated = new SimulatedModel(simulation, peers ? peers.watch : null);
    let open = FEATURES;

    simulated.monitor(
      { hours, drifts: FEATURES / (powerCase.fleet ?? FLEET), drift: powerCase.drift, onset },
      (feature, hour) => {
        if (hour >= onset && !first.has(`${feature} engine`)) open -= 1;
        note(feature, 'engine', hour);
        return open === 0 && !compared;
      },
    );
    for (const rule of ['engine', ...(compared ? PEER_RULES : [])]) {
      const list = (delays[rule] ??= []);
      for (let feature = 0; feature < FEATURES; feature += 1)
        list.push(first.get(`${feature} ${rule}`) ?? Infinity);
    }
  }
  return { ...powerCase, delays };
}

export function powerTable(results: readonly PowerResult[], title = TITLE): BenchTable {
  const rules = PEER_RULES.filter((rule) => results.some(({ delays }) => delays[rule]));
  return {
    title,
    columns: ['drift', 'n', 'null', 'Tidewatch', 'specified', ...rules],
    rows: results.map(({ drift, rows, weather, delays, target, fleet, strict }) => [
      `${drift.name}${fleet ? `, fleet of ${fleet}` : ''}${strict ? ', strict' : ''}`,
      String(rows),
      weather.name,
      delayText(delays.engine ?? []),
      target === null ? '' : String(target),
      ...rules.map((rule) => delayText(delays[rule] ?? [])),
    ]),
  };
}

const TITLE = 'Windows until the alert: median (90 %), share found within 30 days where it is not all';

export function quantileOf(delays: readonly number[], p: number): number {
  const sorted = delays.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (p === 0.5 && Number.isInteger(middle))
    return ((sorted[middle - 1] ?? Infinity) + (sorted[middle] ?? Infinity)) / 2;
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Infinity;
}

function delayText(delays: readonly number[]): string {
  if (delays.length === 0) return '';
  const text = (value: number) => (Number.isFinite(value) ? String(value) : 'never');
  const found = delays.filter(Number.isFinite).length / delays.length;
  const share = found < 1 ? ` ${Math.round(100 * found)}%` : '';
  return `${text(quantileOf(delays, 0.5))} (${text(quantileOf(delays, 0.9))})${share}`;
}

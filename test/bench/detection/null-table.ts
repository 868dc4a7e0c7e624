import type { BenchTable } from '../report.js';
import type { Weather } from './generator.js';
import { PEER_RULES, type PeerRule, Peers } from './peers.js';
import { SimulatedModel } from './simulated-model.js';
import { WEATHERS } from './weathers.js';

export interface NullCase {
  readonly weather: Weather;
  readonly rows: number;
  readonly referenceDays: number;
  readonly strict: boolean | 'auto';
  readonly features: number;
  /** Factor on the rows of every window after the reference. */
  readonly surge?: number;
  /** Days monitored, 30 where not said. */
  readonly days?: number;
  /** The longest season the data can have; a week where not said. */
  readonly season?: 'none';
  /** Also run the rules of others. */
  readonly peers: boolean;
}

export interface NullResult {
  readonly name: string;
  readonly features: number;
  /** False alerts in 30 days, and what the fit-time audit expected. */
  readonly engine: number;
  readonly expected: number;
  readonly uncalibratable: number;
  readonly peers: Readonly<Partial<Record<PeerRule, number>>>;
}

/** Features of one simulated model; each model has a budget of one false alert in the 30 days. */
const PER_MODEL = 100;

/** Runs a stream in which nothing drifts and counts what alerts. */
export function runNull(nullCase: NullCase, seed: number): NullResult {
  const { weather, rows, referenceDays, strict, season, surge = 1 } = nullCase;
  const peerAlerts: Partial<Record<PeerRule, number>> = {};
  let [engine, expected, uncalibratable] = [0, 0, 0];
  for (let at = 0; at < nullCase.features; at += PER_MODEL) {
    const features = Math.min(PER_MODEL, nullCase.features - at);
    const count = (_feature: number, rule: PeerRule) => (peerAlerts[rule] = (peerAlerts[rule] ?? 0) + 1);
    const peers = nullCase.peers ? new Peers(24 * referenceDays, 24 * features, count) : null;
    const terms = { fit: { strict }, surge, ...(season ? { season } : {}) };
    const simulation = { weather, rows, referenceDays, features, seed: seed + at, ...terms };
    const simulated = new SimulatedModel(simulation, peers ? peers.watch : null);
    expected += simulated.fitted.expectedFalseAlerts ?? 0;
    uncalibratable += simulated.fitted.series.filter((series) => series.status === 'uncalibratable').length;
    simulated.monitor({ hours: 24 * (nullCase.days ?? 30), drifts: features / PER_MODEL }, () => {
      engine += 1;
    });
  }
  const name = `${weather.name}, n=${rows}${referenceDays === 28 ? '' : `, ${referenceDays} d reference`}${strict === true ? ', strict' : ''}${surge > 1 ? `, then ${surge} times the rows` : ''}`;
  return { name, features: nullCase.features, engine, expected, uncalibratable, peers: peerAlerts };
}

/** Null streams: the main ones with the rules of others, then the stress cases. */
export function nullCases(quick: boolean): NullCase[] {
  const base = { referenceDays: 28, strict: 'auto' as const, features: quick ? 20 : 100, peers: false };
  const main = (quick ? [100] : [100, 500, 5000]).flatMap((rows) =>
    [WEATHERS.iid, WEATHERS.realistic].map((weather) => ({
      ...base,
      weather,
      rows,
      features: rows === 5000 ? 20 : base.features,
      peers: true,
    })),
  );
  const stress = [
    { ...base, weather: WEATHERS.realistic, rows: 500, referenceDays: 14 },
    { ...base, weather: WEATHERS.realistic, rows: 500, referenceDays: 7 },
    { ...base, weather: WEATHERS.interactions, rows: 500 },
    { ...base, weather: WEATHERS.shocks, rows: 500 },
    { ...base, weather: WEATHERS.incident, rows: 500 },
    { ...base, weather: WEATHERS.persistent, rows: 500 },
    { ...base, weather: WEATHERS.persistent, rows: 500, strict: true },
    { ...base, weather: WEATHERS.iid, rows: 500, surge: 4 },
    { ...base, weather: WEATHERS.realistic, rows: 500, surge: 4 },
  ];
  return [...main, ...(quick ? stress.map((one) => ({ ...one, rows: 100 })) : stress)];
}

export function nullTable(results: readonly NullResult[]): BenchTable {
  const per = (count: number, { features }: NullResult) => ((100 * count) / features).toFixed(1);
  return {
    title:
      'False alerts per 100 features in 30 days, hourly windows, nothing drifts (budget of the engine: 1)',
    columns: ['null stream', 'features', 'Tidewatch', 'audit expects', 'notice only', ...PEER_RULES],
    rows: results.map((result) => [
      result.name,
      String(result.features),
      per(result.engine, result),
      per(result.expected, result),
      String(result.uncalibratable),
      ...PEER_RULES.map((rule) =>
        Object.keys(result.peers).length === 0 ? '' : per(result.peers[rule] ?? 0, result),
      ),
    ]),
  };
}

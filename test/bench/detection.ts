import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type NullResult, nullCases, nullTable, runNull } from './detection/null-table.js';
import { compareInTime } from './detection/in-time.js';
import { drawPlots } from './detection/plots.js';
import {
  fleetCases,
  POWER_CASES,
  type PowerCase,
  type PowerResult,
  powerTable,
  quantileOf,
  runPower,
  STRICT_CASES,
} from './detection/power-table.js';
import { Resumed } from './detection/resumed.js';
import { modelMs, tickMs } from './detection/tick-table.js';
import type { BenchOptions, BenchReport } from './report.js';

const DOCUMENTED_SEED = 20_240_101;
const REPETITIONS = { full: 60, quick: 40 } as const;

/**
 * The null and power simulations of statistics.md 2.7 through the real fitBaseline and runChecks, with the rules of others
 * on the same values, the cost of one tick of 100 000 series, and the comparison in time with the peers that are installed. As in the specification's simulation, the drift series of a hundred features
 * share one false page in 30 days. A run that was stopped goes on where it was, case by case.
 */
export async function run({ json, quick, plots, seed: given }: BenchOptions): Promise<BenchReport> {
  const seed = given ?? DOCUMENTED_SEED;
  const say = (text: string) => {
    if (!json) process.stderr.write(`${text}\n`);
  };
  const resumed = new Resumed(`${quick ? 'quick' : 'full'}-${seed}`, say);
  const tick = tickMs();
  const cost = modelMs();
  const inTime = await compareInTime({ quick, seed }, say);
  say(`tick ${tick.toFixed(0)} ms, window ${cost.check.toFixed(2)} ms, fit ${cost.fit.toFixed(0)} ms`);
  const nulls = nullCases(quick).map((nullCase, i) => {
    const result = resumed.once(`null ${i}`, () => runNull(nullCase, seed + 1000 * i));
    say(
      `null ${result.name}: ${result.engine} (expected ${result.expected.toFixed(2)}) ${JSON.stringify(result.peers)}`,
    );
    return result;
  });
  const power = (cases: readonly PowerCase[], kind: string, peers: boolean): PowerResult[] =>
    cases.map((powerCase, i) => {
      const repetitions = quick ? REPETITIONS.quick : REPETITIONS.full;
      const { delays } = resumed.once(`power ${kind} ${i}`, () =>
        runPower(powerCase, repetitions, seed + 100_000 + 1000 * i, peers),
      );
      const { drift, rows, weather, fleet = 100, target } = powerCase;
      say(
        `power ${kind} ${drift.name} n=${rows} ${weather.name} fleet ${fleet}: ${quantileOf(delays.engine ?? [], 0.5)} (${target})`,
      );
      return { ...powerCase, delays };
    });
  const main = power(quick ? POWER_CASES.filter(({ rows }) => rows === 100) : POWER_CASES, 'main', !quick);
  const strict = power(quick ? STRICT_CASES.slice(0, 2) : STRICT_CASES, 'strict', false);
  const fleets = power(fleetCases(quick), 'fleet', false);
  if (plots) {
    mkdirSync(plots, { recursive: true });
    drawPlots((name) => join(plots, name), { nulls, powers: main });
    say(`plots in ${plots}`);
  }
  resumed.done();
  return {
    bench: 'detection',
    tables: [
      nullTable(nulls),
      powerTable(main),
      powerTable(strict, 'Strict mode: windows until the alert'),
      powerTable(fleets, 'Fleets of growing size with one budget: windows until the alert'),
      {
        title: 'Cost',
        columns: ['what', 'CPU ms'],
        rows: [
          ['100 000 two-sided series, one tick', tick.toFixed(0)],
          ['one window of 25 features, all checks, drawing its rows included', cost.check.toFixed(2)],
          ['fit of 25 features on 28 days of hourly windows, drawing its rows included', cost.fit.toFixed(0)],
        ],
      },
      ...inTime.tables,
    ],
    numbers: {
      ...inTime.numbers,
      tick_100k_series_ms: Math.round(tick),
      window_25_features_ms: cost.check,
      fit_25_features_ms: Math.round(cost.fit),
      ...numbersOf(nulls, main),
    },
    notes: [
      'The drift series of 100 features share one false page in 30 days, in the null streams and for the delays alike.',
      'Rules of others are re-implementations of their defaults, on raw values; they are not those products.',
      ...inTime.notes,
    ],
  };
}

function numbersOf(nulls: readonly NullResult[], powers: readonly PowerResult[]) {
  return {
    ...Object.fromEntries(nulls.map(({ name, engine }) => [`false_alerts: ${name}`, engine])),
    ...Object.fromEntries(
      powers.map(({ drift, rows, weather, delays }) => {
        const median = quantileOf(delays.engine ?? [], 0.5);
        return [
          `median_delay: ${drift.name}, n=${rows}, ${weather.name}`,
          Number.isFinite(median) ? median : null,
        ];
      }),
    ),
  };
}

import { nullCases, nullTable, runNull } from './detection/null-table.js';
import { POWER_CASES, powerTable, quantileOf, runPower } from './detection/power-table.js';
import { modelMs, tickMs } from './detection/tick-table.js';
import type { BenchOptions, BenchReport } from './report.js';

const SEED = 20_240_101;
const REPETITIONS = { full: 60, quick: 20 } as const;

/**
 * The null and power simulations of statistics.md 2.7 through the real fitBaseline and runChecks, with the rules of others
 * on the same values, and the cost of one tick of 100 000 series.
 */
export async function run({ json, quick }: BenchOptions): Promise<BenchReport> {
  const say = (text: string) => {
    if (!json) process.stderr.write(`${text}\n`);
  };
  const tick = tickMs();
  const cost = modelMs();
  say(`tick ${tick.toFixed(0)} ms, window ${cost.check.toFixed(2)} ms, fit ${cost.fit.toFixed(0)} ms`);
  const nulls = nullCases(quick).map((nullCase, i) => {
    const result = runNull(nullCase, SEED + 1000 * i);
    say(
      `null ${result.name}: ${result.engine} (expected ${result.expected.toFixed(2)}) ${JSON.stringify(result.peers)}`,
    );
    return result;
  });
  const cases = quick ? POWER_CASES.filter(({ rows }) => rows === 100) : POWER_CASES;
  const powers = cases.map((powerCase, i) => {
    const result = runPower(
      powerCase,
      quick ? REPETITIONS.quick : REPETITIONS.full,
      SEED + 100_000 + 1000 * i,
      !quick,
    );
    say(
      `power ${powerCase.drift.name} n=${powerCase.rows} ${powerCase.weather.name}: ${quantileOf(result.delays.engine ?? [], 0.5)} (${powerCase.target})`,
    );
    return result;
  });
  return {
    bench: 'detection',
    tables: [
      nullTable(nulls),
      powerTable(powers),
      {
        title: 'Cost',
        columns: ['what', 'CPU ms'],
        rows: [
          ['100 000 two-sided series, one tick', tick.toFixed(0)],
          ['one window of 25 features, all checks, drawing its rows included', cost.check.toFixed(2)],
          ['fit of 25 features on 28 days of hourly windows, drawing its rows included', cost.fit.toFixed(0)],
        ],
      },
    ],
    numbers: {
      tick_100k_series_ms: Math.round(tick),
      window_25_features_ms: cost.check,
      fit_25_features_ms: Math.round(cost.fit),
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
    },
    notes: [
      'Rules of others are re-implementations of their defaults, on raw values; they are not those products.',
    ],
  };
}

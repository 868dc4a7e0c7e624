import type { FeatureBaseline } from '../../src/domain/baseline.js';
import type { Constraint } from '../../src/domain/constraint.js';
import { measureSelect } from '../../src/profiles/measure-sql.js';
import { PROFILE_SETTINGS, profileSelect } from '../../src/profiles/profile-sql.js';
import { RowLayouts } from '../../src/profiles/row-layout.js';
import type { RowLayout } from '../../src/constraints/row-layout.js';
import type { Database, Settings } from '../../src/store/database.js';
import { openTestDatabase } from '../support/database.js';
import { measure, type Measured } from './ingest/measure.js';
import { against, type BenchOptions, type BenchReport } from './report.js';

const MODEL = 'bench';
const TARGET_MICROS = 0.8;
const SOURCE = `FROM predictions FINAL WHERE model = '${MODEL}'`;
const ONE_THREAD = { ...PROFILE_SETTINGS, max_threads: 1 } as const;

/** Minute profiles of 20 numeric and 5 categorical features with score and label, recomputed from the rows in the ways there are. */
export async function run({ quick }: BenchOptions): Promise<BenchReport> {
  const rows = quick ? 200_000 : 1_000_000;
  const rounds = quick ? 3 : 5;
  const opened = await openTestDatabase();
  const { database } = opened;
  try {
    await fill(database, rows);
    const layouts = new RowLayouts(database);
    const ask = async () => layouts.of(MODEL, { where: `model = '${MODEL}'`, params: {} });
    const layout = await ask();
    if (layout === null) throw new Error('the rows of the benchmark must have one layout');
    const read = (known: RowLayout | null, settings: Settings = ONE_THREAD) =>
      summarise(database, known, settings);
    const ways = [
      await measure('touch every value once', rows, rounds, touch(database)),
      await measure('by name', rows, rounds, read(null)),
      await measure('is there one layout?', rows, rounds, async () => void (await ask())),
      await measure('by position', rows, rounds, read(layout)),
      await measure('by position, every core', rows, rounds, read(layout, PROFILE_SETTINGS)),
      await measure('50 pair rules, by name', rows, rounds, rulesOf(database, null)),
      await measure('50 pair rules, by position', rows, rounds, rulesOf(database, layout)),
      await measure('the question, then by position', rows, rounds, async () => {
        await read(await ask())();
      }),
    ];
    return report(rows, ways);
  } finally {
    await opened.close();
  }
}

async function fill(database: Database, rows: number): Promise<void> {
  const map = (count: number, prefix: string, value: string, type: string) =>
    `CAST(mapFromArrays(arrayMap(i -> concat('${prefix}', toString(i)), range(${count})), arrayMap(i -> ${value}, range(${count}))), 'Map(LowCardinality(String), ${type})')`;
  await database.command(
    `INSERT INTO predictions (model, version, environment, ts, prediction_id, num, cat, label, score, value, topic, partition, offset)
     SELECT '${MODEL}', 'v', '', toDateTime64('2026-01-05 00:00:00', 3, 'UTC') + toIntervalMillisecond(number * 36), toString(cityHash64(number)),
       ${map(20, 'numeric_', 'cityHash64(number, i) % 10000 / 100', 'Float64')},
       ${map(5, 'category_', `concat('value-', toString(cityHash64(number, i) % 20))`, 'LowCardinality(String)')},
       if(number % 2 = 0, 'good', 'bad'), number % 1000 / 1000, nan, 't', 0, number FROM numbers(${rows})`,
    { timeoutMs: 600_000, settings: { max_block_size: 100_000 } },
  );
  await database.command('OPTIMIZE TABLE predictions FINAL', { timeoutMs: 600_000 });
}

function features(): Record<string, FeatureBaseline> {
  const edges = [0.5, 2, 10, 20, 30, 40, 50, 60, 70, 80, 90, 98, 99.5];
  const numeric = (scale: number): FeatureBaseline => ({
    kind: 'numeric',
    edges: edges.map((edge) => edge * scale),
    quantiles: [0, 25 * scale, 50 * scale, 75 * scale, 100 * scale],
    integer: false,
  });
  const categorical = (categories: readonly string[]): FeatureBaseline => ({
    kind: 'categorical',
    categories,
    tail: [],
    unseenMass: 0,
  });
  const values = Array.from({ length: 20 }, (_, i) => `value-${i}`);
  return {
    ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`numeric_${i}`, numeric(1)])),
    ...Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`category_${i}`, categorical(values)])),
    'prediction.score': numeric(0.01),
    'prediction.label': categorical(['good', 'bad']),
  };
}

function summarise(database: Database, layout: RowLayout | null, settings: Settings) {
  const sql = profileSelect(features(), SOURCE, 'toStartOfMinute(ts)', layout);
  return async () => {
    await database.query(sql, { settings, timeoutMs: 600_000 });
  };
}

/** Half of them orders of numbers, a fifth sums, the rest decisions of categories; formats of every category, and copies. */
function rules(): Constraint[] {
  const pair = (rule: string) =>
    ({ name: rule, check: 'pair_rule', feature: null, statistic: rule }) as const;
  const numeric = (i: number) => `numeric_${i % 20}`;
  const category = (i: number) => `category_${i % 5}`;
  const values = Array.from({ length: 20 }, (_, i) => `value-${i}`);
  return [
    ...Array.from({ length: 25 }, (_, i): Constraint => ({ ...pair(`order ${i}`), rule: 'order', a: numeric(i), b: numeric(7 * i + 3) })),
    ...Array.from({ length: 10 }, (_, i): Constraint => ({ ...pair(`sum ${i}`), rule: 'total', a: numeric(i), terms: [numeric(i + 1), numeric(i + 5)] })),
    ...Array.from({ length: 15 }, (_, i): Constraint => ({ ...pair(`determines ${i}`), rule: 'determines', a: category(i), b: category(3 * i + 1), values, results: values })),
    ...Array.from({ length: 5 }, (_, i): Constraint => ({ name: `format ${i}`, check: 'format', feature: category(i), statistic: 'mismatch', rule: 'format', format: 'a', pattern: '^value-[0-9]+$' })),
    { name: 'copies', check: 'duplicates', feature: null, statistic: 'same_minute', rule: 'distinct' },
  ]; // prettier-ignore
}

function rulesOf(database: Database, layout: RowLayout | null) {
  const sql = measureSelect(rules(), SOURCE, 'toStartOfMinute(ts)', layout) ?? '';
  return async () => {
    await database.query(sql, { settings: ONE_THREAD, timeoutMs: 600_000 });
  };
}

function touch(database: Database): () => Promise<void> {
  return async () => {
    await database.query(`SELECT sum(arraySum(num.values)), sum(length(cat)) ${SOURCE}`, {
      settings: ONE_THREAD,
    });
  };
}

function report(rows: number, ways: readonly Measured[]): BenchReport {
  const limit = ways[0]?.cpuMicros ?? NaN;
  return {
    bench: 'profiles',
    tables: [
      {
        title: `Minute profiles of ${rows.toLocaleString('en')} events: 20 numeric and 5 categorical features, score and label`,
        columns: ['way', 'CPU µs/event', 'of touching every value', 's a million, by the clock'],
        rows: ways.map(({ name, cpuMicros, eventsPerSecond }) => [
          name,
          cpuMicros.toFixed(2),
          `${(cpuMicros / limit).toFixed(1)} ×`,
          (1e6 / eventsPerSecond).toFixed(2),
        ]),
      },
    ],
    numbers: Object.fromEntries(ways.map(({ name, cpuMicros }) => [`cpu_micros: ${name}`, cpuMicros])),
    notes: [
      against(
        'CPU of an event, the question and by position',
        ways.at(-1)?.cpuMicros ?? NaN,
        TARGET_MICROS,
        'at most',
        ' µs',
      ),
      'One thread where nothing else is said; rows deduplicated (FINAL) in every way but the first question.',
    ],
  };
}

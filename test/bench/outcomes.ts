import { FLEET_BUDGET } from '../../src/checks/budget.js';
import { fitBaseline } from '../../src/checks/fit-baseline.js';
import { runChecks } from '../../src/checks/run-checks.js';
import type { SeriesState } from '../../src/checks/series-state.js';
import type { Constraint } from '../../src/domain/constraint.js';
import { Model } from '../../src/domain/model.js';
import { labelledPredictions } from '../../src/profiles/performance-sql.js';
import { Outcomes } from '../../src/profiles/outcomes.js';
import { EMPTY_PROFILE } from '../../src/profiles/profile-row.js';
import type { Database } from '../../src/store/database.js';
import { openTestDatabase } from '../support/database.js';
import { seeded } from '../support/random.js';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../support/synthetic-model.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const MINUTES = 60;
const SEED = 42;
const CALLS = 500;
const REFERENCE_HOURS = 21 * 24;
const MOST_WINDOWS = 50;

/** A window with many predictions and ten times as many labels joined, and how soon a service that fails or slows down is found. */
export async function run({ quick, seed }: BenchOptions): Promise<BenchReport> {
  const predictions = quick ? 200_000 : 1_000_000;
  const parts = [await joined(predictions), served(quick ? 5 : 20, seed ?? SEED)];
  return {
    bench: 'outcomes',
    tables: parts.map(({ table }) => table),
    numbers: Object.assign({}, ...parts.map(({ numbers }) => numbers)) as Record<string, number>,
    notes: [
      'joined: all labels of the window at once, which is the most that one step of the service can be: minutes whose rows or labels came are joined and summed anew, and windows are sums of minutes. read: what a window, a page or a check asks for afterwards. The better of three.',
    ],
  };
}

interface Part {
  readonly table: BenchTable;
  readonly numbers: Readonly<Record<string, number>>;
}

async function joined(predictions: number): Promise<Part> {
  const opened = await openTestDatabase();
  try {
    const { database } = opened;
    await fill(database, predictions);
    const model = Model.parse({ key: 'bench', task: 'binary', positive: 'bad', window: '1h' });
    const outcomes = new Outcomes(database);
    const minutes = Array.from({ length: MINUTES }, (_, i) => START / 1000 + 60 * i);
    const join = await seconds(async () =>
      outcomes.summarise([{ model, baseline: null, version: '1', minutes }]),
    );
    const alone = await seconds(
      async () => void (await database.query(JOIN, { params: JOINED, timeoutMs: 600_000 })),
    );
    const span = { version: '1', from: new Date(START), to: new Date(START + HOUR), widthMs: HOUR };
    const read = await seconds(async () => {
      const [outcome] = (await outcomes.windows(model, span, null)).values();
      if (outcome?.labelled !== predictions) throw new Error(`${outcome?.labelled} answers have labels`);
    });
    const table = {
      title: `a window of ${predictions} predictions among ${10 * predictions} labels, seconds`,
      columns: ['what', 'seconds', 'of processors'],
      rows: (
        [
          ['joined', alone],
          ['joined and summed by minute', join],
          ['read as a window', read],
        ] as const
      ).map(([what, took]) => [what, took.clock.toFixed(3), took.processor.toFixed(3)]),
    };
    return {
      table,
      numbers: {
        'seconds joined': alone.clock,
        'seconds joined and summed': join.clock,
        'seconds read': read.clock,
        'processor seconds joined': alone.processor,
        'processor seconds joined and summed': join.processor,
      },
    };
  } finally {
    await opened.close();
  }
}

const JOINED = { model: 'bench', from: '2026-01-05 00:00:00.000' };
/** Every answer of the hour with its newest label. */
const JOIN = `SELECT countIf(labelled AND actual = label) AS right ${labelledPredictions('prediction_id, label, status', 'ts >= {from:DateTime64(3)}')}`;

/** The better of three, by the clock and by what the processors did, which other processes change little. */
async function seconds(
  task: () => Promise<void>,
): Promise<{ readonly clock: number; readonly processor: number }> {
  let [clock, processor] = [Infinity, Infinity];
  for (let i = 0; i < 3; i += 1) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    await task();
    const { user, system } = process.cpuUsage(before);
    clock = Math.min(clock, (performance.now() - started) / 1000);
    processor = Math.min(processor, (user + system) / 1e6);
  }
  return { clock, processor };
}

/** One label in ten is of a prediction of the hour, the others of earlier ones. */
async function fill(database: Database, predictions: number): Promise<void> {
  const options = { timeoutMs: 900_000, settings: { max_block_size: 100_000 } };
  const id = 'toString(cityHash64(number))';
  await database.command(
    `INSERT INTO predictions (model, version, environment, ts, prediction_id, label, score, value, topic, partition, offset)
     SELECT 'bench', '1', 'production', fromUnixTimestamp64Milli(toInt64(${START} + intDiv(number * ${HOUR}, ${predictions})), 'UTC'), ${id},
       if(number % 2 = 0, 'good', 'bad'), number % 1000 / 1000, nan, 't', 0, number FROM numbers(${predictions})`,
    options,
  );
  await database.command(
    `INSERT INTO labels (model, prediction_id, label, labelled_at, topic, partition, offset)
     SELECT 'bench', ${id}, if(number % 3 = 0, 'good', 'bad'), fromUnixTimestamp64Milli(toInt64(${START + HOUR}), 'UTC'), 'l', 0, number FROM numbers(${10 * predictions})`,
    options,
  );
  await database.command('OPTIMIZE TABLE predictions FINAL', options);
  await database.command('OPTIMIZE TABLE labels FINAL', options);
}

const RULES: readonly Constraint[] = [
  { rule: 'calls', name: 'calls:failed', check: 'service', feature: null, statistic: 'failures', part: 'failed', aboveMs: null },
  { rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs: 250 },
]; // prettier-ignore
const USUAL = { failed: 0.005, slow: 0.05 };
/** A lognormal time with a spread of 0.5 that doubles is beyond its 95th percentile in 40 calls of a hundred. */
const FAULTS = [
  ['latency × 2', 'slow_calls', { ...USUAL, slow: 0.4 }],
  ['one call in ten times out', 'failures', { ...USUAL, failed: 0.1 }],
] as const;

function served(runs: number, seed: number): Part {
  const found = FAULTS.map(([name, statistic, changed]) => {
    const delays = Array.from({ length: runs }, (_, i) => delay(statistic, changed, seed + i));
    return { name, most: Math.max(...delays), mean: delays.reduce((a, b) => a + b, 0) / runs };
  });
  const table = {
    title: `windows of ${CALLS} calls until it is found (${runs} runs, hourly reference of ${REFERENCE_HOURS / 24} days)`,
    columns: ['fault', 'mean', 'most'],
    rows: found.map(({ name, mean, most }) => [name, mean.toFixed(2), String(most)]),
  };
  const numbers = Object.fromEntries(found.map(({ name, most }) => [`most windows: ${name}`, most]));
  return { table, numbers };
}

/** Windows until a statistic of the service alerts; MOST_WINDOWS where it does not. */
function delay(statistic: string, changed: typeof USUAL, seed: number): number {
  const random = seeded(seed);
  const hits = (share: number) => Array.from({ length: CALLS }).filter(() => random() < share).length;
  const rate = (share: number) => ({ kind: 'rate' as const, hits: hits(share), trials: CALLS });
  const window = ({ failed, slow }: typeof USUAL) => {
    const measures = { 'calls:failed': rate(failed), 'calls:slow': rate(slow) };
    return { ...EMPTY_PROFILE, predictions: CALLS, measures };
  };
  const usual = Array.from({ length: REFERENCE_HOURS }, () => window(USUAL));
  const [model, baseline] = [syntheticModel(), syntheticBaseline({}, usual, { rules: RULES })];
  const fitted = fitBaseline(model, baseline);
  let state: SeriesState | null = null;
  for (let i = 1; i <= MOST_WINDOWS; i += 1) {
    const place = { window: syntheticWindow(REFERENCE_HOURS + i - 1), budget: FLEET_BUDGET };
    const checked = runChecks({ model, baseline, fitted, profile: window(changed), state, ...place });
    state = checked.state;
    const isFound = checked.results.some((one) => one.statistic === statistic && one.state === 'ALERT');
    if (isFound) return i;
  }
  return MOST_WINDOWS;
}

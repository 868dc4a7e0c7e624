import { runChecks } from '../../../src/checks/run-checks.js';
import { fitBaseline } from '../../../src/checks/fit-baseline.js';
import type { Baseline } from '../../../src/domain/baseline.js';
import { Model } from '../../../src/domain/model.js';
import { EMPTY_PROFILE } from '../../../src/profiles/profile-row.js';
import { pinBaseline } from '../../../src/profiles/pin-baseline.js';
import { Profiles } from '../../../src/profiles/profiles.js';
import type { Database } from '../../../src/store/database.js';
import { openTestDatabase } from '../../support/database.js';
import type { BenchTable } from '../report.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const FEATURES = 25;
const REFERENCE_HOURS = 72;
/** Two thousand an hour: enough for products of features to be summed over a sample of the rows. */
const REFERENCE_ROWS = 144_000;
const READS = 15;
const budget = { pageDays: 30, noticeDays: 3, share: 1 };

interface Timing {
  readonly rows: number;
  /** With the drift and quality of every feature alone, and with the mined rules as well. */
  readonly plainMs: number;
  readonly summariseMs: number;
  /** Of all threads, and by the clock. */
  readonly checkMs: number;
  readonly checkWallMs: number;
}

/** What the embedded engine needs for an hour of 25 numeric features: to summarise its raw rows, and to check it from its minutes. */
export async function engineTimings(sizes: readonly number[]): Promise<readonly Timing[]> {
  const store = await openTestDatabase('embedded');
  const { database } = store;
  try {
    const model = Model.parse({ key: 'm', task: 'regression' });
    await insertRows(database, { from: START, ms: REFERENCE_HOURS * HOUR, rows: REFERENCE_ROWS });
    const until = new Date(START + REFERENCE_HOURS * HOUR);
    const baseline = await pinBaseline(database, model, { since: new Date(START), until }, until);
    const timings: Timing[] = [];
    for (const [i, rows] of sizes.entries()) {
      const from = until.getTime() + i * HOUR;
      await insertRows(database, { from, ms: HOUR, rows });
      timings.push({ rows, ...(await timed(database, { model, baseline, from })) });
    }
    return timings;
  } finally {
    await store.close();
  }
}

export function engineTable(timings: readonly Timing[]): BenchTable {
  return {
    title:
      'An hour of 25 numeric features in the embedded engine, CPU time of all threads and time by the clock',
    columns: [
      'rows',
      'raw rows to minutes, s',
      'with mined rules, s',
      'minutes to verdict, ms',
      'by the clock, ms',
    ],
    rows: timings.map(({ rows, plainMs, summariseMs, checkMs, checkWallMs }) => [
      String(rows),
      (plainMs / 1000).toFixed(2),
      (summariseMs / 1000).toFixed(2),
      checkMs.toFixed(1),
      checkWallMs.toFixed(1),
    ]),
  };
}

interface Subject {
  readonly model: Model;
  readonly baseline: Baseline;
  readonly from: number;
}

/** The median of several checks; the summary is made once, as it is in service. */
async function timed(database: Database, { model, baseline, from }: Subject) {
  const profiles = new Profiles(database);
  const fitted = fitBaseline(model, baseline);
  const minutes = Array.from({ length: 60 }, (_, i) => from / 1000 + 60 * i);
  // Twice: what a stream looks like is learnt once.
  await profiles.recompute(model, baseline, 'v1', minutes);
  const cpu = async (rules: Baseline['rules']) => {
    const before = process.cpuUsage();
    await profiles.recompute(model, { ...baseline, rules }, 'v1', minutes);
    return sinceMs(before);
  };
  const plainMs = await cpu([]);
  const summariseMs = await cpu(baseline.rules);
  await profiles.rejudge(model, baseline, 'v1', minutes);
  const span = { version: 'v1', from: new Date(from), to: new Date(from + HOUR), widthMs: HOUR };
  const took: number[] = [];
  const waited: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const before = process.cpuUsage();
    const started = performance.now();
    const found = await profiles.windows(model.key, baseline.id, span);
    const profile = found.get(from / 1000) ?? EMPTY_PROFILE;
    const window = { model: 'm', version: 'v1', from: span.from, to: span.to, revision: 0 };
    runChecks({ model, baseline, fitted, window, profile, state: null, budget });
    took.push(sinceMs(before));
    waited.push(performance.now() - started);
  }
  return { plainMs, summariseMs, checkMs: median(took), checkWallMs: median(waited) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
}

function sinceMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function insertRows(
  database: Database,
  { from, ms, rows }: { readonly from: number; readonly ms: number; readonly rows: number },
): Promise<void> {
  const names = Array.from({ length: FEATURES }, (_, i) => `'f${i}'`).join(', ');
  const values = Array.from({ length: FEATURES }, (_, i) => `randNormal(0, 1, ${i})`).join(', ');
  await database.command(
    `INSERT INTO predictions (model, version, ts, prediction_id, num, value, topic, partition, offset)
     SELECT 'm', 'v1', fromUnixTimestamp64Milli(toInt64({from:Int64} + intDiv(number * {ms:Int64}, {rows:Int64}))), concat(toString({from:Int64}), '-', toString(number)),
       CAST(([${names}], [${values}]), 'Map(LowCardinality(String), Float64)'), randNormal(0, 1, 99), 't', 0, number
     FROM numbers({rows:UInt64})`,
    { params: { from, ms, rows }, timeoutMs: 600_000 },
  );
}

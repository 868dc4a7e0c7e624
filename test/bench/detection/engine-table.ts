import type { CheckOutput } from '../../../src/checks/run-checks.js';
import { runChecks } from '../../../src/checks/run-checks.js';
import { fitBaseline } from '../../../src/checks/fit-baseline.js';
import type { FittedBaseline } from '../../../src/checks/fitted-baseline.js';
import type { WholeBaseline } from '../../../src/domain/baseline.js';
import { Model } from '../../../src/domain/model.js';
import { Classifiers } from '../../../src/profiles/classifiers.js';
import { EMPTY_PROFILE } from '../../../src/profiles/profile-row.js';
import { pinBaseline } from '../../../src/profiles/pin-baseline.js';
import { Profiles } from '../../../src/profiles/profiles.js';
import type { Database } from '../../../src/store/database.js';
import { openTestDatabase } from '../../support/database.js';
import type { BenchTable } from '../report.js';
import type { ComparedRows, RowFile } from './compared-rows.js';

const HOUR = 3_600_000;
const READS = 15;
const budget = { pageDays: 30, noticeDays: 3, share: 1 };

/** By the clock, and of all threads. */
export interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What one hour of rows cost. */
export interface EngineTiming {
  readonly rows: number;
  /** To freeze the reference, by the clock: once, for all hours. */
  readonly pinMs: number;
  /** Raw rows to minutes, with the drift and quality of every feature alone, and with the mined rules as well. */
  readonly plain: Spent;
  readonly all: Spent;
  /** Rows and labels of every minute, and the classifier. */
  readonly counted: Spent;
  readonly classified: Spent;
  /** Minutes to verdict. */
  readonly check: Spent;
  /** Features that alert. */
  readonly drifted: number;
}

/** What the embedded engine needs for an hour of numeric features: to summarise its raw rows, and to check it from its minutes. */
export async function engineTimings({ features, reference, current }: ComparedRows): Promise<EngineTiming[]> {
  const store = await openTestDatabase('embedded');
  const { database } = store;
  try {
    const model = Model.parse({ key: 'm', task: 'regression' });
    await insertRows(database, features, reference);
    const until = new Date(reference.from + reference.hours * HOUR);
    const started = performance.now();
    const baseline = await pinBaseline(database, model, { since: new Date(reference.from), until }, until);
    const fitted = fitBaseline(model, baseline);
    const pinMs = performance.now() - started;
    const timings: EngineTiming[] = [];
    for (const [i, hour] of current.entries()) {
      await insertRows(database, features, hour);
      const subject = { model, baseline, fitted, hour };
      // The engine compiles what it is asked a third time: the first hour is measured once in vain.
      if (i === 0) await timed(database, subject);
      timings.push({ pinMs, ...(await timed(database, subject)) });
    }
    return timings;
  } finally {
    await store.close();
  }
}

export function engineTable(timings: readonly EngineTiming[], features: number): BenchTable {
  return {
    title: `An hour of ${features} numeric features in the embedded engine, CPU time of all threads and time by the clock`,
    columns: [
      'rows',
      'raw rows to minutes, s',
      'with mined rules, s',
      'minutes to verdict, ms',
      'by the clock, ms',
    ],
    rows: timings.map(({ rows, plain, all, check }) => [
      String(rows),
      (plain.cpuMs / 1000).toFixed(2),
      (all.cpuMs / 1000).toFixed(2),
      check.cpuMs.toFixed(1),
      check.wallMs.toFixed(1),
    ]),
  };
}

interface Subject {
  readonly model: Model;
  readonly baseline: WholeBaseline;
  readonly fitted: FittedBaseline;
  readonly hour: RowFile;
}

/** The better of two summaries, as for those compared with, and the median of several checks of it. */
async function timed(
  database: Database,
  { model, baseline, fitted, hour }: Subject,
): Promise<Omit<EngineTiming, 'pinMs'>> {
  const { rows, from } = hour;
  const profiles = new Profiles(database);
  const classifiers = new Classifiers(database);
  const minutes = Array.from({ length: 60 }, (_, i) => from / 1000 + 60 * i);
  const recompute = async (rules: WholeBaseline['rules']) =>
    profiles.recompute(model, { ...baseline, rules }, 'v1', minutes);
  const plain = await betterOfTwo(async () => recompute([]));
  const all = await betterOfTwo(async () => recompute(baseline.rules));
  const counted = await betterOfTwo(async () => profiles.rejudge(model, baseline, 'v1', minutes));
  const classified = await betterOfTwo(async () =>
    classifiers.measure(model, baseline, { version: 'v1', start: from, predictions: rows }),
  );
  const found = classified.value;
  const span = { version: 'v1', from: new Date(from), to: new Date(from + HOUR), widthMs: HOUR };
  const window = { model: 'm', version: 'v1', from: span.from, to: span.to, revision: 0 };
  const checks: Took<CheckOutput>[] = [];
  for (let read = 0; read < READS; read += 1)
    checks.push(
      await took(async () => {
        const bare = (await profiles.windows(model.key, baseline.id, span)).get(from / 1000) ?? EMPTY_PROFILE;
        const measures = found ? { ...bare.measures, [found.rule]: found.measure } : bare.measures;
        return runChecks({
          model,
          baseline,
          fitted,
          window,
          profile: { ...bare, measures },
          state: null,
          budget,
        });
      }),
    );
  return {
    rows,
    plain,
    all,
    counted,
    classified,
    check: {
      cpuMs: median(checks.map(({ cpuMs }) => cpuMs)),
      wallMs: median(checks.map(({ wallMs }) => wallMs)),
    },
    drifted: alerting(checks[0]?.value),
  };
}

/** Features with a drift alert; the output, which others are not given, is not one. */
function alerting(output: CheckOutput | undefined): number {
  const found = (output?.results ?? []).filter(
    ({ check, state }) => check === 'feature_drift' && state === 'ALERT',
  );
  return new Set(found.map(({ feature }) => feature)).size;
}

interface Took<T> extends Spent {
  readonly value: T;
}

async function took<T>(act: () => Promise<T>): Promise<Took<T>> {
  const before = process.cpuUsage();
  const started = performance.now();
  const value = await act();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { value, wallMs, cpuMs: (user + system) / 1000 };
}

async function betterOfTwo<T>(act: () => Promise<T>): Promise<Took<T>> {
  const first = await took(act);
  const second = await took(act);
  return second.wallMs < first.wallMs ? second : first;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
}

/** One thread reads the file, because a row's time is its number's. */
async function insertRows(
  database: Database,
  features: readonly string[],
  { path, rows, from, hours }: RowFile,
): Promise<void> {
  const names = features.map((name) => `'${name}'`).join(', ');
  const structure = features.map((name) => `${name} Float64`).join(', ');
  await database.command(
    `INSERT INTO predictions (model, version, ts, prediction_id, num, value, topic, partition, offset)
     SELECT 'm', 'v1', fromUnixTimestamp64Milli(toInt64({from:Int64} + intDiv(number * {ms:Int64}, {rows:Int64}))), concat(toString({from:Int64}), '-', toString(number)),
       CAST(([${names}], [${features.join(', ')}]), 'Map(LowCardinality(String), Float64)'), (f0 + f1) / 2, 't', 0, number
     FROM (SELECT *, rowNumberInAllBlocks() AS number FROM file({path:String}, 'RowBinary', {structure:String}))`,
    {
      params: { from, ms: hours * HOUR, rows, path, structure },
      settings: { max_threads: 1 },
      timeoutMs: 600_000,
    },
  );
}

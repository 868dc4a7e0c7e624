import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';
import { timed, type Took } from './fleet-scale/stopwatch.js';
import { fitted, type Fitted } from './pin/fit.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
/** Hours that the rows of a reference are spread over. */
const HOURS = 96;
const FACTORS = 6;
const FIT = 'fit';
/** Of a reference of 25 features and 28 days. */
const FIT_TARGETS = { fitSeconds: 3, judgeMs: 15 } as const;

interface Shape {
  readonly features: number;
  readonly rows: number;
  /** Seconds in which it is to be pinned; null where only the numbers of before are there to compare with. */
  readonly target: number | null;
}

const SHAPES: readonly Shape[] = [
  { features: 25, rows: 2000, target: null },
  { features: 150, rows: 2000, target: null },
  { features: 600, rows: 2000, target: 20 },
  { features: 25, rows: 400_000, target: null },
];

interface Found extends Shape, Took {
  /** The longest that /health/live was waited for from outside the thread, ms. */
  readonly liveMs: number;
}

/**
 * Pinning a reference from a file through the API of a running service: how long it takes by shape, and for how long nobody was answered.
 * `--only 25x400000` is one shape, features by rows; `--only fit` what a reference of 28 days costs once its rows are there.
 */
export async function run({ quick, only }: BenchOptions): Promise<BenchReport> {
  const asked = SHAPES.filter(({ features, rows }) => only.includes(`${features}x${rows}`));
  const isFit = only.includes(FIT);
  if (only.length > 0 && asked.length === 0 && !isFit)
    throw new Error(
      `--only: write one of ${FIT}, ${SHAPES.map(({ features, rows }) => `${features}x${rows}`).join(', ')}`,
    );
  const found: Found[] = [];
  for (const shape of only.length > 0 ? asked : quick ? SHAPES.slice(0, 3) : SHAPES)
    found.push(await pin(shape));
  return report(found, only.length === 0 || isFit ? await fitted() : null);
}

async function pin(shape: Shape): Promise<Found> {
  const app = await launch({ now: new Date(START + HOURS * HOUR) });
  try {
    const file = join(app.directory, 'references', `${shape.features}x${shape.rows}.csv`);
    await mkdir(join(app.directory, 'references'));
    await write(file, shape);
    const yaml = `key: wide\ntask: binary\npositive: bad\nlimits: { features: ${shape.features} }\n`;
    await registerModel(app, yaml);
    const live = watchLive(app);
    let liveMs = 0;
    const took = await timed(async () => {
      await pinned(app, file, shape.rows).finally(async () => (liveMs = await live.stop()));
    });
    return { ...shape, ...took, liveMs };
  } finally {
    await app.close();
  }
}

async function pinned(app: Launched, file: string, rows: number): Promise<void> {
  const answer = await app.query<{
    baselinePin: { model: { baseline: { rows: number } | null } | null; userErrors: { message: string }[] };
  }>(
    'mutation ($file: String!) { baselinePin(input: { model: "wide", file: $file }) { model { baseline { rows } } userErrors { message } } }',
    { file },
  );
  const { model, userErrors } = answer.baselinePin;
  if (model?.baseline?.rows !== rows) throw new Error(userErrors[0]?.message ?? 'nothing was pinned');
}

/** Rows of normals that share some factors, so that there are correlations to mine; a score, and a truth that follows it. */
async function write(file: string, { features, rows }: Shape): Promise<void> {
  const random = lcg(19);
  const normal = normals(random);
  const out = createWriteStream(file);
  const names = Array.from({ length: features }, (_, i) => `x${i}`);
  out.write(`${['ts', ...names, 'prediction_score', 'actual_label'].join(',')}\n`);
  for (let row = 0; row < rows; row += 1) {
    const factors = Array.from({ length: FACTORS }, normal);
    const values = names.map((_, i) => (0.6 * (factors[i % FACTORS] ?? 0) + 0.8 * normal()).toFixed(4));
    const score = random();
    const ts = new Date(START + Math.floor((row * HOURS * HOUR) / rows)).toISOString();
    const line = [ts, ...values, score.toFixed(4), random() < score ? 'bad' : 'good'].join(',');
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

const WATCH = `
  const { parentPort, workerData } = require('node:worker_threads');
  let [longest, going] = [0, true];
  parentPort.once('message', () => (going = false));
  (async () => {
    while (going) {
      const began = performance.now();
      await (await fetch(workerData)).text();
      longest = Math.max(longest, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    parentPort.postMessage(longest);
  })();`;

/** Asks for /health/live from a thread of its own until it is stopped. */
function watchLive({ url }: Launched): { stop(): Promise<number> } {
  const worker = new Worker(WATCH, { eval: true, workerData: `${url}/health/live` });
  return {
    stop: async () => {
      worker.postMessage('stop');
      const [longest] = (await once(worker, 'message')) as [number];
      return longest;
    },
  };
}

const name = ({ features, rows }: Shape) => `${features} features × ${rows.toLocaleString('en')} rows`;

function pinTable(found: readonly Found[]): BenchTable {
  return {
    title: 'Pinning a reference from a CSV file',
    columns: ['reference', 's', 'CPU, s', 'longest stall, ms', 'longest /health/live, ms'],
    rows: found.map((one) => [
      name(one),
      one.seconds.toFixed(1),
      one.cpu.toFixed(1),
      one.stallMs.toFixed(0),
      one.liveMs.toFixed(0),
    ]),
  };
}

function fitTable({ freeze, fit, heldBytes, judge }: Fitted): BenchTable {
  const line = (what: string, { seconds, cpu }: Took, target: string) => [
    what,
    `${(1000 * seconds).toFixed(0)} ms`,
    `${(1000 * cpu).toFixed(0)} ms`,
    target,
  ];
  return {
    title: 'A reference of 25 features and 28 days of hourly windows',
    columns: ['what', 'took', 'CPU', 'target'],
    rows: [
      line('frozen from its rows', freeze, ''),
      line('fitted', fit, `${FIT_TARGETS.fitSeconds} s`),
      ['held in memory', `${(heldBytes / 1e6).toFixed(2)} MB`, '', ''],
      line('an hour judged from its minutes', judge, `${FIT_TARGETS.judgeMs} ms`),
    ],
  };
}

function fitNumbers(fit: Fitted | null): Readonly<Record<string, number>> {
  return fit === null
    ? {}
    : { freezeSeconds: fit.freeze.seconds, fitSeconds: fit.fit.seconds, fitCpuSeconds: fit.fit.cpu, heldBytes: fit.heldBytes, judgeMs: 1000 * fit.judge.seconds, judgeCpuMs: 1000 * fit.judge.cpu }; // prettier-ignore
}

function report(found: readonly Found[], fit: Fitted | null): BenchReport {
  const held = found.filter(({ target }) => target !== null);
  const missed = held.filter(({ target, seconds }) => target !== null && seconds > target);
  const outcome = held.length === 0 ? 'not measured' : missed.length === 0 ? 'reached' : 'missed';
  return {
    bench: 'pin',
    tables: [...(found.length === 0 ? [] : [pinTable(found)]), ...(fit === null ? [] : [fitTable(fit)])],
    numbers: {
      ...Object.fromEntries(
        found.flatMap((one) => [
          [`seconds: ${name(one)}`, one.seconds],
          [`cpu: ${name(one)}`, one.cpu],
          [`live_ms: ${name(one)}`, one.liveMs],
        ]),
      ),
      ...fitNumbers(fit),
    },
    notes: [
      `target: 600 features × 2,000 rows in 20 s; ${outcome}. One process writes nothing else meanwhile; the engine has its threads.`,
    ],
  };
}

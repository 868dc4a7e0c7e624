import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lcg } from '../../../src/stats/lcg.js';
import { ClickhouseDatabase } from '../../../src/store/clickhouse.database.js';
import { Log } from '../../../src/telemetry/log.js';
import { ClickhouseFront } from '../../support/clickhouse-front.js';
import { ReplicaProcess } from '../../support/replica-process.js';
import type { Part, Terms } from './part.js';

const SIZES = { full: { models: 120, minutes: 24 }, quick: { models: 12, minutes: 8 } } as const;
const MINUTE = 60_000;
const ROWS = 30;
const REFERENCE_MINUTES = 150;
/** Minutes at the end that wait for stragglers. */
const OPEN_MINUTES = 4;
const LOOK_MS = 500;

interface Fleet {
  readonly models: number;
  readonly minutes: number;
}

interface Shared {
  readonly processes: number;
  /** Judged windows, and those of them that are different ones. */
  readonly judged: number;
  readonly distinct: number;
  /** Seconds of CPU of each process between the first row and the last verdict. */
  readonly cpu: readonly number[];
  readonly seconds: number;
}

/** The same rows judged by one process and by three on one store: who worked how much, and whether anything was done twice. */
export async function sharedWork({ size, say }: Terms): Promise<Part> {
  const runs: Shared[] = [];
  for (const processes of [1, 3]) {
    say(`${processes} on one store`);
    runs.push(await together(SIZES[size], processes));
  }
  return report(SIZES[size], runs);
}

async function together(fleet: Fleet, processes: number): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-shared-'));
  await write(folder, fleet);
  const front = await ClickhouseFront.start({ directory: join(folder, 'server') });
  const replicas: ReplicaProcess[] = [];
  try {
    const environment = {
      CLICKHOUSE_URL: front.url,
      TIDEWATCH_MODELS_DIR: join(folder, 'models'),
      TIDEWATCH_POLICIES_DIR: join(folder, 'policies'),
    };
    for (let i = 0; i < processes; i += 1)
      replicas.push(await ReplicaProcess.start(`process-${i}`, environment));
    return await measured(fleet, replicas, front);
  } finally {
    await Promise.all(replicas.map(async (replica) => replica.end('SIGTERM')));
    await front.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, { models }: Fleet): Promise<void> {
  for (const name of ['models', 'policies']) await mkdir(join(folder, name));
  const random = lcg(7);
  const reference = Array.from({ length: REFERENCE_MINUTES * ROWS }, (_, i) => {
    const ts = new Date(Date.UTC(2026, 0, 1) + Math.floor(i / ROWS) * MINUTE).toISOString();
    return JSON.stringify({ ts, x: 20 * random() });
  });
  const file = join(folder, 'reference.ndjson');
  await writeFile(file, reference.join('\n'));
  for (let i = 0; i < models; i += 1)
    await writeFile(
      join(folder, 'models', `${keyOf(i)}.yaml`),
      `key: ${keyOf(i)}\ntask: regression\nwindow: 1m\nseason: none\nbaseline: { file: ${file} }\n`,
    );
}

async function measured(
  fleet: Fleet,
  replicas: readonly ReplicaProcess[],
  front: ClickhouseFront,
): Promise<Shared> {
  const [first] = replicas;
  if (!first) throw new Error('no process was started');
  const database = await ClickhouseDatabase.open({ url: front.url, log: Log.silent() });
  try {
    await untilAll(first, fleet, replicas.length);
    const before = await Promise.all(replicas.map(cpuOf));
    const began = performance.now();
    const start = Math.floor(Date.now() / MINUTE) * MINUTE - 600 * MINUTE;
    for (let minute = 0; minute < fleet.minutes; minute += 1) {
      const to = replicas[minute % replicas.length] ?? first;
      const answer = await to.post('/v1/predictions', rowsOf(fleet, start, minute));
      if (answer.status !== 200) throw new Error(`the rows of the benchmark were refused: ${answer.status}`);
    }
    const wanted = (fleet.minutes - OPEN_MINUTES) * fleet.models;
    let found = await countOf(database);
    for (; found.distinct < wanted; found = await countOf(database)) await sleep(LOOK_MS);
    const seconds = (performance.now() - began) / 1000;
    const after = await Promise.all(replicas.map(cpuOf));
    const cpu = after.map((used, i) => used - (before[i] ?? 0));
    return { processes: replicas.length, ...found, cpu, seconds };
  } finally {
    await database.close();
  }
}

/** Every process knows the others, and every model has its reference. */
async function untilAll(by: ReplicaProcess, { models }: Fleet, processes: number): Promise<void> {
  const asked = '{ replicas { models } models(first: 200) { nodes { baseline { rows } } } }';
  for (;;) {
    const found = await by.query<{
      replicas: readonly { models: number | null }[];
      models: { nodes: readonly { baseline: object | null }[] };
    }>(asked);
    const shared = found.replicas.reduce((sum, replica) => sum + (replica.models ?? 0), 0);
    const isFrozen = found.models.nodes.every(({ baseline }) => baseline !== null);
    if (found.replicas.length === processes && shared === models && isFrozen) return;
    await sleep(LOOK_MS);
  }
}

function rowsOf({ models }: Fleet, start: number, minute: number): string {
  const random = lcg(minute + 1);
  return Array.from({ length: models * ROWS }, (_, i) => {
    const model = keyOf(i % models);
    const ts = start + minute * MINUTE + Math.floor(i / models) * 1000;
    return JSON.stringify({ prediction_id: `${minute}-${i}`, model, model_version: '1', ts, features: { x: 20 * random() }, prediction: { value: i } }); // prettier-ignore
  }).join('\n');
}

/** Judgements of the inputs in the ledger. */
async function countOf(database: ClickhouseDatabase): Promise<Pick<Shared, 'judged' | 'distinct'>> {
  const [found] = await database.query<{ judged: number; distinct: number }>(
    `SELECT count() AS judged, uniqExact(model, at) AS distinct FROM (
       SELECT JSONExtractString(entry, 'data', 'model') AS model, JSONExtractString(window, 'from') AS at, JSONExtractString(window, 'track') AS track
       FROM ledger ARRAY JOIN JSONExtractArrayRaw(entry, 'data', 'windows') AS window WHERE action = 'window.evaluated')
     WHERE track = 'inputs'`,
  );
  return { judged: Number(found?.judged ?? 0), distinct: Number(found?.distinct ?? 0) };
}

async function cpuOf({ url }: ReplicaProcess): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (?<seconds>[0-9.e+-]+)/mu.exec(text)?.groups?.['seconds'] ?? NaN);
}

const keyOf = (i: number) => `model-${i}`;

function report({ models, minutes }: Fleet, runs: readonly Shared[]): Part {
  /** Windows by second of the busiest: what they would be by the clock with a core each. */
  const rate = ({ judged, cpu }: Shared) => judged / cpu.reduce((a, b) => Math.max(a, b), 0);
  const [alone, three] = runs;
  const gain = alone && three ? rate(three) / rate(alone) : NaN;
  return {
    table: {
      title: `${models} models × ${minutes} one-minute windows on one store`,
      columns: ['processes', 'judged', 'twice', 'by the clock', 'CPU of each'],
      rows: runs.map(({ processes, judged, distinct, seconds, cpu }) => [
        String(processes),
        String(judged),
        String(judged - distinct),
        `${seconds.toFixed(1)} s`,
        cpu.map((used) => `${used.toFixed(1)} s`).join(', '),
      ]),
    },
    numbers: {
      sharedGain: gain,
      judgedTwice: runs.reduce((sum, { judged, distinct }) => sum + judged - distinct, 0),
    },
    note: `With a core each, three processes would judge ${gain.toFixed(1)} × what one does, by the CPU of the busiest (target 2.5; models are divided by a hash, so that of few one process has more than its third); nothing may be judged twice.`,
  };
}

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RawEvent } from '../../src/domain/event.js';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import { HttpIngest } from '../../src/ingest/http/http-ingest.js';
import { LANDING_SETTINGS, LANDING_TABLE, landingColumns } from '../../src/ingest/landing/landing-columns.js';
import type { Database } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { hostileEvent } from '../ingest/hostile-event.js';
import { seeded } from '../support/random.js';
import { openTestDatabase } from '../support/database.js';
import { kafkaUnavailable } from '../support/kafka-broker.js';
import { contractEvent } from './ingest/contract-event.js';
import { measure, type Measured } from './ingest/measure.js';
import { run as kafka } from './kafka.js';
import { run as profiles } from './profiles.js';
import { against, type BenchOptions, type BenchReport } from './report.js';

const CLIENT = fileURLToPath(new URL('ingest/http-client.mjs', import.meta.url));
/** Of the engine that is fed from memory, and of a lonely event. */
const TARGETS = { httpPercent: 80, singleMs: 20 } as const;
/** Rows the writer puts into one insert. */
const AN_INSERT = 50_000;
const RULE = {
  key: 'credit-default',
  task: 'binary',
  positive: 'bad',
  pastMs: 90 * 86_400_000,
  futureMs: 3_600_000,
} as const;

/**
 * The same events by every way in, in one run: straight into the landing table (the limit), through the writer in large and in
 * small writes, as NDJSON over HTTP from another process; then the cost of one event alone, and a count of hostile payloads. Beside it
 * Kafka, where a broker can be started, and the recomputation of minute profiles.
 */
export async function run(options: BenchOptions): Promise<BenchReport> {
  const parts = [await waysIn(options), await profiles(options)];
  const missing = kafkaUnavailable();
  if (missing === null) parts.splice(1, 0, await kafka(options));
  return {
    bench: 'ingest',
    tables: parts.flatMap(({ tables }) => tables),
    numbers: Object.fromEntries(parts.flatMap(({ numbers }) => Object.entries(numbers))),
    notes: [
      ...parts.flatMap(({ notes }) => notes),
      ...(missing === null ? [] : [`Kafka was not measured: it ${missing}.`]),
    ],
  };
}

async function waysIn({ quick }: BenchOptions): Promise<BenchReport> {
  const opened = await openTestDatabase();
  const { database } = opened;
  const now = Date.now();
  const events = quick ? 40_000 : 200_000;
  const rounds = quick ? 2 : 4;
  const random = seeded(1);
  const bytes = Array.from({ length: events }, (_, i) => contractEvent(random, i, now));
  const clock = { now: () => new Date() };
  const writer = new EventWriter({
    database,
    rules: () => [RULE],
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
  });
  try {
    await writer.write(asEvents(bytes.slice(0, 1000), now));
    const ways = [
      await measure(
        'engine alone: parse check of the same bytes',
        events,
        rounds,
        parseCheck(database, bytes),
      ),
      await measure('engine from memory', events, rounds, fromMemory(database, asEvents(bytes, now))),
      await measure(
        'EventWriter, one large write',
        events,
        rounds,
        async () => void (await writer.write(asEvents(bytes, now))),
      ),
      await measure(
        'EventWriter, 1000 a write, all at once',
        events,
        rounds,
        inParts(writer, asEvents(bytes, now), 1000),
      ),
      await overHttp(writer, bytes, rounds),
    ];
    const alone = async (name: string, value: Buffer) =>
      measure(name, 1, 10, async () => void (await writer.write(asEvents([value], now))));
    const [first = Buffer.alloc(0)] = bytes;
    const singles = {
      plain: await alone('one event alone', first),
      judged: await alone('one event alone, with a field nobody knows', withExtra(first)),
    };
    return report(ways, singles, await hostile(writer, quick ? 10_000 : 100_000, now));
  } finally {
    await opened.close();
  }
}

let offset = 0n;
function asEvents(values: readonly Buffer[], receivedAt: number): RawEvent[] {
  return values.map((value) => ({
    kind: 'prediction',
    topic: 'bench',
    partition: 0,
    offset: (offset += 1n),
    receivedAt,
    value,
  }));
}

/** An event with a field that nobody knows is for the landing views to judge. */
function withExtra(event: Buffer): Buffer {
  return Buffer.from(event.toString().replace('{', '{"extra":1,'));
}

/** What merely looking at every byte costs: it moves with the machine's mood, so ratios to it hold on a busy one too. */
function parseCheck(database: Database, values: readonly Buffer[]): () => Promise<void> {
  let filled: Promise<void> | null = null;
  const fill = async () => {
    await database.command('CREATE TABLE IF NOT EXISTS bench_bytes (raw String) ENGINE = Memory');
    await database.insertColumns('bench_bytes', [{ name: 'raw', type: 'Bytes', values }]);
  };
  return async () => {
    await (filled ??= fill());
    await database.query('SELECT sum(isValidJSON(raw)) FROM bench_bytes', { settings: { max_threads: 1 } });
  };
}

function fromMemory(database: Database, events: readonly RawEvent[]): () => Promise<void> {
  return async () => {
    for (let from = 0; from < events.length; from += AN_INSERT)
      await database.insertColumns(
        LANDING_TABLE,
        landingColumns(events.slice(from, from + AN_INSERT), BigInt(from)),
        {
          settings: LANDING_SETTINGS,
        },
      );
  };
}

function inParts(writer: EventWriter, events: readonly RawEvent[], size: number): () => Promise<void> {
  const parts = Array.from({ length: Math.ceil(events.length / size) }, (_, i) =>
    events.slice(i * size, (i + 1) * size),
  );
  return async () => void (await Promise.all(parts.map(async (part) => writer.write(part))));
}

async function overHttp(writer: EventWriter, values: readonly Buffer[], rounds: number): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-bench-'));
  const file = join(directory, 'events.ndjson');
  const requests = 4;
  const lines = values.slice(0, values.length / requests);
  await writeFile(file, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
  const server = await serve(new HttpIngest({ writer, clock: { now: () => new Date() }, partition: 1 }));
  let client: ChildProcess | null = null;
  try {
    const { port } = server.address() as AddressInfo;
    const other = fork(CLIENT, [String(port), String(requests), file]);
    client = other;
    await told(other);
    return await measure('HTTP NDJSON, client beside it', lines.length * requests, rounds, async () => {
      other.send('go');
      await told(other);
    });
  } finally {
    client?.kill();
    server.close();
    await rm(directory, { recursive: true });
  }
}

/** Resolves with the next word of the client; rejects when it ends instead. */
async function told(client: ChildProcess): Promise<void> {
  const ended = once(client, 'exit').then(([code]) => {
    throw new Error(`the client ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  await Promise.race([once(client, 'message'), ended]);
}

async function serve(http: HttpIngest): Promise<Server> {
  const server = createServer((request, response) => {
    const contentType = request.headers['content-type'] ?? null;
    http
      .accept({ kind: 'prediction', body: request, contentType, encoding: null, idempotencyKey: null })
      .then(
        (answer) => response.end(JSON.stringify(answer)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Every payload must be counted once; how many were understood is told for interest. */
async function hostile(
  writer: EventWriter,
  count: number,
  now: number,
): Promise<{ sent: number; stored: number; dead: number }> {
  const random = seeded(7);
  const events = asEvents(
    Array.from({ length: count }, () => hostileEvent(random, now)),
    now,
  );
  const { stored, dead } = await writer.write(events);
  return { sent: count, stored, dead: dead.length };
}

function report(
  ways: readonly Measured[],
  { plain, judged }: { readonly plain: Measured; readonly judged: Measured },
  odd: { sent: number; stored: number; dead: number },
): BenchReport {
  const limit = ways[1]?.eventsPerSecond ?? NaN;
  const http = ways.at(-1);
  return {
    bench: 'ingest',
    tables: [
      {
        title: 'Events of about 600 bytes, 25 features',
        columns: ['way', 'events/s', 'CPU µs/event', 'of the engine from memory'],
        rows: ways.map(({ name, eventsPerSecond, cpuMicros }) => [
          name,
          Math.round(eventsPerSecond).toLocaleString('en'),
          cpuMicros.toFixed(2),
          `${Math.round((100 * eventsPerSecond) / limit)} %`,
        ]),
      },
    ],
    numbers: {
      ...Object.fromEntries(
        ways.map(({ name, eventsPerSecond }) => [`events_per_second: ${name}`, Math.round(eventsPerSecond)]),
      ),
      ...Object.fromEntries(
        ways.map(({ name, cpuMicros }) => [`cpu_micros: ${name}`, Math.round(cpuMicros * 100) / 100]),
      ),
      single_event_ms: Math.round(1000 / plain.eventsPerSecond),
      single_event_cpu_ms: Math.round(plain.cpuMicros / 1000),
      single_judged_event_ms: Math.round(1000 / judged.eventsPerSecond),
      single_judged_event_cpu_ms: Math.round(judged.cpuMicros / 1000),
      hostile_sent: odd.sent,
      hostile_stored: odd.stored,
      hostile_dead: odd.dead,
    },
    notes: [
      against(
        'HTTP, of the engine from memory',
        (100 * (http?.eventsPerSecond ?? NaN)) / limit,
        TARGETS.httpPercent,
        'at least',
        ' %',
      ),
      against('One event alone', 1000 / plain.eventsPerSecond, TARGETS.singleMs, 'at most', ' ms'),
      `One event alone: ${timesOf(plain)}; one with a field that nobody knows: ${timesOf(judged)}.`,
      `Of ${odd.sent} hostile payloads ${odd.stored} were stored and ${odd.dead} became dead letters.`,
    ],
  };
}

function timesOf({ eventsPerSecond, cpuMicros }: Measured): string {
  return `${(1000 / eventsPerSecond).toFixed(0)} ms, of which CPU ${(cpuMicros / 1000).toFixed(0)} ms`;
}

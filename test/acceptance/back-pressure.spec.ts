import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClickhouseFront } from '../support/clickhouse-front.js';
import { freePort } from '../support/local-server.js';
import { layStore } from '../support/store-template.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ADMIN_KEY = 'an-admin-key-for-the-tests-0123456789';
const PATIENCE = 240_000;
const STREAMS = 10;
/** Bytes of one event and of one stream: together far more than the service takes into memory. */
const EVENT_BYTES = 50_000;
const EVENTS = 1_000;
const NOTE = 'x'.repeat(EVENT_BYTES);

let folder: string;
let front: ClickhouseFront;
let service: ChildProcess;
let url: URL;

beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('build first: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-pressure-'));
  await mkdir(join(folder, 'models'));
  await writeFile(join(folder, 'models', 'price.yaml'), 'key: price\ntask: regression\n');
  layStore(join(folder, 'server'));
  front = await ClickhouseFront.start({ directory: join(folder, 'server') });
  url = new URL(`http://127.0.0.1:${await freePort()}`);
  service = spawn(process.execPath, [PROGRAM, 'serve'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: url.port,
      CLICKHOUSE_URL: front.url,
      TIDEWATCH_ADMIN_KEY: ADMIN_KEY,
      UV_THREADPOOL_SIZE: '16',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const text of service.stdout ?? []) if (String(text).includes('Tidewatch is ready on')) break;
}, PATIENCE);

afterAll(async () => {
  front?.resume();
  if (service && service.exitCode === null) {
    const gone = once(service, 'exit');
    service.kill('SIGKILL');
    await gone;
  }
  await front?.stop();
  await rm(folder, { recursive: true, force: true });
}, PATIENCE);

/** One NDJSON request that writes as fast as the service reads. */
class Stream {
  sent = 0;
  readonly answer: Promise<{ readonly status: number; readonly accepted: number }>;

  constructor(readonly name: string) {
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' };
    const outgoing = request(new URL('/v1/predictions', url), { method: 'POST', headers });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    this.answer = answered.then(async ([response]) => {
      const body = JSON.parse(await textOf(response)) as { accepted?: number };
      return { status: response.statusCode ?? 0, accepted: body.accepted ?? 0 };
    });
    void this.write(outgoing);
  }

  private async write(outgoing: ReturnType<typeof request>): Promise<void> {
    for (let i = 0; i < EVENTS; i += 1) {
      const event = {
        prediction_id: `${this.name}-${i}`,
        model: 'price',
        ts: Date.now(),
        features: { note: NOTE },
        prediction: { value: i },
      };
      if (!outgoing.write(`${JSON.stringify(event)}\n`)) await once(outgoing, 'drain');
      this.sent += 1;
    }
    outgoing.end();
  }
}

/** Resident megabytes of the service. */
function residentMegabytes(): number {
  const [, kilobytes = '0'] =
    /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

const total = (streams: readonly Stream[]): number => streams.reduce((sum, { sent }) => sum + sent, 0);

/** Waits until nothing more is taken. */
async function stalled(streams: readonly Stream[]): Promise<void> {
  for (let before = -1; before !== total(streams);) {
    before = total(streams);
    await wait(1_500);
  }
}

it.skipIf(process.platform !== 'linux')(
  'a slow engine slows its clients, memory stays bounded, others are told to come back, and what is acknowledged is stored',
  { timeout: PATIENCE },
  async () => {
    const before = residentMegabytes();
    front.pause();
    const streams = Array.from({ length: STREAMS }, (_, i) => new Stream(`s${i}`));
    await stalled(streams);
    // of half a gigabyte that clients want to send
    expect(total(streams)).toBeLessThan(0.75 * STREAMS * EVENTS);
    expect(residentMegabytes() - before).toBeLessThan(900);

    const refused = await fetch(new URL('/v1/predictions', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'busy' });

    front.resume();
    let peak = 0;
    const watching = setInterval(() => (peak = Math.max(peak, residentMegabytes())), 100);
    const answers = await Promise.all(streams.map(async ({ answer }) => answer));
    clearInterval(watching);
    expect(answers).toEqual(streams.map(() => ({ status: 200, accepted: EVENTS })));
    expect(peak).toBeLessThan(1_500);

    const asked = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ model(key: "price") { counts { predictions deadLetters } } }' }),
    });
    expect(await asked.json()).toEqual({
      data: { model: { counts: { predictions: STREAMS * EVENTS, deadLetters: 0 } } },
    });
  },
);

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/local-server.js';
import { layStore } from '../support/store-template.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'dist/cli/main.js');
const KEY = 'an-admin-key-for-starts-and-stops-01';
const PATIENCE = 120_000;

let folder = '';
let port = 0;
let url = '';
const running: ChildProcess[] = [];

interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      TIDEWATCH_DATA_DIR: folder,
      TIDEWATCH_ADMIN_KEY: KEY,
      TIDEWATCH_DRAIN: '0s',
      LOG_FORMAT: 'json',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said: () => text, ended };
}

const serve = (environment: NodeJS.ProcessEnv = {}) => run(process.execPath, [PROGRAM, 'serve'], environment);

/** Waits until something is so, or the process ends, which is a failure. */
async function until(started: Started, is: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await is())) {
    if (started.child.exitCode !== null)
      throw new Error(`ended with ${started.child.exitCode}:\n${started.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ready = async (started: Started) =>
  until(started, () => started.said().includes('Tidewatch is ready on'));

async function get(
  path: string,
): Promise<{ status: number; json: unknown; text: string; headers: Headers } | null> {
  try {
    const response = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${KEY}`, connection: 'close' },
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      json: text.startsWith('{') ? JSON.parse(text) : null,
      headers: response.headers,
    };
  } catch {
    return null;
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-stop-'));
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  await rm(folder, { recursive: true, force: true });
});

describe('starting', () => {
  it('hears SIGTERM while it starts, and ends with 0', { timeout: PATIENCE }, async () => {
    const started = serve();
    await until(
      started,
      async () => (await get('/health/live')) !== null || started.said().includes('ready'),
    );
    started.child.kill('SIGTERM');
    expect(await started.ended, started.said()).toBe(0);
  });

  it(
    'waits for a ClickHouse that is not there yet: alive, not ready, and says for what',
    { timeout: PATIENCE },
    async () => {
      const started = serve({ CLICKHOUSE_URL: `http://u:secret-of-mine@127.0.0.1:${await freePort()}/x` });
      await until(started, () => started.said().includes('waiting for the store'));
      expect(started.said()).toMatch(/ClickHouse at 127\.0\.0\.1:\d+ \(CLICKHOUSE_URL\)/);
      expect(started.said()).not.toContain('secret-of-mine');
      expect(await get('/health/live')).toMatchObject({ status: 200 });
      expect(await get('/health/ready')).toMatchObject({
        status: 503,
        json: { status: 'unavailable', parts: { store: expect.stringContaining('CLICKHOUSE_URL') } },
      });
      started.child.kill('SIGTERM');
      expect(await started.ended, started.said()).toBe(0);
    },
  );

  it(
    'waits for a predecessor that was told to end or killed, instead of giving up',
    { timeout: PATIENCE },
    async () => {
      const first = serve();
      await ready(first);
      first.child.kill('SIGTERM');
      const second = serve();
      await ready(second);
      expect(await first.ended).toBe(0);
      second.child.kill('SIGKILL');
      const third = serve();
      await ready(third);
    },
  );
});

describe('files that say nothing or what cannot be', () => {
  beforeEach(() => layStore(join(folder, 'engine')));

  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  };

  it(
    'are refused all at once by name, and the admin key of a first start is not lost',
    { timeout: PATIENCE },
    async () => {
      const models = join(folder, 'models');
      await write('models/a.yaml', 'key: one\ntask: regression\n');
      await write('models/b.yaml', 'key: one\ntask: regression\n');
      const channels = await write(
        'channels.yaml',
        'channels: { default: [{ kind: webhook, url: "https://h.example", secret: plain }] }',
      );
      const wrong = serve({
        TIDEWATCH_ADMIN_KEY: '',
        TIDEWATCH_MODELS_DIR: models,
        TIDEWATCH_CHANNELS_FILE: channels,
        TIDEWATCH_POLICIES_DIR: join(folder, 'nowhere'),
      });
      expect(await wrong.ended).toBe(2);
      expect(wrong.said()).toMatch(/a\.yaml and .*b\.yaml both describe the model "one"/);
      expect(wrong.said()).toMatch(/TIDEWATCH_POLICIES_DIR: there is no .*nowhere/);
      expect(wrong.said()).toMatch(/secret: a webhook secret must start with whsec_/);
      await rm(join(models, 'b.yaml'));
      const mended = serve({ TIDEWATCH_ADMIN_KEY: '', TIDEWATCH_MODELS_DIR: models });
      await ready(mended);
      expect(mended.said()).toMatch(/Admin key, shown this once: tw_/);
      mended.child.kill('SIGINT');
      expect(await mended.ended).toBe(0);
    },
  );

  it('are warned of when they can be read but will not do what they say', { timeout: PATIENCE }, async () => {
    await write('models/a.yaml', 'key: one\ntask: regression\nbaseline: { file: reference.csv }\n');
    const channels = await write(
      'channels.yaml',
      'channels: { default: [{ kind: slack, channel: C0123456789 }, { kind: email, to: a@example.org }] }',
    );
    const retraining = await write(
      'retraining.yaml',
      'retraining: { targets: { t: { kind: github, repository: a/b, token: x } }, models: { two: { target: t } } }',
    );
    const started = serve({
      HOST: '0.0.0.0',
      TIDEWATCH_MODELS_DIR: join(folder, 'models'),
      TIDEWATCH_CHANNELS_FILE: channels,
      TIDEWATCH_RETRAINING_FILE: retraining,
      TIDEWATCH_POLICIES_DIR: dirname(await write('no-policies/README.md', 'none yet')),
      TIDEWATCH_SERVICE_HOST: '10.0.0.1',
    });
    await ready(started);
    for (const warning of [
      'SLACK_BOT_TOKEN is not set',
      'SMTP_URL is not set',
      `no policy is in force, so nothing that is found becomes an incident and nobody is told: no files in ${join(folder, 'no-policies')}`,
      'retraining is set up for the model \\"two\\", which is not known (known: one)',
      'model one: baseline.file \\"reference.csv\\" is not there',
      'PUBLIC_URL is not set, but HOST is 0.0.0.0',
      'TIDEWATCH_SERVICE_HOST: not settings of ours',
    ])
      expect(started.said()).toContain(warning);
    expect(await get('/health/ready')).toMatchObject({
      status: 200,
      json: { status: 'degraded', parts: { policies: expect.stringMatching(/^none is in force/) as string, channels: expect.stringMatching(/default: slack .*SLACK_BOT_TOKEN.*email .*SMTP_URL is not set/) as string } },
    }); // prettier-ignore
    // It is taken from beside the model file when it appears.
    const rows = Array.from({ length: 400 }, (_, i) => `${i % 17},${(i % 17) * 2}`);
    await write('models/reference.csv', ['size,prediction_value', ...rows].join('\n'));
    await until(started, () => started.said().includes('baseline pinned'));
    started.child.kill('SIGINT');
    expect(await started.ended, started.said()).toBe(0);
  });
});

describe('serving and stopping', () => {
  beforeEach(() => layStore(join(folder, 'engine')));

  let started: Started;

  it(
    'is degraded and not away while Kafka is away, keeps idle connections, and stops in order',
    { timeout: PATIENCE },
    async () => {
      started = serve({ KAFKA_BROKERS: `127.0.0.1:${await freePort()}`, TIDEWATCH_DRAIN: '1s' });
      await ready(started);
      await until(started, async () =>
        JSON.stringify((await get('/health/ready'))?.json).includes('degraded'),
      );
      expect(await get('/health/ready')).toMatchObject({
        status: 200,
        json: {
          status: 'degraded',
          parts: { store: 'ok', kafka: expect.stringMatching(/^failed: .*:\d+|^connecting to .+:\d+/) },
        },
      });
      expect(await get('/')).toMatchObject({ status: 200 });

      // A request whose body is still on its way when the stop is asked for.
      const slow = request(`${url}/v1/labels`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-ndjson' },
      });
      const answered = once(slow, 'response');
      slow.write('{"type":"label","prediction_id":"a","model":"nobody",');
      await new Promise<void>((resolve) =>
        slow.once('socket', (socket) => socket.once('connect', () => resolve())),
      );
      started.child.kill('SIGTERM');
      await until(started, async () => (await get('/health/ready'))?.status === 503);
      expect(await get('/health/ready')).toMatchObject({ json: { parts: { process: 'stopping' } } });
      // Everything else goes on during the drain.
      expect(await get('/')).toMatchObject({ status: 200 });
      while ((await get('/health/live')) !== null) await new Promise((resolve) => setTimeout(resolve, 50));
      slow.end('"ts":"2026-11-25T10:00:00Z","label":"bad"}\n');
      const [response] = (await answered) as [IncomingMessage];
      expect(response.statusCode).toBe(200);
      response.resume();
      expect(await started.ended, started.said()).toBe(0);
    },
  );

  it('keeps an idle connection longer than a load balancer does', { timeout: PATIENCE }, async () => {
    started = serve({ TIDEWATCH_KEEP_ALIVE: '620s' });
    await ready(started);
    const response = await fetch(`${url}/health/live`);
    expect(response.headers.get('keep-alive')).toBe('timeout=620');
    await response.text();
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
  });

  it('gives up a stop that takes too long', { timeout: PATIENCE }, async () => {
    started = serve({ TIDEWATCH_DRAIN: '10m', TIDEWATCH_STOP_WITHIN: '2s' });
    await ready(started);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(1);
    expect(started.said()).toContain('stopping took too long');
  });
});

describe('npm start', () => {
  let started: Started;
  it('leaves nothing running when it is told to end', { timeout: 2 * PATIENCE }, async () => {
    started = run('npm', ['start'], { HOME: folder });
    await ready(started);
    started.child.kill('SIGTERM');
    await started.ended;
    const next = serve();
    await ready(next);
    next.child.kill('SIGTERM');
    expect(await next.ended, next.said()).toBe(0);
  });
});

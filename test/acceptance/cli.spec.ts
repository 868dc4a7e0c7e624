import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/local-server.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));
const ADMIN_KEY = 'an-admin-key-for-the-command-line';
const MODEL =
  'key: credit-default\ntask: binary\npositive: bad\nowner: risk-team\nfeatures: { age: { type: numeric } }\n';
const PATIENCE = 240_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The last line of standard output, parsed. */
  readonly json: Record<string, unknown>;
}

let folder = '';
let environment: NodeJS.ProcessEnv = {};
const running: ChildProcess[] = [];

function launch(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function tidewatch(...args: readonly string[]): Promise<Ended> {
  const child = launch(args);
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const last = out.trimEnd().split('\n').at(-1) ?? '';
  return { code, out, err, json: last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : {} };
}

/** Resolves when the service says that it is ready. */
async function serve(): Promise<ChildProcess> {
  const child = launch(['serve']);
  running.push(child);
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Tidewatch is ready on')) resolve(child);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('close', () => reject(new Error(`the service ended:\n${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}

beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('build first: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-cli-'));
  await mkdir(join(folder, 'models'));
  await writeFile(join(folder, 'models', 'credit-default.yaml'), MODEL);
  environment = {
    PATH: process.env['PATH'],
    PORT: String(await freePort()),
    TIDEWATCH_POLICIES_DIR: POLICIES,
    TIDEWATCH_ADMIN_KEY: ADMIN_KEY,
  };
});

afterAll(async () => {
  await Promise.all(running.map(stop));
  await rm(folder, { recursive: true, force: true });
});

describe('the command line', () => {
  it(
    'tells wrong usage, wrong files and missing data apart, each without a stack trace',
    { timeout: PATIENCE },
    async () => {
      await writeFile(join(folder, 'broken.yaml'), 'key: broken\ntusk: y\n');
      const usage = await tidewatch('key', 'revoke', '--reason', 'lost');
      const check = await tidewatch('model', 'check', 'models', 'broken.yaml', '--json');
      const noData = await tidewatch('audit', 'verify', '--json');
      expect([usage.code, check.code, noData.code]).toEqual([2, 1, 2]);
      expect(usage.err).toContain("missing required argument 'id'");
      expect(check.json['files']).toMatchObject([{ key: 'credit-default', problems: [] }, { key: null }]);
      expect(JSON.stringify(check.json)).toContain('task is missing');
      expect(noData.json).toMatchObject({ error: { code: 'no_data' } });
      expect(`${usage.err}${check.err}${noData.err}`).not.toMatch(/\n\s+at /);
    },
  );

  it(
    'says in words what is in a policy file, and tests it under two names',
    { timeout: PATIENCE },
    async () => {
      const file = join(POLICIES, 'default.yaml');
      const [explained, tested, folderAlone] = await Promise.all([
        tidewatch('policy', 'explain', file),
        tidewatch('policy', 'test', file, '--json'),
        tidewatch('policy', 'explain', POLICIES),
      ]);
      expect([explained.code, tested.code, folderAlone.code]).toEqual([0, 0, 2]);
      expect(explained.out).toMatch(
        /rule drift: feature_drift[^]*critical: where [^]*else warning: [^]*over: after 2 windows/u,
      );
      expect(tested.json['policies']).toMatchObject([{ id: 'default' }]);
      expect(folderAlone.err).toContain('name one policy file');
    },
  );

  it(
    'opens the store when nobody holds it, and goes through the service when one does',
    { timeout: PATIENCE },
    async () => {
      const created = await tidewatch('key', 'create', 'scoring', '--scope', 'ingest', '--json');
      expect(created.code, created.err).toBe(0);
      expect(created.err).toContain('opening the store');
      expect(created.json['token']).toMatch(/^tw_/);

      const service = await serve();
      await writeFile(join(folder, 'history.ndjson'), history().join('\n'));
      // Two years ago: only as of then it is not too old.
      const now = await tidewatch('replay', 'history.ndjson', '--json');
      const then = await tidewatch('replay', 'history.ndjson', '--again', '--as-of', '2024-06-02', '--json');
      expect(now.err).toContain('through the service');
      expect([now.code, now.json['accepted'], now.json['codes']]).toEqual([
        1,
        0,
        { timestamp_out_of_range: 3 },
      ]);
      expect([then.code, then.json['accepted'], then.json['rejected']], then.err).toEqual([0, 3, 0]);
      const repeated = await tidewatch('replay', 'history.ndjson', '--json');
      expect([repeated.code, repeated.json['events']]).toEqual([0, 0]);

      // What was taken in the end is no open letter any more.
      const letters = await tidewatch('dead-letters', 'list', '--code', 'timestamp_out_of_range', '--json');
      expect(letters.json['deadLetters']).toEqual([]);
      const shown = await tidewatch('model', 'show', 'credit-default', '--json');
      expect(shown.json['counts']).toEqual({ predictions: 2, elsewhere: 0, labels: 1, deadLetters: 0 });

      const exported = await tidewatch('audit', 'export', '--out', 'ledger.ndjson', '--json');
      expect(exported.code, exported.err).toBe(0);
      await stop(service);
    },
  );

  it('checks an export without a store, and finds a changed word', { timeout: PATIENCE }, async () => {
    const verified = await tidewatch('audit', 'verify', 'ledger.ndjson', '--json');
    expect([verified.code, verified.json['valid']]).toEqual([0, true]);
    expect(verified.err).not.toContain('store');
    const text = readFileSync(join(folder, 'ledger.ndjson'), 'utf8');
    expect(text).toContain('risk-team');
    await writeFile(join(folder, 'changed.ndjson'), text.replace('risk-team', 'RISK-team'));
    const changed = await tidewatch('audit', 'verify', 'changed.ndjson', '--json');
    expect([changed.code, changed.json['valid']]).toEqual([1, false]);
  });

  it('says what is wrong and what to do about it', { timeout: PATIENCE }, async () => {
    const trained = (model: string, secret: string) =>
      `retraining: { targets: { jobs: { kind: webhook, url: "https://jobs.example", secret: "${secret}" } }, models: { ${model}: { target: jobs } } }\n`;
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    await writeFile(join(folder, 'retraining.yaml'), trained('credit-defualt', secret));
    const well = await tidewatch('doctor', '--json');
    expect(well.code, well.out).toBe(0);
    const findings = well.json['findings'] as { name: string; state: string; detail: string }[];
    const states = Object.fromEntries(findings.map((one) => [one.name, one.state]));
    expect(findings.find(({ name }) => name === 'retraining')).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining(
        '"credit-defualt", which is not known (known: credit-default)',
      ) as string,
    });
    await writeFile(join(folder, 'retraining.yaml'), trained('credit-default', 'whsec_no base64 at all'));
    expect(states).toMatchObject({
      models: 'ok',
      policies: 'ok',
      store: 'ok',
      schema: 'ok',
      ledger: 'ok',
      channels: 'warn',
      'policies in force': 'ok',
    });
    await mkdir(join(folder, 'older'));
    const newer = readFileSync(join(POLICIES, 'default.yaml'), 'utf8');
    const older = newer.replace(/version: (\d+)/u, (_, n) => `version: ${Number(n) - 1}`);
    await writeFile(join(folder, 'older', 'default.yaml'), older);
    const usual = environment;
    environment = { ...usual, TIDEWATCH_POLICIES_DIR: join(folder, 'older') };
    await writeFile(join(folder, 'models', 'second.yaml'), 'key: second\n');
    const ill = await tidewatch('doctor');
    environment = usual;
    expect(ill.code).toBe(1);
    expect(ill.out).toMatch(/FAIL\s+models [^]*?task is missing/);
    expect(ill.out).toMatch(
      /warn\s+policies in force [^]*?: version \d+ of default is not in force[^]*?tidewatch policy show default/,
    );
    expect(ill.out).toContain('tidewatch model check');
    expect(ill.out).toMatch(
      /FAIL\s+retraining [^]*?retraining\.targets\.jobs\.secret: a whsec_ secret must be base64/,
    );
  });

  it('looks and makes nothing, names what is not there, and says of no fact more than the start does', { timeout: PATIENCE }, async () => {
    const [data, models] = [join(folder, 'nowhere', 'data'), join(folder, 'nowhere', 'models')];
    const [channels, retraining] = [join(folder, 'mail.yaml'), join(folder, 'faulty.yaml')];
    await writeFile(channels, 'channels: { default: [{ kind: email, to: a@example.org }] }\n');
    await writeFile(retraining, 'retraining: { targets: { jobs: { kind: pigeon } }, models: { laon: { target: jobs } } }\n');
    const usual = environment;
    environment = { ...usual, TIDEWATCH_URL: '', TIDEWATCH_DATA_DIR: data, TIDEWATCH_MODELS_DIR: models, TIDEWATCH_CHANNELS_FILE: channels, TIDEWATCH_RETRAINING_FILE: retraining };
    const found = await tidewatch('doctor');
    environment = usual;
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    expect(found.out).toMatch(/warn\s+models\s+TIDEWATCH_MODELS_DIR: there is no \S+nowhere\/models/);
    expect(found.out).toMatch(/FAIL\s+retraining [^]*?targets\.jobs\.kind/);
    expect(found.out).toMatch(/warn\s+retraining [^]*?"laon", which is not known/);
    expect(found.out).toMatch(/warn\s+channels [^]*?SMTP_URL is not set/);
  }); // prettier-ignore

  it('ends a demo that cannot start, and leaves nothing running', { timeout: PATIENCE }, async () => {
    await mkdir(join(folder, 'demo'));
    await writeFile(join(folder, 'demo', 'channels.yaml'), 'channels: 7\n');
    const ended = await tidewatch('demo', '--exit', '--port', '0', '--data', join(folder, 'demo'));
    expect(ended.code, ended.err).toBe(2);
    expect(ended.err).toContain('channels');
  });
});

function history(): string[] {
  const identity = { model: 'credit-default', model_version: '1' };
  const prediction = (id: string, minute: number) => ({
    type: 'prediction',
    prediction_id: id,
    ...identity,
    ts: `2024-06-01T10:0${minute}:00Z`,
    features: { age: 40 + minute },
    prediction: { label: 'good', score: 0.2 },
  });
  const label = {
    type: 'label',
    prediction_id: 'a',
    model: 'credit-default',
    ts: '2024-06-01T12:00:00Z',
    label: 'bad',
  };
  return [prediction('a', 1), prediction('b', 2), label].map((event) => JSON.stringify(event));
}

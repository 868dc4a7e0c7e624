import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LABEL_FIELDS, PREDICTION_FIELDS, REJECT_CODES } from '../../src/domain/event.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const run = promisify(execFile);
const PATIENCE = 180_000;
const text = await readFile(new URL('../../docs/events.md', import.meta.url), 'utf8');

/** The fenced blocks of the document in one language. */
function blocks(language: string): string[] {
  return [...text.matchAll(/^```(.+)\n([^]*?)^```$/gmu)].flatMap(([, name, block]) =>
    name === language && block !== undefined ? [block] : [],
  );
}

/** Why a program cannot be run here; null when it can. */
function absent(program: string): string | null {
  const { error, status } = spawnSync(program, ['--version'], { timeout: 30_000 });
  return error || status !== 0 ? `${program} does not start: ${error?.message ?? `code ${status}`}` : null;
}

const models: readonly { readonly key: string }[] = parseAllDocuments(blocks('yaml').join('')).map(
  (document) => document.toJS() as { key: string },
);

describe('docs/events.md', () => {
  let app: Launched;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidewatch-events-'));
    await mkdir(join(directory, 'models'));
    for (const model of models)
      await writeFile(join(directory, 'models', `${model.key}.yaml`), JSON.stringify(model));
    app = await launch({ now: new Date(), directory });
  }, PATIENCE);
  afterAll(async () => app?.close());

  async function programAnswers(program: string, args: readonly string[]): Promise<unknown[]> {
    const environment = { ...process.env, TIDEWATCH_URL: app.url, KEY: ADMIN_KEY, NO_PROXY: '127.0.0.1' };
    const { stdout } = await run(program, args, { env: environment, timeout: PATIENCE });
    const json = stdout.replaceAll("'", '"').trim().split('\n');
    return json.map((line) => JSON.parse(line) as unknown);
  }

  const taken = (accepted: number) => ({ accepted, rejected: [] });

  it(
    'has curl that sends what it shows',
    async ({ skip }) => {
      const reason = absent('curl') ?? absent('bash');
      if (reason !== null) return skip(reason);
      const answers = await programAnswers('bash', ['-euc', blocks('bash').join('\n')]);
      expect(answers).toEqual([taken(1), taken(1), taken(2), taken(1)]);
      return undefined;
    },
    PATIENCE,
  );

  it(
    'has Python that sends what it shows',
    async ({ skip }) => {
      const reason = absent('python3');
      if (reason !== null) return skip(reason);
      const answers = await programAnswers('python3', ['-c', blocks('python').join('\n')]);
      expect(answers).toEqual([taken(3), taken(1)]);
      return undefined;
    },
    PATIENCE,
  );

  it('shows events that are taken as they stand', async () => {
    const events = blocks('json').map((block) => JSON.parse(block) as object);
    const answer = await app.send(
      '/v1/events',
      events.map((event) => ({ ...event, ts: app.clock.now().getTime() })),
    );
    expect([events.length, answer.rejected]).toEqual([2, []]);
  });

  it('shows the answer that such a body gets', async () => {
    const event = { model: 'flat-rent', features: {}, prediction: { value: 1 } };
    const [one, two, three] = [1, 2, 3].map((i) => ({ ...event, prediction_id: `answer-${i}` }));
    const ts = app.clock.now().getTime();
    const { status, ...answer } = await app.send('/v1/predictions', [
      { ...one, ts },
      { ...two },
      { ...three, ts },
    ]);
    expect([status, answer]).toEqual([200, JSON.parse(blocks('json answer').join('')) as unknown]);
  });

  it.each([
    ['no key', 401, 'unauthenticated', { authorization: 'Bearer tw_wrong' }, '{}'],
    ['no JSON', 400, 'not_json', {}, '{'],
    ['no UTF-8', 400, 'invalid_utf8', {}, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an encoding nobody knows', 415, 'unknown_encoding', { 'content-encoding': 'zip' }, '{}'],
    ['bytes that are no gzip', 400, 'bad_encoding', { 'content-encoding': 'gzip' }, '{}'],
  ])('lists the answer to %s', async (_, status, code, headers, body) => {
    const response = await fetch(`${app.url}/v1/predictions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', ...headers },
      body,
    });
    expect([response.status, await response.json()]).toMatchObject([status, { code }]);
    expect(text).toMatch(new RegExp(`^\\| ${status} .*\`${code}\``, 'mu'));
  });

  it('has every field of both kinds and, in the document it points to, every reason', async () => {
    const [, predictions = '', labels = ''] = text.split(/^## A (?:prediction|label)$/mu);
    const missing = (fields: readonly string[], section: string) =>
      fields.filter((name) => !section.includes(`\n| \`${name}\` `));
    expect(missing(PREDICTION_FIELDS, predictions)).toEqual([]);
    expect(missing(LABEL_FIELDS, labels)).toEqual([]);
    const reasons = await readFile(new URL('../../docs/dead-letters.md', import.meta.url), 'utf8');
    expect(REJECT_CODES.filter((code) => !reasons.includes(`| \`${code}\` `))).toEqual([]);
  });
});

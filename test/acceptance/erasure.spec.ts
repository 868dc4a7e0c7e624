import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { STAGED_ID } from '../../src/pipeline/staged-id.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const NOW = new Date('2026-11-20T10:20:00Z');
const PERSON = 'customer-q7Zx81Kw';
const NEIGHBOUR = 'customer-q7Zx81Kw2';
const SECRET = 'mail-of-q7Zx81Kw-only';

let app: Launched;
let folder: string;

const row = (i: number, subject: string, model = 'credit') => ({
  prediction_id: `${model}-${subject}-${i}`,
  model,
  model_version: '1',
  ts: NOW.getTime() - (i % 5) * HOUR,
  subject,
  features: { x: i },
  prediction: { value: i },
  tags: { note: subject === PERSON ? SECRET : 'nothing' },
});
const label = ({ prediction_id, model, ts }: ReturnType<typeof row>) => ({
  prediction_id,
  model,
  ts,
  label: 1,
});

beforeAll(async () => {
  app = await launch({ now: NOW });
  folder = app.directory;
  for (const [key, risk] of [
    ['credit', 'low'],
    ['lives', 'high'],
  ])
    await registerModel(
      app,
      `key: ${key}\ntask: regression\nwindow: 1h\nrisk: { impact: ${risk}, frequency: ${risk} }`,
    );
  const rows = [PERSON, NEIGHBOUR].flatMap((who) => Array.from({ length: 20 }, (_, i) => row(i, who)));
  expect(await app.send('/v1/predictions', rows)).toMatchObject({ accepted: 40 });
  expect(await app.send('/v1/labels', rows.map(label))).toMatchObject({ accepted: 40 });
  const refused = [
    { ...row(99, PERSON), ts: 'yesterday' },
    { ...label(row(3, PERSON)), label: { what: SECRET } },
    { note: `the file of ${PERSON}, again` },
    { ...row(99, NEIGHBOUR), ts: 'yesterday' },
  ];
  expect(await app.send('/v1/predictions', refused)).toMatchObject({ accepted: 0 });
  app.clock.set(new Date(NOW.getTime() + HOUR));
  await app.tick();
  // As a training leaves them whose process died.
  await app.service.database.command(
    `INSERT INTO staged_labels (run, ts, id) SELECT '${'0'.repeat(32)}', ts, ${STAGED_ID} FROM predictions`,
  );
}, 120_000);
afterAll(async () => app.close());

/** Files of the data folder that hold a text. */
const filesWith = async (text: string): Promise<readonly string[]> => {
  const found = await promisify(execFile)('grep', ['-rlaF', '--', text, folder]).catch(() => ({
    stdout: '',
  }));
  return found.stdout.split('\n').filter(Boolean);
};

interface Answer {
  readonly erasure: { id: string; state: string; entry: number; rows: object[]; models: object[]; approvedBy: string | null } | null;
  readonly found: readonly object[];
  readonly outlook: object | null;
  readonly userErrors: readonly { code: string; message: string }[];
} // prettier-ignore

const erase = async (input: object): Promise<Answer> => {
  const { subjectErase } = await app.query<{ subjectErase: Answer }>(
    `mutation ($input: SubjectEraseInput!) { subjectErase(input: $input) { found { table rows } outlook { decision highRisk firstAskedBy holds { id } before { entry } }
      erasure { id state entry approvedBy rows { table rows } models { model rows from to } } userErrors { code message } } }`,
    { input },
  );
  return subjectErase;
};

const countOf = async (table: string, where: string): Promise<number> => {
  const [found] = await app.service.database.query<{ n: number }>(
    `SELECT count() AS n FROM ${table} WHERE ${where}`,
  );
  return found?.n ?? 0;
};

const rowsOf = (predictions: number, labels: number, letters: number) => [
  { table: 'labels', rows: labels },
  { table: 'staged_labels', rows: predictions },
  { table: 'inference_halves', rows: 0 },
  { table: 'dead_letters', rows: letters },
  { table: 'predictions', rows: predictions },
];

it('says what would go, and wants a reason', async () => {
  expect(await erase({ subject: PERSON, reason: '', dryRun: true })).toMatchObject({ erasure: null, found: rowsOf(20, 20, 3) });
  // As a refused event that was taken since lies there before it is merged: twice, and it is one.
  await app.service.database.command(
    `INSERT INTO dead_letters SELECT * FROM dead_letters WHERE position(raw, '${PERSON}') > 0 AND position(raw, '${NEIGHBOUR}') = 0`,
  );
  expect(await erase({ subject: PERSON, reason: '', dryRun: true })).toMatchObject({ found: rowsOf(20, 20, 3) });
  expect((await erase({ subject: PERSON, reason: ' ' })).userErrors).toMatchObject([{ code: 'reason_missing' }]);
  expect((await filesWith(PERSON)).length).toBeGreaterThan(1);
  expect((await filesWith(SECRET)).length).toBeGreaterThan(0);
}); // prettier-ignore

it('G-18, Q21: erases a person with the bytes, keeps the sums and every proof, and says in the ledger what went', async () => {
  const aggregates = await countOf('performance_1m', "model = 'credit'");
  const before = app.service.ledger.size;
  const { erasure, userErrors } = await erase({ subject: PERSON, reason: 'request 4711' });
  expect(userErrors).toEqual([]);
  expect(erasure).toMatchObject({
    state: 'DONE',
    rows: [
      { table: 'dead_letters', rows: 3 },
      { table: 'labels', rows: 20 },
      { table: 'predictions', rows: 20 },
      { table: 'staged_labels', rows: 20 },
    ],
    models: [
      { model: 'credit', rows: 20, from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
    ],
  });
  for (const text of [`${PERSON}"`, `${PERSON}-`, SECRET]) expect(await filesWith(text)).toEqual([]);
  // Compressed bytes can hide from a search: no part of before may be left.
  const emptied = "('predictions', 'labels', 'dead_letters', 'prediction_minutes', 'erasing')";
  expect(await countOf('system.parts', `NOT active AND table IN ${emptied}`)).toBe(0);
  expect(await readdir(join(folder, 'erasing'))).toEqual([]);
  expect(await countOf('predictions', `subject = '${NEIGHBOUR}'`)).toBe(20);
  expect(await countOf('labels', `startsWith(prediction_id, 'credit-${NEIGHBOUR}')`)).toBe(20);
  expect(await countOf('dead_letters', '1')).toBe(1);
  expect(await countOf('prediction_minutes', '1')).toBe(20);
  expect(await countOf('staged_labels', '1')).toBe(20);
  expect(await countOf('performance_1m', "model = 'credit'")).toBe(aggregates);
  expect(await app.service.ledger.verify()).toMatchObject({ valid: true });
  const entries = await app.service.ledger.read({ after: before, limit: 10 });
  expect(entries.map(({ action, data }) => [action, data['reason']])).toEqual([
    ['subject.erasure_requested', 'request 4711'],
    ['subject.erased', 'request 4711'],
  ]);
  // Both by who asked, whichever process did it.
  expect(new Set(entries.map(({ actor }) => actor.id)).size).toBe(1);
}); // prettier-ignore

it('says who is not there, and hides nothing of what was done when somebody asks again', async () => {
  const size = app.service.ledger.size;
  expect((await erase({ subject: 'costumer-q7Zx81Kw', reason: 'a slip' })).userErrors).toMatchObject([{ code: 'nobody_found' }]);
  const outlookOf = async (subject: string) => (await erase({ subject, reason: '', dryRun: true })).outlook;
  expect(await outlookOf('costumer-q7Zx81Kw')).toMatchObject({ decision: 'ABSENT', before: null });
  const { entry } = (await erase({ subject: PERSON, reason: 'to be sure' })).erasure!;
  expect(await outlookOf(PERSON)).toMatchObject({ decision: 'DONE', before: { entry } });
  expect(app.service.ledger.size).toBe(size);
  const meant = await erase({ subject: 'nobody-yet', reason: 'they wrote first', evenIfAbsent: true });
  expect(meant.erasure).toMatchObject({ state: 'DONE', rows: [] });
  const { erasures } = await app.query<{ erasures: readonly object[] }>('{ erasures { state reason rows { table rows } } }');
  expect(erasures).toMatchObject([
    { state: 'DONE', reason: 'they wrote first', rows: [] },
    { state: 'DONE', reason: 'request 4711', rows: [{ table: 'dead_letters', rows: 3 }, {}, {}, { table: 'staged_labels' }] },
  ]);
  expect(await app.send('/v1/predictions', [row(1, 'nobody-yet')])).toMatchObject({ accepted: 0 });
}); // prettier-ignore

it('refuses what comes of the person later, and keeps nothing of it', async () => {
  const late = [row(30, PERSON), row(30, NEIGHBOUR)];
  const answer = await app.send('/v1/predictions', late);
  expect(answer).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'erased_subject' }] });
  const labels = [label(row(3, PERSON)), label(row(3, NEIGHBOUR))];
  expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'erased_subject' }] });
  const broken = `{"subject": "${PERSON}", "prediction_id": "x`;
  const headers = { authorization: `Bearer an-admin-key-for-the-tests-0123456789`, 'content-type': 'application/x-ndjson' };
  await fetch(`${app.url}/v1/predictions`, { method: 'POST', body: broken, headers });
  expect(await filesWith(`${PERSON}"`)).toEqual([]);
  expect(await countOf('dead_letters', "code = 'erased_subject' AND raw = ''")).toBe(4);
}); // prettier-ignore

it('says of a verdict that rests on such rows why it cannot be recomputed', async () => {
  const { verdictRecompute } = await app.query<{ verdictRecompute: { records: readonly { difference: string }[] } }>(
    'query ($from: DateTime!) { verdictRecompute(model: "credit", version: "1", from: $from) { records { difference } } }',
    { from: '2026-11-20T09:00:00Z' },
  );
  const { erasures } = await app.query<{ erasures: { entry: number; reason: string }[] }>('{ erasures { entry reason } }');
  const entry = erasures.find(({ reason }) => reason === 'request 4711')?.entry;
  expect(verdictRecompute.records[0]?.difference).toBe(
    `cannot be judged again: 4 rows are gone since; they were of people who were erased, as entry ${entry} says`,
  );
  // and that excuses no result that somebody wrote
  await app.service.database.command("ALTER TABLE check_results UPDATE effect = 7 WHERE model = 'credit' AND window_from = toDateTime('2026-11-20 09:00:00', 'UTC')", { settings: { mutations_sync: 1 } });
  const { verdictRecompute: after } = await app.query<{ verdictRecompute: { records: readonly { difference: string; isDeleted: boolean }[] } }>(
    'query ($from: DateTime!) { verdictRecompute(model: "credit", version: "1", from: $from) { records { difference isDeleted } } }',
    { from: '2026-11-20T09:00:00Z' },
  );
  expect(after.records).toContainEqual({ difference: expect.stringMatching(/^results of revision \d+: their digest is recorded as/u), isDeleted: false });
}); // prettier-ignore

it('asks for a second person where a model of high risk has rows', async () => {
  const who = 'patient-17c9';
  await app.send('/v1/predictions', [row(1, who, 'lives')]);
  const outlook = async () => (await erase({ subject: who, reason: '', dryRun: true })).outlook;
  expect(await outlook()).toEqual({ decision: 'SECOND_PERSON', highRisk: ['lives'], firstAskedBy: null, holds: [], before: null });
  const first = await erase({ subject: who, reason: 'asked by mail' });
  expect(await outlook()).toMatchObject({ decision: 'SECOND_PERSON', firstAskedBy: expect.any(String) as string });
  expect(first).toMatchObject({ erasure: null, userErrors: [{ code: 'second_person_needed' }] });
  expect((await erase({ subject: who, reason: 'again' })).userErrors).toMatchObject([{ code: 'second_person_needed' }]);
  expect(await countOf('predictions', `subject = '${who}'`)).toBe(1);
  const second = { actor: { type: 'key', id: 'somebody-else' }, name: 'somebody else' } as const;
  expect(await app.service.erasing.ask(who, { reason: 'seen and agreed' }, second)).toMatchObject({
    state: 'DONE',
    reason: 'asked by mail',
    approvedBy: second.actor,
  });
  expect(await countOf('predictions', `subject = '${who}'`)).toBe(0);
}); // prettier-ignore

it('goes on after a stop in the middle', { timeout: 60_000 }, async () => {
  const who = 'patient-18d0';
  await app.send('/v1/predictions', [row(2, who), row(3, who)]);
  const hash = app.service.erasing.hashOf(who);
  await app.service.ledger.transact((at) => [
    {
      action: 'subject.erasure_requested',
      actor: { type: 'user', id: 'dpo' },
      at,
      subject: { type: 'data_subject', id: hash },
      data: { reason: 'asked' },
    },
  ]);
  await mkdir(join(folder, 'erasing'), { recursive: true });
  await writeFile(join(folder, 'erasing', hash), who);
  await app.stop();
  app = await launch({ now: NOW, directory: folder });
  expect(app.service.stages.erasures.find(hash)?.state).toBe('RUNNING');
  await app.service.erasing.resume();
  expect(app.service.stages.erasures.find(hash)).toMatchObject({ state: 'DONE', erased: { rows: { predictions: 2 } } });
  expect(await filesWith(who)).toEqual([]);
  expect(await app.send('/v1/labels', [label(row(2, who))])).toMatchObject({ accepted: 0 });
}); // prettier-ignore

import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const DAY = 86_400_000;
const NOW = new Date();
const ROWS = 40;

let app: Launched;

beforeAll(async () => {
  app = await launch({ now: NOW, environment: { TIDEWATCH_KEEP_RESULTS: '500d' } });
  for (const [key, more] of [
    ['short', 'keep: { events: 150d }'],
    ['usual', ''],
  ]) {
    const yaml = `key: ${key}\ntask: regression\nwindow: 1h\nlabels: { expectedWithin: 30d }\n${more}`;
    expect(await registerModel(app, yaml)).toEqual([]);
    const rows = Array.from({ length: ROWS }, (_, i) => ({
      prediction_id: `${key}-${i}`,
      model: key,
      model_version: '1',
      ts: NOW.getTime() - DAY + i * 300_000,
      ...(key === 'short' && i === 0 ? { subject: 'ada' } : {}),
      features: { x: i },
      prediction: { value: i },
    }));
    const labels = rows.map(({ prediction_id, model, ts }) => ({ prediction_id, model, ts, label: 1 }));
    expect(await app.send('/v1/predictions', rows)).toMatchObject({ status: 200, accepted: ROWS });
    expect(await app.send('/v1/labels', labels)).toMatchObject({ status: 200, accepted: ROWS });
  }
  expect(await app.send('/v1/predictions', [{ nothing: true }])).toMatchObject({ accepted: 0 });
  await app.tick();
}, 120_000);
afterAll(async () => app.close());

const rowsOf = async (table: string, model: string): Promise<number> => {
  const [row] = await app.service.database.query<{ n: number }>(
    `SELECT count() AS n FROM ${table} WHERE model = {model:String}`,
    { params: { model } },
  );
  return row?.n ?? 0;
};

interface Hold {
  readonly hold: { readonly id: string } | null;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

const hold = async (field: 'legalHoldPlace' | 'legalHoldRelease', input: object): Promise<Hold> => {
  const type = field === 'legalHoldPlace' ? 'LegalHoldPlaceInput' : 'LegalHoldReleaseInput';
  const answer = await app.query<Record<string, Hold>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { hold { id } userErrors { code message } } }`,
    { input },
  );
  return answer[field]!;
};

const page = async (): Promise<string> => {
  const headers = { cookie: `tidewatch_key=${ADMIN_KEY}` };
  return (await fetch(`${app.url}/retention`, { headers })).text();
};

interface Deleted {
  readonly subject: { readonly id: string };
  readonly data: { readonly tables: Readonly<Record<string, number>> };
}

const deleted = async (): Promise<readonly string[]> => {
  const { auditEvents } = await app.query<{ auditEvents: { nodes: readonly Deleted[] } }>(
    '{ auditEvents(first: 50, filter: { actions: ["data.deleted"] }, orderBy: { direction: ASC }) { nodes { subject { id } data } } }',
  );
  return auditEvents.nodes.flatMap(({ subject, data }) =>
    Object.entries(data.tables).map(([table, rows]) => `${subject.id} ${table} ${rows}`),
  );
};

const after = async (days: number): Promise<void> => {
  app.clock.set(new Date(NOW.getTime() + days * DAY));
  await app.service.retention.tidy(app.service.stages);
};

it('keeps everything at first, and what may still come in or change', async () => {
  await after(0);
  await after(110);
  expect(await deleted()).toEqual(['dead_letters dead_letters 1']);
  expect(await rowsOf('predictions', 'short')).toBe(ROWS);
});

it('G-17: refuses a model of high risk whose records would go within six months', async () => {
  const yaml = 'key: grave\ntask: regression\nrisk: { impact: high, frequency: high }\nkeep: { events: 30d }';
  const { modelRegister } = await app.query<{ modelRegister: Pick<Hold, 'userErrors'> }>(
    'mutation ($yaml: String!) { modelRegister(input: { yaml: $yaml }) { userErrors { code message } } }',
    { yaml },
  );
  expect(modelRegister.userErrors[0]?.message).toMatch(/^keep.events: 30d is less than the 184d/u);
});

it('G-17: deletes nothing that a hold keeps, by age or by erasure, until it is released with a reason', async () => {
  const placed = await hold('legalHoldPlace', { model: 'short', reason: 'case 12' });
  const id = placed.hold?.id ?? '';
  expect((await hold('legalHoldPlace', { model: 'shirt', reason: 'x' })).userErrors[0]?.message).toMatch(/known: short, usual/u);
  const { model } = await app.query<{ model: { retention: readonly { holds: readonly string[] }[] } }>(
    '{ model(key: "short") { retention { holds } } }',
  );
  expect(model.retention[0]?.holds).toEqual([id]);
  await after(152);
  for (const table of ['predictions', 'labels']) expect([table, await rowsOf(table, 'short')]).toEqual([table, ROWS]);
  const erase = 'mutation { subjectErase(input: { subject: "ada", reason: "asked" }) { userErrors { code message } } }';
  const { subjectErase } = await app.query<{ subjectErase: Pick<Hold, 'userErrors'> }>(erase);
  expect(subjectErase.userErrors).toEqual([{ code: 'held', message: expect.stringContaining(id) as string }]);
  const look = 'mutation { subjectErase(input: { subject: "ada", reason: "", dryRun: true }) { outlook { decision holds { id reason } } } }';
  expect(await app.query(look)).toEqual({ subjectErase: { outlook: { decision: 'HELD', holds: [{ id, reason: 'case 12' }] } } });
  expect(await app.query('{ erasures { state reason holds } }')).toEqual({ erasures: [{ state: 'REFUSED', reason: 'asked', holds: [id] }] });
  expect(await page()).toContain(`held by ${id}`);
  expect((await hold('legalHoldRelease', { id, reason: '' })).userErrors).toMatchObject([{ code: 'reason_missing' }]);
  expect((await hold('legalHoldRelease', { id, reason: 'settled' })).userErrors).toEqual([]);
  expect(await page()).toMatch(/released [\d: -]+ by [^<]+: settled/u);
  const { auditEvents } = await app.query<{ auditEvents: { nodes: readonly { action: string }[] } }>(
    '{ auditEvents(first: 9, filter: { actions: ["hold.placed", "hold.released", "subject.erasure_refused"] }, orderBy: { direction: ASC }) { nodes { action } } }',
  );
  expect(auditEvents.nodes.map(({ action }) => action)).toEqual(['hold.placed', 'subject.erasure_refused', 'hold.released']);
}); // prettier-ignore

it('lets the events of a model go that says so, and no others', async () => {
  await after(154);
  expect(await rowsOf('predictions', 'short')).toBe(0);
  expect(await rowsOf('labels', 'short')).toBe(0);
  expect(await rowsOf('predictions', 'usual')).toBe(ROWS);
  const found = await deleted();
  expect(found).toContain(`short predictions ${ROWS}`);
  expect(found.filter((line) => line.startsWith('usual') && !line.includes('series_states'))).toEqual([]);
  const { retention } = await app.query<{
    retention: {
      nextAt: string;
      remarks: string[];
      deletions: readonly object[];
      deletedByClass: readonly object[];
    };
  }>(
    '{ retention { nextAt remarks deletions { model dataClass tables { table rows } rule } deletedByClass(since: "2026-01-01T00:00:00Z") { dataClass rule models } classes { name } } }',
  );
  expect(retention.deletions).toContainEqual({
    model: 'short',
    dataClass: 'events',
    tables: expect.arrayContaining([
      { table: 'predictions', rows: ROWS },
      { table: 'labels', rows: ROWS },
    ]) as object,
    rule: expect.stringMatching(/^keep.events of the model file: /u) as string,
  });
  expect(retention.deletedByClass).toContainEqual(
    expect.objectContaining({ dataClass: 'events', models: 1 }),
  );
  expect(new Date(retention.nextAt).getTime()).toBe(NOW.getTime() + 155 * DAY);
  expect(retention.remarks).toEqual([]);
  expect(await page()).toContain('predictions and labels');
});

it('lets events, summaries and results go in their time, and keeps windows, the newest memory and the ledger', async () => {
  const windows = await rowsOf('windows', 'usual');
  await after(402);
  for (const table of ['predictions', 'labels', 'prediction_minutes', 'performance_1m'])
    expect([table, await rowsOf(table, 'usual')]).toEqual([table, 0]);
  const results = await rowsOf('check_results', 'usual');
  await after(502);
  expect(await rowsOf('check_results', 'usual')).toBe(0);
  expect(results).toBeGreaterThan(0);
  expect(await rowsOf('windows', 'usual')).toBe(windows);
  expect(windows).toBeGreaterThan(1);
  expect(await rowsOf('series_states', 'usual')).toBe(1);
  expect((await app.service.ledger.verify()).valid).toBe(true);
});

it('says nothing where there is nothing to delete', async () => {
  const before = await deleted();
  await after(504);
  expect(await deleted()).toEqual(before);
});

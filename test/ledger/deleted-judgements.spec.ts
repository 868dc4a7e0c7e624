import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPack } from '../../src/cli/audit-verify-pack.js';
import { packageFolder } from '../../src/config/package-folder.js';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { Log } from '../../src/telemetry/log.js';
import { registerModel } from '../support/asked.js';
import { keepPicture, openBrowser, openContext, watchedPage } from '../support/browser.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const PER_HOUR = 12;
/** Hours of which judgements are deleted: that of the labels, both, and both with their results and what they left. */
const [OF_LABELS, BOTH, WITH_RESULTS] = [77, 80, 83] as const;
/** From here on nothing is left, also not in the numbers of all windows. */
const TAIL = 88;
const HOURS = 92;
let app: Launched;
let now = START;

const row = (of: number, i: number, id = `p-${of}-${i}`) => ({
  prediction_id: id, model: 'rent', model_version: '1', ts: new Date(START + of * HOUR + i * 200_000).toISOString(),
  features: { area: 80 + ((i * 37) % 41) }, prediction: { value: 10 + (i % 7) },
}); // prettier-ignore

async function send(first: number, last: number): Promise<void> {
  const rows = Array.from({ length: (last - first) * PER_HOUR }, (_, i) => row(first + Math.floor(i / PER_HOUR), i % PER_HOUR)); // prettier-ignore
  now = START + last * HOUR + 5 * 60_000;
  app.clock.set(new Date(now));
  await app.send('/v1/predictions', rows);
  await app.send('/v1/labels', rows.map(({ prediction_id, model, ts }, i) => ({ prediction_id, model, ts, label: 10 + (i % 5) }))); // prettier-ignore
}

async function beats(many: number): Promise<void> {
  for (let beat = 0; beat < many; beat++) {
    app.clock.advance(20 * 60_000);
    now += 20 * 60_000;
    await app.tick();
  }
}

/** The service stops, somebody writes its store, and it starts again, under policies that look otherwise at things. */
async function whileStopped(write: (store: ChdbDatabase) => Promise<void>): Promise<void> {
  await app.stop();
  const store = await ChdbDatabase.open({ path: join(app.directory, 'engine'), log: Log.silent() });
  await write(store).finally(async () => store.close());
  const policies = join(app.directory, 'policies');
  await cp(join(packageFolder(), 'policies'), policies, { recursive: true });
  const file = join(policies, 'default.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(/version: (\d+)/u, (_, version) => `version: ${Number(version) + 1}`),
  );
  now += 60_000;
  app = await launch({
    now: new Date(now),
    directory: app.directory,
    environment: { TIDEWATCH_POLICIES_DIR: policies },
  });
}

const gone = async (store: ChdbDatabase, table: string, where: string): Promise<void> =>
  store.command(`ALTER TABLE ${table} DELETE WHERE ${where}`, { settings: { mutations_sync: 1 } });
const seconds = (of: number) => (START + of * HOUR) / 1000;
const isOf = (of: number) => `window_from = fromUnixTimestamp(${seconds(of)})`;

interface Recorded {
  readonly from: string;
  readonly track: string;
  readonly revision: number;
}
const entriesOf = async (action: string) => app.service.ledger.read({ actions: [action], limit: 10_000 });
/** Windows with rows that entries of an action are about, as hour, track and revision. */
async function windowsOf(action: string): Promise<readonly string[]> {
  const all = (await entriesOf(action)).flatMap(({ data }) =>
    (data['windows'] as unknown as readonly Recorded[]).map((one) => ({ ...one, ...(data['track'] ? { track: data['track'] as string } : {}) })),
  ); // prettier-ignore
  const hours = all.map(({ from, track, revision }) => [(Date.parse(from) - START) / HOUR, track, revision] as const);
  return hours.filter(([of]) => of < HOURS).map((parts) => parts.join(' ')).sort();
} // prettier-ignore
const storedSince = async (at: number) =>
  app.service.database.query<{ from: number }>(
    `SELECT toUnixTimestamp(window_from) * 1000 AS from FROM windows WHERE evaluated_at >= fromUnixTimestamp64Milli({at:Int64}) AND window_from < fromUnixTimestamp(${seconds(HOURS)})`,
    { params: { at } },
  );
const told = async () => (await entriesOf('delivery.requested')).length;

beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  await registerModel(app, 'key: rent\ntask: regression\nwindow: 1h\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\n'); // prettier-ignore
  await send(0, REFERENCE_HOURS);
  await beats(2);
  for (const [first, last] of [[REFERENCE_HOURS, 82], [82, TAIL], [TAIL, HOURS], [HOURS, HOURS + 4]] as const) {
    await send(first, last);
    await beats(2);
  } // prettier-ignore
  expect(await windowsOf('window.evaluated')).toContain(`${HOURS - 1} labels 1`);
}, 240_000);
afterAll(async () => app?.close());

describe('judgements that were deleted while the service was stopped', () => {
  it('are not judged again, nor is what comes after them, and the operators are told at the start', async () => {
    const before = await windowsOf('window.evaluated');
    await whileStopped(async (store) => {
      await gone(store, 'windows', `${isOf(OF_LABELS)} AND track = 'labels'`);
      await gone(store, 'windows', isOf(BOTH));
      for (const table of ['windows', 'check_results']) await gone(store, table, isOf(WITH_RESULTS));
      await gone(store, 'series_states', `window_to = fromUnixTimestamp(${seconds(WITH_RESULTS + 1)})`);
    });
    const restarted = now;
    await beats(2);
    expect(await windowsOf('window.evaluated')).toEqual(before);
    expect(await storedSince(restarted)).toEqual([]);
    expect(await windowsOf('window.results_changed')).toEqual([
      `${OF_LABELS} labels 1`,
      `${BOTH} inputs 0`,
      `${BOTH} labels 1`,
      `${WITH_RESULTS} inputs 0`,
      `${WITH_RESULTS} labels 1`,
    ]);
    // What was done at once is told once, with the tracks that it was done to.
    const messages = (await entriesOf('delivery.requested')).map(({ data }) => JSON.stringify(data));
    expect(messages.filter((one) => one.includes('of the judgement of'))).toEqual([
      expect.stringContaining(
        'of the judgement of 2 windows by inputs and 3 by labels of rent 1 (the first from',
      ),
    ]);
  }, 240_000);

  it('also where the numbers of all windows were made to agree, and each is told once', async () => {
    const [before, tellings] = [await windowsOf('window.evaluated'), await told()];
    await whileStopped(async (store) => {
      await gone(store, 'windows', `window_from >= fromUnixTimestamp(${seconds(TAIL)})`);
      await gone(store, 'window_totals', '1');
      const [made] = (await readFile(join(packageFolder(), 'migrations/0041_window_totals.sql'), 'utf8')).match(/INSERT INTO window_totals[^;]+/u) ?? []; // prettier-ignore
      await store.command(made ?? '');
    });
    const restarted = now;
    await beats(2);
    expect(await windowsOf('window.evaluated')).toEqual(before);
    expect(await storedSince(restarted)).toEqual([]);
    const tail = Array.from({ length: HOURS - TAIL }, (_, i) => TAIL + i).flatMap((of) => [`${of} inputs 0`, `${of} labels 1`]); // prettier-ignore
    expect(await windowsOf('window.results_changed')).toEqual(expect.arrayContaining(tail));
    expect(await told()).toBeGreaterThan(tellings);
    const all = await told();
    await whileStopped(async () => Promise.resolve());
    await beats(2);
    expect(await told()).toBe(all);
  }, 240_000);

  it('stay so where a late row has the windows around them judged again', async () => {
    await app.send('/v1/predictions', [row(OF_LABELS - 1, 3, 'late')]);
    await beats(2);
    const again = (await windowsOf('window.evaluated')).filter((one) => / inputs [1-9]/u.test(one));
    expect(again).toContain(`${OF_LABELS} inputs 2`);
    for (const of of [BOTH, WITH_RESULTS, TAIL]) expect(again.join('\n')).not.toMatch(new RegExp(`^${of} `, 'mu')); // prettier-ignore
  }, 120_000);
});

/** What differs of an hour when it is judged again, by track. */
async function differences(of: number): Promise<readonly (readonly [string, string])[]> {
  const { verdictRecompute: found } = await app.query<{ verdictRecompute: { records: readonly { track: string; difference: string | null }[] } }>(
    'query ($from: DateTime!) { verdictRecompute(model: "rent", version: "1", from: $from) { records { track difference } } }',
    { from: new Date(START + of * HOUR).toISOString() },
  );
  return found.records.flatMap(({ track, difference }) => (difference === null ? [] : [[track, difference]]));
} // prettier-ignore

it('are named by a recomputation, each track for itself', async () => {
  const gone = 'the judgement is not stored';
  expect(await differences(OF_LABELS)).toEqual([['labels', gone]]);
  expect(await differences(BOTH)).toEqual([['labels', gone], ['inputs', gone]]); // prettier-ignore
}, 120_000);

it('they are on the pages, where a person says what was found out', async () => {
  const open = (await app.query<{ auditChanges: readonly object[] }>(
    '{ auditChanges { model track what foundAt judgedRows foundRows found } }',
  )).auditChanges; // prettier-ignore
  const one = { model: 'rent', what: 'results', judgedRows: null, foundRows: null, found: 'the judgement is not stored' }; // prettier-ignore
  expect(open).toContainEqual(expect.objectContaining(one));
  const browser = await openBrowser();
  try {
    const context = await openContext(browser, { width: 1280, scheme: 'light' });
    await context.addCookies([{ name: 'tidewatch_key', value: ADMIN_KEY, url: app.url }]);
    const { page, problems } = await watchedPage(context);
    const alerts = async (path: string) => {
      await page.goto(`${app.url}${path}`, { waitUntil: 'load' });
      return (await page.locator('[role=alert]').allInnerTexts()).join('\n').toLowerCase();
    };
    const banner = `${open.length} judged windows were changed in the database, the first of rent 1 from`;
    expect(await alerts('/models/rent')).toContain(banner);
    await keepPicture(page, 'model-changed');
    expect(await alerts('/audit')).toContain(banner);
    await keepPicture(page, 'audit-changed');
    const section = page.locator('#changes');
    expect(await section.locator('tbody tr').count()).toBe(open.length);
    await section.locator('input[name=note]').fill('the back-up of Monday was restored');
    await section.locator('button').click();
    await page.waitForLoadState('load');
    expect(await section.innerText()).toContain('the back-up of Monday was restored');
    await keepPicture(page, 'audit-reviewed');
    expect(await alerts('/audit')).not.toContain('changed in the database');
    expect(await alerts('/models/rent')).not.toContain('changed in the database');
    const hint = await page.locator('#looked-into').innerText();
    expect(hint).toContain(`${open.length} judged windows are not stored as judged`);
    expect(hint).toContain('the judgement is not stored');
    expect(await differences(OF_LABELS)).toEqual([
      ['labels', expect.stringMatching(/^the judgement is not stored \(looked into, as entry \d+ says\)$/u)],
    ]);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
}, 240_000);

it('an evidence pack says how many there are, and how many were looked into', async () => {
  const { auditChanges: known } = await app.query<{ auditChanges: readonly { isReviewed: boolean }[] }>(
    '{ auditChanges(includeReviewed: true) { isReviewed found erasedRows } }',
  );
  expect(known.length).toBeGreaterThan(5);
  const says = `note: ${known.length} judged windows are recorded as changed in the store (${known.filter(({ isReviewed }) => isReviewed).length} looked into)`;
  for (const of of ['', '?model=rent']) {
    const response = await fetch(`${app.url}/v1/audit/pack${of}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } }); // prettier-ignore
    const file = join(app.directory, 'evidence.tar');
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    const { ok, lines } = await verifyPack(file, {});
    expect([ok, lines]).toEqual([true, expect.arrayContaining([says])]);
  }
}, 120_000);

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { Log } from '../../src/telemetry/log.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const PER_HOUR = 30;
/** Hours in which something is changed while the service is stopped, and in which something comes after it, as it may. */
const [EDITED, AND_LATE, FORGED, UNSEEN, LABEL, LATE, CORRECTED, RESENT] = [76, 77, 78, 79, 80, 81, 82, 83] as const; // prettier-ignore
/** The same beside labels or rows that came late: one that is edited, one that is deleted, and a person who was erased. */
const [LATE_LABELS, DELETED, DELETED_LABEL, ERASED, AND_EDITED] = [84, 85, 86, 87, 88] as const;
/** Hours of the day of an erasure: one of which rows are deleted while the service runs, and one of which a row was said to be of the person. */
const [SAME_DAY, RELABELLED] = [90, 91] as const;
/** One of which a row is deleted before another row of it goes with its person. */
const BEFORE_ERASING = 89;
/** Predictions whose labels come late there. */
const UNLABELLED = [20, 21];
const HOURS = 92;
const YAML =
  'key: rent\ntask: regression\nwindow: 1h\nseason: day\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\n';
let app: Launched;
let now = START;
/** While the service is stopped. */
let store: ChdbDatabase | null = null;

const at = (of: number, i: number) => new Date(START + of * HOUR + i * 110_000).toISOString();
const prediction = (of: number, i: number, area = 80 + ((i * 37) % 41)) => ({
  prediction_id: `p-${of}-${i}`, model: 'rent', model_version: '1', ts: at(of, i),
  features: { area, region: i % 2 === 0 ? 'north' : 'south', floor: i % 5 }, prediction: { value: 10 + (i % 7) }, subject: i === 3 && of === BEFORE_ERASING ? 'a third' : (of === ERASED || of === AND_EDITED) && i === 3 ? 'somebody' : 'others',
}); // prettier-ignore
const label = (of: number, i: number, value = 10 + ((i * 3) % 7)) => ({
  prediction_id: `p-${of}-${i}`, model: 'rent', ts: at(of, i), label: value,
}); // prettier-ignore
const places = Array.from({ length: PER_HOUR }, (_, i) => i);

async function send(hours: readonly number[]): Promise<void> {
  now = Math.max(now, START + (Math.max(...hours) + 1) * HOUR + 5 * 60_000);
  app.clock.set(new Date(now));
  await app.send('/v1/predictions', hours.flatMap((of) => places.map((i) => prediction(of, i)))); // prettier-ignore
  const known = (of: number) =>
    of === LATE_LABELS || of === DELETED_LABEL ? places.filter((i) => !UNLABELLED.includes(i)) : places;
  await app.send('/v1/labels', hours.flatMap((of) => known(of).map((i) => label(of, i)))); // prettier-ignore
}

async function beats(): Promise<void> {
  app.clock.advance(20 * 60_000);
  now += 20 * 60_000;
  for (let beat = 0; beat < 2; beat++) await app.tick();
}

const change = async (sql: string): Promise<void> =>
  (store ?? app.service.database).command(sql, { settings: { mutations_sync: 1 } });
const edit = async (column: string, of: number): Promise<void> =>
  change(`ALTER TABLE predictions UPDATE ${column} WHERE prediction_id = 'p-${of}-3'`);
const MORE = 'num = mapApply((k, v) -> (k, v + 1000), num)';

interface Judged {
  readonly revision: number;
  readonly track: string;
}
async function judgementsOf(of: number): Promise<readonly Judged[]> {
  const entries = await app.service.ledger.read({ actions: ['window.evaluated'], limit: 10_000 });
  const from = new Date(START + of * HOUR).toISOString();
  return entries
    .flatMap(({ data }) => data['windows'] as unknown as readonly (Judged & { readonly from: string })[])
    .filter((window) => window.from === from);
}
const tracksOf = async (of: number) =>
  (await judgementsOf(of)).map(({ track, revision }) => `${track} ${revision}`);
async function said(action: 'window.rows_changed' | 'window.rows_replaced', of: number): Promise<number> {
  const from = new Date(START + of * HOUR).toISOString();
  return (await app.service.ledger.read({ actions: [action], text: `"from":"${from}"`, limit: 100 })).length;
}
async function differences(of: number): Promise<readonly (string | null)[]> {
  const { verdictRecompute } = await app.query<{ verdictRecompute: { records: readonly { difference: string | null }[] } }>(
    'query ($from: DateTime!) { verdictRecompute(model: "rent", version: "1", from: $from) { records { difference } } }',
    { from: new Date(START + of * HOUR).toISOString() },
  ); // prettier-ignore
  return verdictRecompute.records.map(({ difference }) => difference);
}

async function erase(subject: string): Promise<void> {
  const { subjectErase } = await app.query<{ subjectErase: { userErrors: readonly object[] } }>(
    'mutation ($subject: String!) { subjectErase(input: { subject: $subject, reason: "asked for it" }) { userErrors { message } } }',
    { subject },
  );
  expect(subjectErase.userErrors).toEqual([]);
}

/** The service stops, somebody writes its store, and it starts again. */
async function whileStopped(write: () => Promise<void>): Promise<void> {
  await app.stop();
  store = await ChdbDatabase.open({ path: join(app.directory, 'engine'), log: Log.silent() });
  await write().finally(async () => store?.close());
  store = null;
  app = await launch({ now: new Date(now), directory: app.directory });
}

beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  await registerModel(app, YAML);
  await send(Array.from({ length: REFERENCE_HOURS }, (_, of) => of));
  await beats();
  await send(Array.from({ length: HOURS - REFERENCE_HOURS }, (_, of) => REFERENCE_HOURS + of));
  for (let i = 0; i < 3; i++) await beats();
  expect(app.service.registry.load('rent').baseline).not.toBeNull();
  for (const of of [EDITED, AND_LATE, FORGED, UNSEEN, LABEL, LATE, CORRECTED, RESENT, LATE_LABELS, DELETED, DELETED_LABEL, ERASED, AND_EDITED, SAME_DAY, RELABELLED])
    expect([of, await tracksOf(of)]).toEqual([of, ['inputs 0', 'labels 1']]);

  await whileStopped(async () => {
    for (const of of [EDITED, AND_LATE, FORGED]) await edit(MORE, of);
    await edit("subject = 'somebody else'", UNSEEN);
    await change(`ALTER TABLE predictions UPDATE subject = 'somebody else' WHERE prediction_id = 'p-${AND_EDITED}-5'`);
    await change(`ALTER TABLE predictions UPDATE subject = 'somebody' WHERE prediction_id = 'p-${RELABELLED}-5'`);
    for (const of of [LABEL, LATE_LABELS]) await change(`ALTER TABLE labels UPDATE label = '99', value = 99 WHERE prediction_id = 'p-${of}-3'`);
    await change(`ALTER TABLE predictions DELETE WHERE prediction_id = 'p-${DELETED}-3'`);
    await change(`ALTER TABLE labels DELETE WHERE prediction_id = 'p-${DELETED_LABEL}-3'`);
    const none = `replaceRegexpOne(rows, '"digest":"[0-9a-f]{64}"', '"digest":"${'0'.repeat(64)}"')`;
    await change(`ALTER TABLE windows UPDATE rows = ${none} WHERE window_from = fromUnixTimestamp(${(START + FORGED * HOUR) / 1000})`);
  });
  // In the very minute of the edited ones, which is summed anew for it.
  const late = [AND_LATE, FORGED, LABEL, LATE, DELETED].map((of) => ({ ...prediction(of, of === DELETED ? 5 : 3), prediction_id: `late-${of}` }));
  await app.send('/v1/predictions', [...late, prediction(RESENT, 3, 900), ...places.map((i) => prediction(EDITED - 1, i))]);
  const ts = new Date(now).toISOString();
  await app.send('/v1/labels', [5, 6].map((i) => ({ ...label(CORRECTED, i, 50), ts })));
  await app.send('/v1/labels', [LATE_LABELS, DELETED_LABEL].flatMap((of) => UNLABELLED.map((i) => ({ ...label(of, i), ts }))));
  for (let i = 0; i < 3; i++) await beats();
}, 240_000); // prettier-ignore
afterAll(() => app?.close());

describe('rows of a judged window that were edited while the service was stopped', () => {
  it('are not summed anew, so that they do not become part of what is judged', async () => {
    expect(await tracksOf(EDITED)).toEqual(['inputs 0', 'labels 1']);
    expect((await differences(EDITED)).join('\n')).toMatch(/rows: feature area was summarised as/u);
  });

  it('do not have it judged again, also where others came since, and the operators are told once', async () => {
    expect(await tracksOf(AND_LATE)).toEqual(['inputs 0', 'labels 1']);
    expect(await said('window.rows_changed', AND_LATE)).toBeGreaterThan(0);
    const query = { actions: ['delivery.requested'], text: 'does not agree with the ledger', limit: 10 };
    expect((await app.service.ledger.read(query)).length).toBe(1);
    expect((await differences(AND_LATE)).join('\n')).toMatch(
      /rows: the 30 that it was judged on are others now/u,
    );
  });

  it('nor where somebody forged what is kept beside the window', async () => {
    expect(await tracksOf(FORGED)).toEqual(['inputs 0', 'labels 1']);
    expect(await said('window.rows_changed', FORGED)).toBeGreaterThan(0);
  });

  it('show when it is computed again, also in what nobody judges by', async () => {
    expect((await differences(UNSEEN)).join('\n')).toMatch(/^rows: the 30 that it was judged on are others now, and those that are others did not come since/mu);
  }); // prettier-ignore

  it('the same of a label', async () => {
    expect((await tracksOf(LABEL)).filter((one) => one.startsWith('labels'))).toEqual(['labels 1']);
    expect(await said('window.rows_changed', LABEL)).toBeGreaterThan(0);
  });
});

const ofTrack = async (track: string, of: number) =>
  (await tracksOf(of)).filter((one) => one.startsWith(track));

describe('beside what came since', () => {
  it('an edited label has its window stay as it was judged', async () => {
    expect(await ofTrack('labels', LATE_LABELS)).toEqual(['labels 1']);
    expect(await said('window.rows_changed', LATE_LABELS)).toBeGreaterThan(0);
    expect((await differences(LATE_LABELS)).filter((one) => one !== null)).not.toEqual([]);
  });

  it.each([
    ['row', 'inputs', DELETED, ['inputs 0']],
    ['label', 'labels', DELETED_LABEL, ['labels 1']],
  ])('a deleted %s does as well', async (_, track, of, judged) => {
    expect(await ofTrack(track, of)).toEqual(judged);
    expect(await said('window.rows_changed', of)).toBeGreaterThan(0);
    expect((await differences(of)).filter((one) => one !== null)).not.toEqual([]);
  });
});

describe('what may come after a window was judged', () => {
  it('has it judged again: late rows and corrected labels', async () => {
    expect((await tracksOf(LATE)).filter((one) => one.startsWith('inputs')).length).toBe(2);
    expect((await tracksOf(CORRECTED)).filter((one) => one.startsWith('labels')).length).toBe(2);
    for (const of of [LATE, CORRECTED]) {
      expect([of, await said('window.rows_changed', of), await said('window.rows_replaced', of)]).toEqual([of, 0, 0]);
      expect([of, (await differences(of)).filter((one) => one !== null)]).toEqual([of, []]);
    }
  }); // prettier-ignore

  it('a prediction that is sent again with something else in it is judged, and it is said that it took the place of another', async () => {
    expect((await tracksOf(RESENT)).filter((one) => one.startsWith('inputs')).length).toBe(2);
    expect(await said('window.rows_replaced', RESENT)).toBeGreaterThan(0);
    expect(await said('window.rows_changed', RESENT)).toBe(0);
  });

  it('the same rows again change nothing', async () => {
    expect(await tracksOf(EDITED - 1)).toEqual(['inputs 0', 'labels 1']);
    expect(await differences(EDITED - 1)).toEqual([null, null]);
  });
});

it('a person who was erased is nobody who wrote the store, and excuses nobody who did', async () => {
  await app.send('/v1/predictions', [DELETED, ERASED].map((of) => ({ ...prediction(of, 5, 119), prediction_id: `later-${of}` })));
  await erase('somebody');
  for (let i = 0; i < 2; i++) await beats();
  expect((await ofTrack('inputs', ERASED)).length).toBe(2);
  expect(await said('window.rows_changed', ERASED)).toBe(0);
  expect(await ofTrack('inputs', DELETED)).toEqual(['inputs 0']);
  expect((await differences(ERASED)).join('\n')).toContain('cannot be judged again');
  expect((await differences(AND_EDITED)).join('\n')).toMatch(/^rows: of the 30 that it was judged on 1 went with people who were erased, as entry \d+ says, 29 are there, and not all of these are as they were/mu);
}); // prettier-ignore

it('an erasure excuses what it took of each window, and nothing else of its day', async () => {
  await change(`ALTER TABLE predictions DELETE WHERE prediction_id = 'p-${SAME_DAY}-7'`);
  await app.send('/v1/predictions', [SAME_DAY, RELABELLED].map((of) => ({ ...prediction(of, 5, 119), prediction_id: `later-${of}` })));
  for (let i = 0; i < 2; i++) await beats();
  for (const of of [SAME_DAY, RELABELLED]) {
    expect([of, await ofTrack('inputs', of)]).toEqual([of, ['inputs 0']]);
    expect([of, await said('window.rows_changed', of)]).not.toEqual([of, 0]);
    expect((await differences(of)).join('\n')).not.toContain('cannot be judged again');
  }
  // What others did in other windows of the day is no suspicion of this one.
  expect((await differences(ERASED)).join('\n')).toMatch(/^cannot be judged again: 1 row is gone since; it was of people who were erased, as entry \d+ says$/mu);
}); // prettier-ignore

it('before rows go with a person it is looked whether others went before, and who asked and who agreed is named', async () => {
  await change(`ALTER TABLE predictions DELETE WHERE prediction_id = 'p-${BEFORE_ERASING}-7'`);
  expect(await said('window.rows_changed', BEFORE_ERASING)).toBe(0);
  await erase('a third');
  expect(await said('window.rows_changed', BEFORE_ERASING)).toBe(2);
  const [erased] = await app.service.ledger.read({ actions: ['subject.erased'], newestFirst: true, limit: 1 });
  expect(erased?.data).toMatchObject({ askedBy: erased?.actor, approvedBy: null });
  const told = await app.service.ledger.read({ actions: ['window.rows_changed'], newestFirst: true, limit: 1 });
  expect(told[0]?.seq).toBeLessThan(erased?.seq ?? 0);
}); // prettier-ignore

it('what comes too late to be judged is no difference', async () => {
  const of = EDITED - 2;
  await registerModel(app, `${YAML}lateness: 1h\n`);
  await app.send('/v1/predictions', [{ ...prediction(of, 4, 119), prediction_id: 'too-late' }]);
  for (let i = 0; i < 2; i++) await beats();
  expect(await tracksOf(of)).toEqual(['inputs 0', 'labels 1']);
  expect(await differences(of)).toEqual([null, null]);
  await app.send('/v1/labels', [{ ...label(of, 4), prediction_id: 'too-late' }]);
  for (let i = 0; i < 2; i++) await beats();
  expect((await differences(of)).filter((one) => one !== null)).toEqual([]);
});

it('results of every revision are held against what was recorded of them', async () => {
  const window = `window_from = fromUnixTimestamp(${(START + LATE * HOUR) / 1000})`;
  await change(`ALTER TABLE check_results UPDATE effect = 7 WHERE revision = 0 AND check = 'feature_drift' AND feature = 'area' AND ${window}`);
  expect((await differences(LATE)).filter((one) => one !== null)).toEqual([
    expect.stringMatching(/^results of revision 0: their digest is recorded as [0-9a-f]{64}, and what is stored has/u),
  ]);
}); // prettier-ignore

it('nothing is judged with a reference that is not the one that was pinned, and that is said wherever somebody looks', async () => {
  const more = `replaceOne(profile, '"predictions":30', '"predictions":31')`;
  await whileStopped(async () => change(`ALTER TABLE baseline_windows UPDATE profile = ${more} WHERE window_to != toDateTime(0)`));
  const next = HOURS + 4;
  await send([next, next + 1, next + 2]);
  for (let i = 0; i < 2; i++) await beats();
  expect(await tracksOf(next)).toEqual([]);
  const faults = app.service.stages.faults.of('rent').map(({ reason }) => reason).join('\n');
  expect(faults).toMatch(/^baseline \S+ was pinned with the fingerprint [0-9a-f]{64}, and what is stored has [0-9a-f]{64}: somebody wrote the store/mu);
  const wrong = /was pinned with the fingerprint/u;
  const get = async (path: string) => fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  const ready = (await (await get('/health/ready')).json()) as { status: string; parts: Record<string, string> };
  expect([ready.status, ready.parts['references']]).toEqual(['degraded', expect.stringMatching(wrong)]);
  const page = await get('/models/rent');
  expect([page.status, await page.text()]).toEqual([200, expect.stringMatching(wrong)]);
  const { model } = await app.query<{ model: { monitoring: object; features: object[]; faults: object[] } }>(
    '{ model(key: "rent") { monitoring { state reason } features { name } unwatched { name } baselineRemarks faults { step reason } } }',
  );
  expect(model.monitoring).toEqual({ state: 'CANNOT_JUDGE', reason: expect.stringMatching(wrong) });
  expect(model.faults).not.toEqual([]);

  await registerModel(app, 'key: shop\ntask: regression\nwindow: 1h\n');
  const old = { ...prediction(0, 0), prediction_id: 'old', model: 'shop', ts: new Date(now - HOUR).toISOString() };
  await app.send('/v1/predictions', [old]);
  app.clock.advance(20 * YEAR);
  await app.service.retention.tidy(app.service.stages);
  const gone = async (of: string) => (await app.service.ledger.read({ actions: ['data.deleted'], subjectId: of, limit: 10 })).length;
  expect([await gone('rent'), (await gone('shop')) > 0]).toEqual([0, true]);
}, 60_000); // prettier-ignore

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsAt } from '../../src/pipeline/as-recorded.js';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { Log } from '../../src/telemetry/log.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const PER_HOUR = 12;
/** An hour that is judged before anybody writes the store. */
const JUDGED = 86;
const MONTH = 30 * 24;
let app: Launched;
let now = START;
/** Hours of which all rows were sent. */
let sent = 0;

const row = (of: number, i: number) => ({
  prediction_id: `p-${of}-${i}`, model: 'rent', model_version: '1', ts: new Date(START + of * HOUR + i * 200_000).toISOString(),
  features: { area: 80 + ((i * 37) % 41) }, prediction: { value: 10 + (i % 7) },
}); // prettier-ignore

/** Sends the rows of hours, and their labels; the clock stands a little after them. */
async function send(hours: number, skipped = 0): Promise<void> {
  const rows = Array.from({ length: hours * PER_HOUR }, (_, i) => row(sent + Math.floor(i / PER_HOUR), i % PER_HOUR)); // prettier-ignore
  sent += hours;
  now = Math.max(now, START + sent * HOUR + 5 * 60_000);
  app.clock.set(new Date(now));
  await post(rows.slice(skipped));
  await beats(2, 20 * 60_000);
}

async function post(rows: readonly ReturnType<typeof row>[]): Promise<void> {
  await app.send('/v1/predictions', rows);
  await app.send('/v1/labels', rows.map(({ prediction_id, model, ts }, i) => ({ prediction_id, model, ts, label: 10 + (i % 5) }))); // prettier-ignore
}

async function beats(many: number, each: number): Promise<void> {
  for (let beat = 0; beat < many; beat++) {
    app.clock.advance(each);
    now += each;
    await app.tick();
  }
}

/** The service stops, somebody writes its store, and it starts again. */
async function whileStopped(write: (store: ChdbDatabase) => Promise<void>): Promise<void> {
  await app.stop();
  const store = await ChdbDatabase.open({ path: join(app.directory, 'engine'), log: Log.silent() });
  await write(store).finally(async () => store.close());
  now += 60_000;
  app = await launch({ now: new Date(now), directory: app.directory });
}

const seconds = (of: number) => (START + of * HOUR) / 1000;
const COLUMNS =
  'predictions, labelled, baseline, share, watermark, evaluated_at, inputs, memory, rows, marks';
/** A copy of the judgement of an hour, at another one. */
const copied = (from: number, to: number, more: { readonly revision?: string; readonly track?: string } = {}) =>
  `INSERT INTO windows (model, version, window_from, window_to, revision, track, ${COLUMNS})
   SELECT model, version, fromUnixTimestamp(${seconds(to)}), fromUnixTimestamp(${seconds(to + 1)}), ${more.revision ?? 'revision'}, track, ${COLUMNS} FROM windows FINAL
   WHERE window_from = fromUnixTimestamp(${seconds(from)})${more.track === undefined ? '' : ` AND track = '${more.track}'`}`; // prettier-ignore

interface Change {
  readonly from: string;
  readonly track: string;
  readonly what: string;
  readonly found: string;
}
const changes = async () =>
  (await app.query<{ auditChanges: readonly Change[] }>('{ auditChanges { from track what found } }')).auditChanges; // prettier-ignore
interface Listed {
  readonly from: string;
  readonly changes: readonly Pick<Change, 'track' | 'found'>[];
}
/** The two newest windows, as they are listed. */
const listed = async () =>
  (
    await app.query<{ model: { windows: { nodes: readonly Listed[] } } }>(
      '{ model(key: "rent") { windows(first: 2) { nodes { from changes { track found } } } } }',
    )
  ).model.windows.nodes;
const changesOf = async (of: number) =>
  (await changes()).filter(({ from }) => Date.parse(from) === START + of * HOUR).map(({ track, found }) => [track, found]); // prettier-ignore
const entriesOf = async (action: string) => app.service.ledger.read({ actions: [action], limit: 10_000 });
interface Evaluated {
  readonly from: string;
  readonly track: string;
  readonly predictions: number;
}
const evaluated = async () =>
  (await entriesOf('window.evaluated')).flatMap(({ data }) => data['windows'] as unknown as readonly Evaluated[]); // prettier-ignore
/** Rows of hours that were judged on a track, by hour; the newest judgement counts. */
async function judged(track = 'inputs'): Promise<ReadonlyMap<number, number>> {
  const own = (await evaluated()).filter((one) => one.track === track);
  return new Map(own.map(({ from, predictions }) => [(Date.parse(from) - START) / HOUR, predictions]));
}
/** Nothing that is not sent is judged, and what is sent is. */
async function expectJudgedAsSent(): Promise<void> {
  const hours = [...(await judged()).keys()];
  expect(Math.max(...hours)).toBeLessThan(sent);
  expect(hours).toContain(sent - 2);
}
const told = async () =>
  (await entriesOf('delivery.requested')).filter(({ data }) => JSON.stringify(data).includes('does not agree')).length; // prettier-ignore
const recomputed = async (of: number) =>
  (
    await app.query<{ verdictRecompute: { matches: boolean; records: readonly { track: string; difference: string | null }[] } }>(
      'query ($from: DateTime!) { verdictRecompute(model: "rent", version: "1", from: $from) { matches records { track difference } } }',
      { from: new Date(START + of * HOUR).toISOString() },
    )
  ).verdictRecompute; // prettier-ignore
const NEVER = 'is in the list of judged windows, and the ledger has no such judgement';

beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  await registerModel(app, 'key: rent\ntask: regression\nwindow: 1h\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\n'); // prettier-ignore
  await send(REFERENCE_HOURS);
  for (let i = 0; i < 3; i++) await send(6);
  await expectJudgedAsSent();
  expect(await changes()).toEqual([]);
}, 240_000);
afterAll(async () => app?.close());

describe('judgements that were added while the service was stopped', () => {
  it('are none where nobody wrote the store: a start says nothing', async () => {
    await whileStopped(async () => Promise.resolve());
    expect(await changes()).toEqual([]);
    await send(3);
    await expectJudgedAsSent();
  }, 240_000);

  it('of a month from now have nothing judged that never was, and real rows are judged on', async () => {
    const [incidents, before] = [(await entriesOf('incident.opened')).length, (await judged()).size];
    await whileStopped(async (store) => store.command(copied(JUDGED, JUDGED + MONTH)));
    await beats(2, 60_000);
    expect((await judged()).size).toBe(before);
    const found = await changesOf(JUDGED + MONTH);
    expect(found).toEqual([['inputs', `revision 0 ${NEVER}`], ['labels', `revision 1 ${NEVER}`]]); // prettier-ignore
    expect(await told()).toBeGreaterThan(0);
    // Whoever lists windows sees of which one somebody wrote.
    const [newest, real] = await listed();
    expect([newest?.from, newest?.changes.map((one) => [one.track, one.found])]).toEqual([
      new Date(START + (JUDGED + MONTH) * HOUR).toISOString(),
      found,
    ]);
    expect(real?.changes).toEqual([]);
    expect((await app.service.readiness.report()).parts['windows']).toContain('tidewatch audit changes');
    const { matches, records } = await recomputed(JUDGED + MONTH);
    expect([matches, records.map(({ track, difference }) => [track, difference])]).toEqual([false, found]);
    await send(3);
    await expectJudgedAsSent();
    expect((await entriesOf('incident.opened')).length).toBe(incidents);
  }, 240_000);

  it('are told once, and as many as there are, however many of them hide those before them', async () => {
    const tellings = await told();
    await whileStopped(async () => Promise.resolve());
    expect(await told()).toBe(tellings);
    await whileStopped(async (store) => {
      for (let i = 1; i <= 60; i++) await store.command(copied(JUDGED, JUDGED + MONTH + i));
    });
    const added = (await changes()).filter(({ found }) => found.includes(NEVER));
    expect(new Set(added.map(({ from }) => from)).size).toBe(61);
    await send(3);
    await expectJudgedAsSent();
  }, 240_000);

  it('of days before the first row have nothing judged again, nor hours judged in which nothing was sent', async () => {
    const times = async () => (await evaluated()).filter(({ track }) => track === 'inputs').length;
    const [often, before] = [await times(), await judged()];
    await whileStopped(async (store) => store.command(copied(JUDGED, -MONTH)));
    await beats(2, 60_000);
    expect(await judged()).toEqual(before);
    expect(await times()).toBe(often);
    expect(Object.fromEntries(await changesOf(-MONTH))).toEqual({
      inputs: `revision 0 ${NEVER}`,
      labels: `revision 1 ${NEVER}`,
    });
    await send(3);
    await expectJudgedAsSent();
    expect(Math.min(...(await judged()).keys())).toBe(0);
  }, 240_000);

  it('of the hour that still runs leave its rows to be judged', async () => {
    const of = sent;
    const first = Array.from({ length: PER_HOUR / 2 }, (_, i) => row(of, i));
    now = START + of * HOUR + 31 * 60_000;
    app.clock.set(new Date(now));
    await post(first);
    await beats(2, 5 * 60_000);
    expect((await judged()).has(of)).toBe(false);
    await whileStopped(async (store) => store.command(copied(JUDGED, of)));
    expect((await changesOf(of)).map(([track]) => track)).toEqual(['inputs', 'labels']);
    await send(3, first.length);
    await expectJudgedAsSent();
    expect((await judged()).get(of)).toBe(PER_HOUR);
  }, 240_000);

  it('of labels that are not there yet leave them to be judged', async () => {
    const [inputs, labels] = [await judged(), await judged('labels')];
    const of = Math.max(...[...inputs.keys()].filter((hour) => !labels.has(hour)));
    await whileStopped(async (store) => store.command(copied(JUDGED, of, { track: 'labels' })));
    expect((await changesOf(of)).map(([track]) => track)).toEqual(['labels']);
    await send(4);
    expect([...(await judged('labels')).keys()]).toContain(of);
  }, 240_000);

  it('as a later revision of one that is recorded are found, and the recorded one counts', async () => {
    const of = sent - 4;
    const before = await judged();
    await whileStopped(async (store) => store.command(copied(of, of, { track: 'inputs', revision: '7' })));
    expect(await changesOf(of)).toEqual([['inputs', `revision 7 ${NEVER}`]]);
    await beats(2, 60_000);
    expect(await judged()).toEqual(before);
    expect((await recomputed(of)).records).toContainEqual({
      track: 'inputs',
      difference: `revision 7 ${NEVER}`,
    });
  }, 240_000);
});

it('the log is asked about as many windows as there are', async () => {
  const starts = Array.from({ length: 600 }, (_, hour) => START + hour * HOUR);
  const found = await recordsAt(app.service.ledger, { model: 'rent', version: '1', track: 'inputs', starts });
  expect([...found.keys()].map((start) => (start - START) / HOUR)).toEqual(expect.arrayContaining([...(await judged()).keys()]));
}, 60_000); // prettier-ignore

describe('an earlier judgement whose numbers somebody edited while the service was stopped', () => {
  it('is named by its field, though the window was judged again since', async () => {
    const of = sent - 3;
    await post([{ ...row(of, 0), prediction_id: 'late' }]);
    await beats(2, 60_000);
    expect((await judged()).get(of)).toBe(PER_HOUR + 1);
    expect((await recomputed(of)).matches).toBe(true);
    await whileStopped(async (store) =>
      store.command(`ALTER TABLE windows UPDATE predictions = 50 WHERE window_from = fromUnixTimestamp(${seconds(of)}) AND track = 'inputs' AND revision = 0`, { settings: { mutations_sync: 1 } }),
    ); // prettier-ignore
    expect((await recomputed(of)).records).toContainEqual({
      track: 'inputs',
      difference: 'predictions: recorded 12, in the list of judged windows 50',
    });
  }, 240_000);
});

describe('numbers of all windows that somebody wrote while the service was stopped', () => {
  it('have nothing judged that never was, and are found', async () => {
    const before = (await judged()).size;
    const [closed, mark] = [sent + 2 * MONTH, sent + 3 * MONTH];
    await whileStopped(async (store) =>
      store.command(`INSERT INTO window_totals (model, version, closed_to, width, watermark)
        SELECT 'rent', '1', ${seconds(closed)}, argMaxState(toUInt32(3600), toUInt32(0)), fromUnixTimestamp64Milli(${seconds(mark)}000)`),
    ); // prettier-ignore
    await beats(2, 60_000);
    expect((await judged()).size).toBe(before);
    expect(JSON.stringify(await changesOf(closed - 1))).toContain(
      'the numbers of all windows say that all until',
    );
    expect(JSON.stringify(await changesOf(mark))).toContain('ahead of the clock');
    const tellings = await told();
    await send(3);
    await expectJudgedAsSent();
    await whileStopped(async () => Promise.resolve());
    expect(await told()).toBe(tellings);
  }, 240_000);

  it('also where they name a window alone', async () => {
    const of = sent + MONTH;
    const state = `groupBitmapState(toUInt32(${seconds(of)}))`;
    await whileStopped(async (store) =>
      store.command(`INSERT INTO window_totals (model, version, closed_to, width, watermark, judged, judged_labels, with_rows)
        SELECT 'rent', '1', 0, argMaxState(toUInt32(3600), toUInt32(0)), toDateTime64(0, 3), ${state}, ${state}, ${state}`),
    ); // prettier-ignore
    expect((await changesOf(of)).map(([track]) => track)).toEqual(['inputs', 'labels']);
    await send(3);
    await expectJudgedAsSent();
  }, 240_000);
});

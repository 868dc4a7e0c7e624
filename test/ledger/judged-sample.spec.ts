import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JudgedSample } from '../../src/pipeline/judged-sample.js';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const HOURS = 80;
const PER_HOUR = 12;
const [ROW, LABEL, RESULT, LOST, FACT] = [74, 75, 76, 77, 78] as const;
let app: Launched;

const change = async (sql: string): Promise<void> =>
  app.service.database.command(sql, { settings: { mutations_sync: 1 } });
const window = (of: number) => `window_from = fromUnixTimestamp(${(START + of * HOUR) / 1000})`;
const entriesOf = async (action: string) => app.service.ledger.read({ actions: [action], limit: 1000 });
/** Hours of which entries about changes speak, each once. */
async function hoursOf(action: string): Promise<readonly number[]> {
  const listed = (await entriesOf(action)).flatMap(({ data }) => data['windows'] as unknown as readonly { readonly from: string }[]);
  return [...new Set(listed.map(({ from }) => (Date.parse(from) - START) / HOUR))].sort((a, b) => a - b);
} // prettier-ignore
const readyPart = async () => (await app.service.readiness.report()).parts['windows'];
const random = lcg(7);
/** What is known to be changed is looked at in turn, one a look. */
const LEAST_LOOKS = 14;
/** Looks as chance would at every entry about judged windows in turn. */
async function lookAtAll(): Promise<number> {
  const { ledger, stages } = app.service;
  const places = (await entriesOf('window.evaluated')).map(({ seq }) => seq);
  let next: number | undefined;
  const draw = () => {
    const place = next;
    next = undefined;
    return place === undefined ? random() : (place - 0.5) / ledger.size;
  };
  const sample = new JudgedSample(stages, { perHour: 60, draw });
  let looked = 0;
  for (let i = 0; i < Math.max(LEAST_LOOKS, places.length); i++) {
    next = places[i % places.length];
    looked += await sample.lookAtSome();
  }
  return looked;
}

beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  await registerModel(app, 'key: rent\ntask: regression\nwindow: 1h\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\n');
  for (const [first, last] of [[0, 72], [72, HOURS]] as const) {
    const rows = Array.from({ length: (last - first) * PER_HOUR }, (_, i) => {
      const [of, n] = [first + Math.floor(i / PER_HOUR), i % PER_HOUR];
      return { prediction_id: `p-${of}-${n}`, model: 'rent', model_version: '1', ts: new Date(START + of * HOUR + n * 200_000).toISOString(), features: { area: 80 + ((n * 37) % 41) }, prediction: { value: 10 + (n % 7) } };
    });
    app.clock.set(new Date(START + last * HOUR + 5 * 60_000));
    await app.send('/v1/predictions', rows);
    await app.send('/v1/labels', rows.map(({ prediction_id, model, ts }, i) => ({ prediction_id, model, ts, label: 10 + (i % 5) })));
    for (let beat = 0; beat < 3; beat++) {
      app.clock.advance(20 * 60_000);
      await app.tick();
    }
  }
}, 240_000); // prettier-ignore
afterAll(async () => app?.close());

describe('judged windows that nothing asks to judge again', () => {
  it('are looked at by chance, and nothing is said where all is well', async () => {
    expect(await lookAtAll()).toBeGreaterThan(40);
    expect(await entriesOf('window.rows_changed')).toEqual([]);
    expect(await entriesOf('window.results_changed')).toEqual([]);
    expect(await readyPart()).toBe('ok');
  }, 120_000);

  it('what was edited or deleted of rows, labels, results and judgements is recorded, told once, and keeps readiness degraded', async () => {
    await change(`ALTER TABLE predictions DELETE WHERE prediction_id = 'p-${ROW}-3'`);
    await change(`ALTER TABLE labels UPDATE label = '99', value = 99 WHERE prediction_id = 'p-${LABEL}-3'`);
    await change(`ALTER TABLE check_results UPDATE effect = 7 WHERE ${window(RESULT)}`);
    await change(`ALTER TABLE windows DELETE WHERE ${window(LOST)}`);
    await change(
      `ALTER TABLE windows UPDATE predictions = predictions + 3 WHERE ${window(FACT)} AND track = 'inputs'`,
    );
    app.clock.advance(2 * HOUR);
    await lookAtAll();
    expect([await hoursOf('window.rows_changed'), await hoursOf('window.results_changed')]).toEqual([[ROW, LABEL], [RESULT, LOST, FACT]]); // prettier-ignore
    const before = (await entriesOf('delivery.requested')).length;
    expect(before).toBeGreaterThan(0);
    await lookAtAll();
    expect((await entriesOf('delivery.requested')).length).toBe(before);
    expect(await readyPart()).toMatch(/^rows or results of \d+ judged windows were changed in the store/u);
    const { auditChanges } = await app.query<{
      auditChanges: readonly { what: string; track: string; from: string; found: string }[];
    }>('{ auditChanges { model version from track what entry foundAt judgedRows foundRows found } }');
    const of = (hour: number) =>
      auditChanges.find(({ from, track }) => Date.parse(from) === START + hour * HOUR && track === 'inputs');
    const other = `predictions: recorded ${PER_HOUR}, in the list of judged windows ${PER_HOUR + 3}`;
    expect(of(FACT)).toMatchObject({ found: other, judgedRows: null });
    expect(of(ROW)).toMatchObject({ judgedRows: PER_HOUR, foundRows: PER_HOUR - 1 });
    const { verdictRecompute } = await app.query<{ verdictRecompute: { records: readonly object[] } }>(
      'query ($from: DateTime!) { verdictRecompute(model: "rent", version: "1", from: $from) { records { difference } } }',
      { from: new Date(START + FACT * HOUR).toISOString() },
    );
    expect(verdictRecompute.records).toContainEqual({ difference: other });
    const { payload } = (await entriesOf('delivery.requested'))[0]?.data ?? {};
    expect(JSON.stringify(payload ?? (await entriesOf('delivery.requested'))[0]?.data)).toContain(
      'the store does not agree with the ledger',
    );
    expect(new Set(auditChanges.map(({ what }) => what))).toEqual(new Set(['rows', 'results']));
  }, 240_000);

  it('until it is as it was judged again, or a person looked into it', async () => {
    const i = (LABEL - 72) * PER_HOUR + 3;
    await change(`ALTER TABLE labels UPDATE label = '${10 + (i % 5)}', value = ${10 + (i % 5)} WHERE prediction_id = 'p-${LABEL}-3'`);
    await lookAtAll();
    expect(await hoursOf('window.changes_reviewed')).toEqual([LABEL]);
    const ask = async (note: string) => (await app.query<{ auditChangesReview: { reviewed: number } }>('mutation ($note: String!) { auditChangesReview(input: { note: $note }) { reviewed } }', { note })).auditChangesReview.reviewed;
    await expect(ask(' ')).rejects.toThrow(/write what was found out/u);
    expect(await ask('the service account of the lake had the right to write')).toBeGreaterThan(0);
    expect(await readyPart()).toBe('ok');
    await lookAtAll();
    expect(await readyPart()).toBe('ok');
  }, 120_000); // prettier-ignore
});

it('a day of which a recomputation found something is looked at before what chance would choose', async () => {
  const [one, other] = [72, 79];
  for (const of of [one, other]) await change(`ALTER TABLE check_results UPDATE effect = 9 WHERE ${window(of)}`);
  app.clock.advance(60_000);
  const never = new JudgedSample(app.service.stages, { perHour: 60, draw: () => 0 });
  for (let i = 0; i < 8; i++) await never.lookAtSome();
  expect(await hoursOf('window.results_changed')).not.toContain(other);
  await app.query('query ($from: DateTime!) { verdictRecompute(model: "rent", version: "1", from: $from) { matches } }', { from: new Date(START + one * HOUR).toISOString() });
  for (let i = 0; i < 8; i++) await never.lookAtSome();
  expect(await hoursOf('window.results_changed')).toEqual(expect.arrayContaining([one, other]));
}, 120_000); // prettier-ignore

it('no more windows are looked at than are set for an hour, and none where that is 0', async () => {
  const counted = async () => Number((await app.service.stages.metrics.registry.getSingleMetric('tidewatch_judged_windows_checked_total')?.get())?.values[0]?.value ?? 0);
  const sample = new JudgedSample(app.service.stages, { perHour: 30, draw: random });
  const before = await counted();
  for (let minute = 0; minute < 180; minute++) {
    await sample.look();
    app.clock.advance(60_000);
  }
  const looked = (await counted()) - before;
  expect(looked).toBeGreaterThan(20);
  expect(looked).toBeLessThanOrEqual(90 + 21);
  const none = new JudgedSample(app.service.stages, { perHour: 0, draw: random });
  for (let hour = 0; hour < 3; hour++) {
    await none.look();
    app.clock.advance(HOUR);
  }
  expect((await counted()) - before).toBe(looked);
}, 120_000); // prettier-ignore

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/domain/ledger-entry.js';
import { packageFolder } from '../../src/config/package-folder.js';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const HOURS = 130;
const PER_HOUR = 40;
/** Hours without a row, and some whose labels come when they were judged already. */
const SILENT = new Set([90, 91]);
const LATE = new Set([88, 96, 105]);

const random = lcg(23);
const normal = normals(random);
let app: Launched;

function rows(hour: number): { readonly predictions: object[]; readonly labels: object[] } {
  const at = (i: number) =>
    new Date(START + hour * HOUR + Math.floor((i * HOUR) / (PER_HOUR + 1))).toISOString();
  const ids = Array.from({ length: SILENT.has(hour) ? 0 : PER_HOUR }, (_, i) => `p-${hour}-${i}`);
  const drift = hour > 110 ? 60 : 0;
  const predictions = ids.map((prediction_id, i) => ({
    prediction_id,
    model: 'rent',
    model_version: '1',
    ts: at(i),
    features: {
      area: 80 + drift + 20 * normal(),
      region: random() < 0.5 ? 'north' : 'south',
      kind: i % 2 === 0 ? 'flat' : 'house',
    },
    protected: { sex: random() < 0.5 ? 'f' : 'm' },
    prediction: { value: 10 + 3 * normal() },
  }));
  const labels = ids.map((prediction_id, i) => ({
    prediction_id, model: 'rent', ts: at(i), label: 10 + (hour > 120 ? 12 : 3) * normal(),
  })); // prettier-ignore
  return { predictions, labels };
}

interface Recomputation {
  readonly matches: boolean;
  readonly records: readonly {
    readonly track: string;
    readonly results: number;
    readonly difference: string | null;
    readonly isDeleted: boolean;
  }[];
}

async function recomputed(hour: number): Promise<Recomputation> {
  const { verdictRecompute } = await app.query<{ verdictRecompute: Recomputation }>(
    'query ($from: DateTime!) { verdictRecompute(model: "rent", version: "1", from: $from) { matches records { track results difference isDeleted } } }',
    { from: new Date(START + hour * HOUR).toISOString() },
  );
  return verdictRecompute;
}

const change = async (sql: string): Promise<void> =>
  app.service.database.command(sql, { settings: { mutations_sync: 1 } });
const within = (hour: number): string =>
  `>= fromUnixTimestamp(${(START + hour * HOUR) / 1000}) AND TIME < fromUnixTimestamp(${(START + (hour + 1) * HOUR) / 1000})`;

/** A policy that has labels read one by one: what it finds is judged again as well. */
const BY_LABEL = `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: by-label, owner: me, version: 1 }
spec:
  rules:
    - { id: adwin, detector: adwin, levels: [{ severity: warning }], channels: [default] }
    - { id: page, detector: { kind: page_hinkley, threshold: 400 }, levels: [{ severity: warning }], blind: false }
`;
let policies: string;

beforeAll(async () => {
  policies = await mkdtemp(join(tmpdir(), 'tidewatch-policies-'));
  await cp(join(packageFolder(), 'policies'), policies, { recursive: true });
  await writeFile(join(policies, 'by-label.yaml'), BY_LABEL);
  app = await launch({ now: new Date(START), environment: { TIDEWATCH_POLICIES_DIR: policies } });
  const yaml =
    'key: rent\ntask: regression\nwindow: 1h\nseason: day\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\nsegments: [region]\nprotected: [sex]\n';
  await registerModel(app, yaml);
  for (const [first, last] of [[0, REFERENCE_HOURS], [REFERENCE_HOURS, HOURS]] as const) {
    const all = Array.from({ length: last - first }, (_, i) => ({ hour: first + i, ...rows(first + i) }));
    const labels = (late: boolean) => all.flatMap((one) => (LATE.has(one.hour) === late ? one.labels : []));
    app.clock.set(new Date(START + last * HOUR + 5 * 60_000));
    await app.send('/v1/predictions', all.flatMap(({ predictions }) => predictions));
    await app.send('/v1/labels', labels(false));
    for (let beat = 0; beat < 3; beat++) await app.tick();
    if (labels(true).length === 0) continue;
    app.clock.advance(20 * 60_000);
    await app.send('/v1/labels', labels(true));
    for (let beat = 0; beat < 2; beat++) await app.tick();
  } // prettier-ignore
}, 300_000);
afterAll(async () => {
  await app?.close();
  await rm(policies, { recursive: true, force: true });
});

describe('G-05, Q14: a recorded verdict is judged again', () => {
  it('to the same bits', async () => {
    const { matches, records } = await recomputed(103);
    expect(records.map(({ difference }) => difference)).toEqual(records.map(() => null));
    expect([matches, records.length > 0]).toEqual([true, true]);
    await expect(recomputed(-5)).rejects.toThrow(/the ledger holds no judgement of rent 1 for a window from/);
  });

  it('names all policies that it was judged under, also one that had nothing to say', async () => {
    const entries = await app.service.ledger.read({ actions: ['window.evaluated'], limit: 1000 });
    const windows = entries.flatMap(({ data }) => data['windows'] as unknown as readonly { readonly policies: readonly string[] }[]);
    const named = new Set(windows.map(({ policies: names }) => names.map((name) => name.split('@', 1)[0]).join()));
    expect([...named]).toEqual(['by-label,default']);
  }); // prettier-ignore

  it('with what detectors that a policy asks for found by label, from window to window', async () => {
    const { model } = await app.query<{ model: { windows: { nodes: readonly { results: readonly { statistic: string; state: string; n: number }[] }[] } } }>(
      `query ($since: DateTime!) { model(key: "rent") { windows(first: 200, since: $since) { nodes { results(check: "concept_drift") { statistic state n } } } } }`,
      { since: new Date(START + 110 * HOUR).toISOString() },
    ); // prettier-ignore
    const ofAdwin = model.windows.nodes
      .flatMap(({ results }) => results)
      .filter(({ statistic }) => statistic === 'adwin');
    expect(ofAdwin.length).toBeGreaterThan(10);
    expect(new Set(ofAdwin.map(({ n }) => n))).toEqual(new Set([PER_HOUR]));
    expect(ofAdwin.filter(({ state }) => state === 'ALERT').length).toBeGreaterThan(0);
    const again = (await recomputed(123)).records;
    expect(again.map(({ track }) => track)).toContain('labels');
    expect(again.map(({ difference }) => difference)).toEqual(again.map(() => null));
  });

  it('of a hundred hours with silent ones, late labels, segments and groups', async () => {
    const hours = Array.from({ length: 100 }, (_, i) => HOURS - 100 + i);
    // Each takes a third of a second: one in nine stands for its neighbours, and every kind of hour is there.
    for (const hour of hours.filter((one, i) => i % 9 === 0 || SILENT.has(one) || LATE.has(one))) {
      const { records } = await recomputed(hour);
      expect([hour, records.map(({ difference }) => difference)]).toEqual([hour, records.map(() => null)]);
    }
  }, 300_000);

  it('and names the first thing that was changed in the store', async () => {
    const said = async (hour: number) =>
      (await recomputed(hour)).records.map(({ track, difference }) => `${track}: ${difference}`).join('\n');
    const ts = (hour: number) => `ts ${within(hour).replace('TIME', 'ts')}`;
    const window = (hour: number) => `window_from ${within(hour).replace('TIME', 'window_from')}`;

    await change(
      `ALTER TABLE predictions UPDATE num = mapApply((k, v) -> (k, v + 1), num) WHERE model = 'rent' AND ${ts(100)}`,
    );
    expect(await said(100)).toMatch(/^inputs: rows: feature area was summarised as/m);

    await change(
      `ALTER TABLE predictions DELETE WHERE model = 'rent' AND ${ts(101)} AND prediction_id = 'p-101-3'`,
    );
    expect(await said(101)).toContain('inputs: predictions: recorded 40, again 39');

    // As the erasure of a person leaves it: two rows of a day less, and the day in the ledger.
    const day = new Date(START + 104 * HOUR).toISOString().slice(0, 10);
    const erased = { reason: 'asked', rows: {}, models: { rent: { rows: 2, days: { [day]: 2 } } } };
    await app.service.ledger.transact((at) => [
      {
        action: 'subject.erased',
        actor: SYSTEM,
        at,
        subject: { type: 'data_subject', id: 'ab' },
        data: erased,
      },
    ]);
    const remove = async (hour: number, ...ids: readonly number[]) =>
      change(`ALTER TABLE predictions DELETE WHERE model = 'rent' AND prediction_id IN (${ids.map((i) => `'p-${hour}-${i}'`).join()})`); // prettier-ignore
    await remove(104, 3);
    expect(await said(104)).toContain(
      'inputs: cannot be judged again: 1 row is gone since; of people who were erased 2 of its days are',
    );
    expect((await recomputed(104)).records.map(({ isDeleted }) => isDeleted)).toContain(true);
    // No window alone lacks more than were erased of the day; all of them together do.
    await remove(106, 3, 4);
    expect(await said(106)).toContain(
      `inputs: rows: 4 of ${day} (UTC) are gone over all windows, more than were of people who were erased`,
    );
    await remove(106, 5);
    expect(await said(106)).toContain('inputs: predictions: recorded 40, again 37');
    await change(
      "ALTER TABLE predictions UPDATE num = mapApply((k, v) -> (k, v + 1), num) WHERE model = 'rent' AND prediction_id = 'p-104-9'",
    );
    expect(await said(104)).toMatch(/^inputs: rows: feature area was summarised as .* UTC\)$/mu);

    await change(
      `ALTER TABLE check_results UPDATE value = value + 1 WHERE model = 'rent' AND check = 'feature_drift' AND feature = 'area' AND ${window(102)}`,
    );
    expect(await said(102)).toMatch(/^inputs: result feature_drift area \w+: value is stored as/m);
  });
});

it('a key of slices becomes a segment with one call, which freezes the reference again', async () => {
  const find = '{ model(key: "rent") { weakSlices(pairs: true) { slice segmentKey } } }';
  // Labels do not know of any feature.
  expect(await app.query(find)).toEqual({ model: { weakSlices: [] } });
  const adopt = async (key: string) =>
    (
      await app.query<{ segmentAdopt: { model: { baseline: { id: string } } | null; userErrors: readonly { message: string }[] } }>(
        'mutation ($key: String!) { segmentAdopt(input: { model: "rent", key: $key }) { model { baseline { id } } userErrors { message } } }',
        { key },
      )
    ).segmentAdopt; // prettier-ignore
  expect((await adopt('area')).userErrors).toMatchObject([
    { message: expect.stringMatching(/"area" is no categorical feature .* there are kind$/) as string },
  ]);
  const page = await fetch(`${app.url}/models/rent/slices`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining('in both halves of this range'),
  ]);
  const before = app.service.registry.load('rent').baseline?.id;
  const { model, userErrors } = await adopt('kind');
  expect(userErrors).toEqual([]);
  expect(model?.baseline.id).not.toBe(before);
  expect(app.service.registry.load('rent').model.segments).toEqual(['region', 'kind']);
  expect((await adopt('kind')).userErrors).toMatchObject([
    { message: expect.stringContaining('among the segments already') as string },
  ]);
}, 60_000);

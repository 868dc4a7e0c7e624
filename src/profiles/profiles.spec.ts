import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import type { NumericBaseline } from '../domain/baseline.js';
import { Model } from '../domain/model.js';
import type { NumericProfile, CategoricalProfile } from '../domain/profile.js';
import { BaselineRepository } from './baseline.repository.js';
import { DirtyMinuteScan } from './dirty-minutes.js';
import { pinBaseline } from './pin-baseline.js';
import { pinLabels } from './pin-labels.js';
import { Profiles } from './profiles.js';

const model = Model.parse({ key: 'm', task: 'binary', positive: 'bad', window: '5m' });
const START = Date.UTC(2026, 0, 5);
const REGIONS = ['north', 'south', 'east', 'it\'s "odd" \\ here'];

/** Row i: a known function of i, so that the expected summary is arithmetic. */
function row(i: number, ts: number) {
  const age = (i * 37) % 101;
  const missing = i % 50 === 0;
  const isNull = i % 40 === 1;
  return {
    model: 'm', version: 'v1', environment: '', ts: new Date(ts).toISOString().slice(0, 23).replace('T', ' '), prediction_id: `p${i}`,
    num: { ...(missing || isNull ? {} : { age }), score2: i }, cat: { region: REGIONS[i % 4] }, nulls: isNull ? ['age'] : [],
    label: '', score: (i % 100) / 100, value: null, topic: 't', partition: 0, offset: i,
  }; // prettier-ignore
}

const store = await openTestDatabase();
const { database } = store;
const profiles = new Profiles(database);
afterAll(() => store.close());

describe('profiles', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => row(i, START + i * 1000));

  beforeAll(async () => {
    await database.insert('predictions', rows);
    const labels = rows.filter((_, i) => i % 2 === 0).map((p, i) => ({
      model: 'm', prediction_id: p.prediction_id, source: 's', label: i % 3 === 0 ? 'bad' : 'good', value: null,
      labelled_at: '2026-02-01 00:00:00.000', topic: 'l', partition: 0, offset: i,
    })); // prettier-ignore
    await database.insert('labels', labels);
  });

  it('freezes a baseline from a period, saves it and loads it back', async () => {
    const source = { since: new Date(START), until: new Date(START + 3_000_000) };
    const baseline = await pinBaseline(database, model, source, new Date(START + 4_000_000));
    expect(baseline.rows).toBe(3000);
    expect(Object.keys(baseline.features)).toEqual(['age', 'prediction.score', 'region', 'score2']);
    expect(baseline.features.region).toMatchObject({
      kind: 'categorical',
      categories: [...REGIONS].sort((a, b) => (a < b ? -1 : 1)),
    });
    expect(baseline.windows).toHaveLength(10);
    expect(baseline.reference.predictions).toBe(3000);
    const age = baseline.reference.features.age as NumericProfile;
    expect(age.rows).toBe(age.n + age.nulls + age.missing + age.mistyped);
    expect(age).toMatchObject({ missing: 60, nulls: 75 });
    expect(age.bins.reduce((a, b) => a + b)).toBe(age.n);
    const repository = new BaselineRepository(database);
    await repository.save(baseline);
    expect(await repository.load(baseline.id)).toEqual(baseline);
  });

  it('summarises minutes exactly, and windows are their sums', async () => {
    const source = { since: new Date(START), until: new Date(START + 3_000_000) };
    const baseline = await pinBaseline(database, model, source, new Date(START + 4_000_000));
    const dirty = await new DirtyMinuteScan(database).scan();
    const all = Array.from({ length: 50 }, (_, i) => START / 1000 + 60 * i);
    expect(dirty).toEqual([
      {
        model: 'm',
        version: 'v1',
        minutes: all,
        withNewRows: all,
        sources: { 't/0': all.map((minute) => [minute, 60]) },
      },
    ]);
    await profiles.recompute(model, baseline, 'v1', dirty[0]!.minutes);
    await profiles.rejudge(model, baseline, 'v1', dirty[0]!.minutes);
    await profiles.recompute(model, baseline, 'v1', dirty[0]!.minutes);
    await profiles.rejudge(model, baseline, 'v1', dirty[0]!.minutes);
    const span = { version: 'v1', from: new Date(START), to: new Date(START + 3_000_000), widthMs: 300_000 };
    const windows = await profiles.windows('m', baseline.id, span);
    expect(windows.size).toBe(10);
    for (const [i, reference] of baseline.windows.entries()) {
      expect(windows.get(reference.from.getTime() / 1000), `window ${i}`).toEqual(reference.profile);
    }
    const first = windows.get(START / 1000)!;
    const age = first.features.age as NumericProfile;
    const ages = rows.slice(0, 300).flatMap((r) => ('age' in r.num ? [r.num.age as number] : []));
    const edges = (baseline.features.age as NumericBaseline).edges;
    const bins = Array.from({ length: edges.length + 1 }, () => 0);
    for (const x of ages) bins[edges.filter((edge) => x > edge).length]! += 1;
    expect(age).toMatchObject({
      n: ages.length,
      bins,
      sum: ages.reduce((sum, x) => sum + (x - (baseline.features.age as NumericBaseline).centre!), 0),
      min: Math.min(...ages),
      max: Math.max(...ages),
    });
    const region = first.features.region as CategoricalProfile;
    expect(region.counts).toEqual([75, 75, 75, 75]);
    expect(first.performance).toMatchObject({ labelled: 150, truePositives: 25, falsePositives: 50 });
    expect(first.performance.positiveScores.reduce((a, b) => a + b)).toBe(50);
  });

  it('sees only what is new, late labels included, and goes on after a restart', async () => {
    const scan = new DirtyMinuteScan(database);
    await scan.scan();
    await scan.commit();
    expect(await scan.scan()).toEqual([]);
    await database.insert('predictions', [row(5000, START + 61_000)]);
    expect(await scan.scan()).toEqual([
      {
        model: 'm',
        version: 'v1',
        minutes: [START / 1000 + 60],
        withNewRows: [START / 1000 + 60],
        sources: { 't/0': [[START / 1000 + 60, 1]] },
      },
    ]);
    const late = {
      model: 'm',
      prediction_id: 'p121',
      source: 's',
      label: 'bad',
      labelled_at: '2026-02-02 00:00:00.000',
      topic: 'l',
      partition: 0,
      offset: 9999,
    };
    await database.insert('labels', [late]);
    expect(await scan.scan()).toEqual([
      { model: 'm', version: 'v1', minutes: [START / 1000 + 120], withNewRows: [], sources: {} },
    ]);
    await scan.commit();
    const restarted = await new DirtyMinuteScan(database).scan();
    expect(restarted.flatMap((found) => found.minutes).length).toBeGreaterThanOrEqual(2);
  });

  it('takes an insert for new once, though the store merges what was sent twice', async () => {
    const scan = new DirtyMinuteScan(database);
    await scan.scan();
    const twice = [7000, 7001, 7002].map((i) => ({
      ...row(i, START + i),
      ingested_at: '2030-01-05 00:00:00.000',
    }));
    await database.insert('predictions', twice);
    await database.insert('predictions', twice.slice(1));
    expect((await scan.scan()).flatMap((found) => found.minutes)).toEqual([START / 1000]);
    await database.command('OPTIMIZE TABLE predictions FINAL');
    expect(await scan.scan()).toEqual([]);
  });

  it('counts new categories, unknown features and wrong types', async () => {
    const source = { since: new Date(START), until: new Date(START + 3_000_000) };
    const baseline = await pinBaseline(database, model, source, new Date(START + 4_000_000));
    const at = START + 86_400_000;
    const odd = Array.from({ length: 40 }, (_, i) => ({
      ...row(i, at + i * 1000), prediction_id: `odd${i}`, num: { brand_new: 1 }, cat: { region: i < 10 ? 'atlantis' : 'north', age: 'forty' }, nulls: [],
    })); // prettier-ignore
    await database.insert('predictions', odd);
    const classes = ['bad', 'good', 'stolen', 'lost', 'stolen'];
    const odds = classes.map((label, i) => ({
      model: 'm', prediction_id: `odd${i}`, source: 's', label, value: null,
      labelled_at: '2026-02-01 00:00:00.000', topic: 'l', partition: 0, offset: 20_000 + i,
    })); // prettier-ignore
    await database.insert('labels', odds);
    await profiles.recompute(model, baseline, 'v1', [at / 1000]);
    await profiles.rejudge(model, baseline, 'v1', [at / 1000]);
    const span = { version: 'v1', from: new Date(at), to: new Date(at + 300_000), widthMs: 300_000 };
    const window = (await profiles.windows('m', baseline.id, span)).get(at / 1000)!;
    expect(window.unknownFeatures).toEqual(['brand_new']);
    expect(baseline.reference.performance.newLabels).toMatchObject({ bad: 501, good: 1000 });
    expect(window.performance).toMatchObject({ labelled: 5, newLabels: { lost: 1, stolen: 2 } });
    expect(window.features.region).toMatchObject({ fresh: 10, other: 0 });
    expect(window.features.age).toMatchObject({ n: 0, mistyped: 40, missing: 0 });
    expect(window.features.score2).toMatchObject({ n: 0, missing: 40 });
  });

  it('freezes no rows of a version that is on trial', async () => {
    const source = { since: new Date(START), until: new Date(START + 3_000_000) };
    const now = new Date(START + 4_000_000);
    const alone = await pinBaseline(database, model, source, now);
    const beside = rows.slice(0, 500).map((one) => ({ ...one, version: 'trial', num: { age: -1 } }));
    await database.insert('predictions', beside);
    const without = await pinBaseline(database, model, source, now, {
      labelsIn: now,
      onTrial: [{ version: 'trial', from: null, to: null }],
    });
    expect(without.fingerprint).toBe(alone.fingerprint);
    expect((await pinBaseline(database, model, source, now)).rows).toBe(alone.rows + 500);
    const labels = await pinLabels(database, model, alone, {
      period: source,
      now,
      onTrial: [{ version: 'trial', from: null, to: null }],
    });
    expect(labels.rows).toBe(alone.reference.performance.labelled);
  });
});

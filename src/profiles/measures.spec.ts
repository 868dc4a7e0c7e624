import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import type { Baseline } from '../domain/baseline.js';
import { Model } from '../domain/model.js';
import { BaselineRepository } from './baseline.repository.js';
import { pinBaseline } from './pin-baseline.js';
import { Profiles } from './profiles.js';

const model = Model.parse({ key: 'm', task: 'regression', window: '5m' });
const START = Date.UTC(2026, 0, 5);
const REFERENCE = 3000;

/** Row i: leaves at a known minute and arrives later; from row 3000 on every fourth arrives before it left. */
function row(i: number) {
  const departure = (i * 37) % 1200;
  const late = (i * 11) % 90;
  const arrival = i >= REFERENCE && i % 4 === 0 ? departure - 5 : departure + late;
  const ts = new Date(START + i * 1000).toISOString().slice(0, 23).replace('T', ' ');
  return {
    model: 'm', version: 'v1', environment: '', ts, prediction_id: `p${i}`, num: { departure, arrival }, cat: {}, nulls: [],
    label: '', score: null, value: i, topic: 't', partition: 0, offset: i,
  }; // prettier-ignore
}

const store = await openTestDatabase();
const { database } = store;
const profiles = new Profiles(database);
const minutes = (from: number, rows: number) =>
  Array.from({ length: rows / 60 }, (_, i) => START / 1000 + from + 60 * i);
afterAll(() => store.close());

describe('measures', () => {
  let baseline: Baseline;
  beforeAll(async () => {
    await database.insert(
      'predictions',
      Array.from({ length: REFERENCE + 600 }, (_, i) => row(i)),
    );
    const source = { since: new Date(START), until: new Date(START + REFERENCE * 1000) };
    baseline = await pinBaseline(database, model, source, new Date(START));
  });

  it('freezes what the rows keep, with its sums in the reference and in each of its windows', async () => {
    expect(baseline.rules).toContainEqual({
      rule: 'order',
      name: 'order:departure <= arrival',
      check: 'pair_rule',
      feature: null,
      statistic: 'departure <= arrival',
      a: 'departure',
      b: 'arrival',
    });
    const held = { kind: 'rate', hits: 0, trials: REFERENCE };
    expect(baseline.reference.measures['order:departure <= arrival']).toEqual(held);
    expect(baseline.windows).toHaveLength(10);
    for (const { profile } of baseline.windows)
      expect(profile.measures['order:departure <= arrival']).toEqual({ ...held, trials: 300 });
    const repository = new BaselineRepository(database);
    await repository.save(baseline);
    expect(await repository.load(baseline.id)).toEqual(baseline);
  });

  it('reads a baseline of before there were rules', async () => {
    await database.command(
      `INSERT INTO baselines (id, model, fingerprint, pinned_at, rows, source, features)
       SELECT 'old', model, fingerprint, pinned_at, rows, source, features FROM baselines WHERE id = {id:String}`,
      { params: { id: baseline.id } },
    );
    expect((await new BaselineRepository(database).load('old')).rules).toEqual([]);
  });

  it('sums minutes to the same numbers as the reference, and sees what breaks', async () => {
    const all = minutes(0, REFERENCE + 600);
    await profiles.recompute(model, baseline, 'v1', all);
    await profiles.rejudge(model, baseline, 'v1', all);
    await profiles.recompute(model, baseline, 'v1', all);
    const span = {
      version: 'v1',
      from: new Date(START),
      to: new Date(START + (REFERENCE + 600) * 1000),
      widthMs: 300_000,
    };
    const windows = await profiles.windows('m', baseline.id, span);
    for (const { from, profile } of baseline.windows)
      expect(windows.get(from.getTime() / 1000)).toEqual(profile);
    const broken = windows.get(START / 1000 + REFERENCE);
    expect(broken?.measures['order:departure <= arrival']).toEqual({ kind: 'rate', hits: 75, trials: 300 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import type { WholeBaseline } from '../domain/baseline.js';
import { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import { BaselineRepository } from './baseline.repository.js';
import { fingerprintOf } from './fingerprint.js';
import type { MeasureRow } from './measure-row.js';
import { measureSelect } from './measure-sql.js';
import { pinBaseline } from './pin-baseline.js';
import { Profiles } from './profiles.js';
import { RowLayouts } from './row-layout.js';

const model = Model.parse({ key: 'm', task: 'regression', window: '5m' });
const START = Date.UTC(2026, 0, 5);
const REFERENCE = 3000;
const AIRPORTS = [['SEA', 'WA'], ['PDX', 'OR'], ['LAX', 'CA'], ['GEG', 'WA']] as const; // prettier-ignore
const CALM = {
  order: 'departure <= arrival',
  sum: 'gross = net + tax',
  decides: 'origin determines state',
  absent: 'gate null iff pier null',
};

/** Row i: everything holds up to row 3000; then every fourth row breaks every rule, and every tenth is a copy of the one before. */
function row(i: number): object {
  const broken = i >= REFERENCE && i % 4 === 0;
  const of = i >= REFERENCE && i % 10 === 9 ? i - 1 : i;
  const departure = (of * 37) % 1200;
  const net = ((of * 53) % 997) / 10;
  const tax = ((of * 29) % 101) / 10;
  const [origin, state] = AIRPORTS[(of * 7) % 4] ?? AIRPORTS[0];
  const gone = of % 20 === 3;
  const num = {
    departure, arrival: broken ? departure - 5.5 : departure + ((of * 11) % 90), net, tax, gross: net + tax + (broken ? 1 : 0),
    ...(gone ? {} : { gate: of % 40 }), ...(gone !== broken ? {} : { pier: of % 7 }),
  }; // prettier-ignore
  const cat = {
    origin,
    state: broken ? 'NV' : state,
    tail: `${broken ? 'n' : 'N'}${10_000 + of}`,
  };
  const ts = new Date(START + i * 1000).toISOString().slice(0, 23).replace('T', ' ');
  return {
    model: 'm', version: 'v1', environment: '', ts, prediction_id: `p${i}`, num, cat, nulls: gone ? ['gate'] : [],
    label: '', score: null, value: i, topic: 't', partition: 0, offset: i,
  }; // prettier-ignore
}

const store = await openTestDatabase();
const { database } = store;
const profiles = new Profiles(database);
afterAll(() => store.close());

describe('measures', () => {
  let baseline: WholeBaseline;
  beforeAll(async () => {
    await database.insert(
      'predictions',
      Array.from({ length: REFERENCE + 600 }, (_, i) => row(i)),
    );
    const source = { since: new Date(START), until: new Date(START + REFERENCE * 1000) };
    baseline = await pinBaseline(database, model, source, source.until);
  });
  const nameOf = (check: string, statistic: string) =>
    baseline.rules.find((rule) => rule.check === check && rule.statistic === statistic)?.name ?? '';

  it('freezes what the rows keep, with its sums in the reference and in each of its windows', async () => {
    const rules = baseline.rules.filter((rule) => rule.check !== 'multivariate');
    expect(rules.map(({ check, feature, statistic }) => `${check} ${feature ?? ''}: ${statistic}`).toSorted()).toEqual([
      'duplicates : same_minute',
      'duplicates : same_window',
      'duplicates tail: same_minute',
      'format arrival: whole',
      'format departure: whole',
      'format gate: whole',
      'format pier: whole',
      'format tail: mismatch',
      'freshness : silence',
      'service : failures',
      ...Object.values(CALM).map((statistic) => `pair_rule : ${statistic}`),
    ].toSorted()); // prettier-ignore
    const held = { kind: 'rate', hits: 0, trials: REFERENCE };
    expect(baseline.windows).toHaveLength(10);
    for (const statistic of Object.values(CALM)) {
      const name = nameOf('pair_rule', statistic);
      expect(baseline.reference.measures[name]).toEqual(held);
      for (const { profile } of baseline.windows)
        expect(profile.measures[name]).toEqual({ ...held, trials: 300 });
    }
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
    const old = await new BaselineRepository(database).loadWithFingerprint('old');
    expect(old.baseline.rules).toEqual([]);
    const frozen = { features: baseline.features, reference: {} as WindowProfile, windows: [] };
    expect(old.found).toBe(await fingerprintOf(frozen));
  });

  it('sums minutes to the same numbers as the reference, and counts what breaks', async () => {
    const minutes = Array.from({ length: (REFERENCE + 600) / 60 }, (_, i) => START / 1000 + 60 * i);
    for (let again = 0; again < 2; again += 1) await profiles.recompute(model, baseline, 'v1', minutes);
    await profiles.rejudge(model, baseline, 'v1', minutes);
    const to = new Date(START + (REFERENCE + 600) * 1000);
    const windows = await profiles.windows('m', baseline.id, {
      version: 'v1',
      from: new Date(START),
      to,
      widthMs: 300_000,
    });
    for (const { from, profile } of baseline.windows)
      expect(windows.get(from.getTime() / 1000)).toEqual(profile);
    const now = windows.get(START / 1000 + REFERENCE)?.measures ?? {};
    const broken = { kind: 'rate', hits: 75, trials: 300 };
    for (const statistic of Object.values(CALM)) expect(now[nameOf('pair_rule', statistic)]).toEqual(broken);
    expect(now[nameOf('format', 'mismatch')]).toEqual(broken);
    expect(now['whole:arrival']).toEqual(broken);
    // Of thirty copies, those of a broken row are whole and so no copies any more.
    expect(now['distinct']).toEqual({ ...broken, hits: 15 });
    expect(now['distinct:tail']).toEqual({ ...broken, hits: 15 });
  });
});

describe('rows that all name their features alike', () => {
  it('give the same measures by position as by name', async () => {
    const alike = Array.from(
      { length: 600 },
      (_, i) => ({ ...row(REFERENCE + i), model: 'alike', nulls: [] }) as Record<string, unknown>,
    );
    const plain = alike.map((one) => {
      const { gate: _gate, pier: _pier, ...num } = one['num'] as Record<string, number>;
      return { ...one, num };
    });
    await database.insert('predictions', plain);
    const rows = { where: `model = 'alike'`, params: {} };
    const layout = await new RowLayouts(database).of('alike', rows);
    expect(layout).toMatchObject({ words: ['origin', 'state', 'tail'] });
    const source = { since: new Date(START), until: new Date(START + REFERENCE * 1000) };
    const { rules } = await pinBaseline(database, model, source, source.until);
    const read = async (known: typeof layout) => {
      const sql =
        measureSelect(rules, `FROM predictions WHERE ${rows.where}`, 'toStartOfMinute(ts)', known) ?? '';
      const found = await database.query<MeasureRow>(`SELECT * FROM (${sql}) ORDER BY bucket, rule`);
      return found.filter((one) => one.kind === 'rate');
    };
    const byName = await read(null);
    expect(byName.length).toBeGreaterThan(100);
    expect(await read(layout)).toEqual(byName);
  });
});

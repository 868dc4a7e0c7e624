import { afterAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { NOTHING_PENDING, STATE_FORMAT } from '../checks/series-state.js';
import type { CheckResult } from '../domain/check-result.js';
import { JudgementRepository, NO_MEMORY } from './judgement.repository.js';
import { readTrend } from './read-trend.js';
import { digestOf } from './window-entry.js';
import { resultsByRevision } from './window-reads.js';

const store = await openTestDatabase();
afterAll(() => store.close());

const END = new Date('2026-03-02T01:00:00Z');
const policies = { v: 1, signals: {} };

/** What the next window is given of a window whose memory was stored like this. */
async function remembered(model: string, checks: object) {
  const said: string[] = [];
  const judgements = new JudgementRepository(store.database, (problem) => said.push(problem));
  await store.database.insert('series_states', [
    { model, version: '1', window_to: END.getTime() / 1000, track: 'inputs', revision: 0, baseline: 'b', state: JSON.stringify({ checks, policies }), evaluated_at: '2026-03-02 01:01:00.000' },
  ]); // prettier-ignore
  const asked = { model, version: '1', track: 'inputs', at: END.getTime(), baseline: 'b' } as const;
  const [left] = await judgements.memoriesAt([asked]);
  expect(await judgements.memoryBefore(model, '1', 'inputs', END, 'b')).toEqual(left);
  return { checks: left?.checks, policies: left?.policies, said: said.length };
}

it('a memory of the checks that another release laid out is none, and said to be; that of the policies stays', async () => {
  const known = { format: STATE_FORMAT, minute: 1, series: { x: [0, 1, 2] }, pending: NOTHING_PENDING };
  expect(await remembered('same', known)).toEqual({ checks: known, policies, said: 0 });
  for (const [model, checks] of [
    ['newer', { ...known, format: STATE_FORMAT + 1 }],
    ['older', { minute: 1, series: {}, pending: NOTHING_PENDING }],
  ] as const)
    expect(await remembered(model, checks)).toEqual({ checks: null, policies, said: 2 });
});

it('a result comes back with the windows that it rests on, and has the digest it was recorded with', async () => {
  const window = { model: 'pools', version: '1', from: new Date(END.getTime() - 3_600_000), to: END, revision: 0 };
  const result: CheckResult = {
    check: 'null_rate', feature: 'x', statistic: 'rate', value: 0.2, n: 31, state: 'ALERT', evidence: 2, effect: 20,
    since: new Date('2026-03-01T20:00:00Z'), explanation: 'null', restsFrom: new Date('2026-03-01T20:00:00Z'),
  }; // prettier-ignore
  const { restsFrom: _rests, ...alone } = { ...result, statistic: 'present' };
  const judged = { window, track: 'inputs' as const, baseline: 'b', results: [result, alone], memory: NO_MEMORY };
  await new JudgementRepository(store.database).save([judged], END);
  const [stored] = (await resultsByRevision(store.database, { ...window, from: window.from.getTime() })).values();
  expect(stored).toEqual([result, alone]);
  expect(digestOf(stored ?? [])).toBe(digestOf(judged.results));
  expect(digestOf([{ ...result, restsFrom: new Date('2026-03-01T19:00:00Z') }, alone])).not.toBe(digestOf(judged.results));
  const [row] = await store.database.query(`SELECT toString(rests_from) AS first FROM v_check_results WHERE model = 'pools' AND statistic = 'rate'`);
  expect(row).toEqual({ first: '2026-03-01 20:00:00' });
}); // prettier-ignore

it('a result is read back with what it is read as, and one of before that was kept without', async () => {
  const place = { check: 'feature_drift', feature: 'age', statistic: 'location' } as const;
  const plain = { ...place, value: 1, n: 9, state: 'ALERT', evidence: 2, effect: 1, since: null, explanation: 'values × 100' } as const;
  const readAs = [{ kind: 'converted', change: '× 100', factor: 100, units: null }] as const;
  const results = [{ ...plain, readAs }, { ...plain, statistic: 'scale' }];
  const window = { model: 'read', version: '1', from: new Date(END.getTime() - 3_600_000), to: END, revision: 0 };
  await new JudgementRepository(store.database).save([{ window, track: 'inputs', baseline: 'b', results, memory: NO_MEMORY }], END);
  const stored = await resultsByRevision(store.database, { ...window, from: window.from.getTime() });
  expect(stored.get(0)).toEqual(results);
  expect(digestOf(stored.get(0) ?? [])).toBe(digestOf(results));
}); // prettier-ignore

it('draws an incident with what came before and after it, not the newest windows', async () => {
  const from = (hour: number) => END.getTime() / 1000 + 3600 * hour;
  await store.database.insert(
    'check_results',
    Array.from({ length: 500 }, (_, hour) => ({
      model: 'm', version: '1', window_from: from(hour), window_to: from(hour + 1), track: 'inputs', revision: 0, check: 'feature_drift', feature: 'x', statistic: 'location',
      value: 0, n: 100, state: 'OK', evidence: 0, effect: hour >= 100 && hour < 340 ? 1 + hour / 1000 : 0, since: 0, explanation: '', evaluated_at: '2026-03-02 01:01:00.000',
    })), // prettier-ignore
  );
  const at = (hour: number) => new Date(1000 * from(hour));
  const drawn = {
    model: 'm',
    version: '1',
    check: 'feature_drift',
    feature: 'x',
    segment: '',
    statistic: 'location',
  };
  const points = await readTrend(store.database, drawn, { onset: at(100), lastAt: at(340) });
  const shown = points.filter(({ value }) => value !== 0);
  expect([points[0]?.at, shown[0]?.at, shown.length, points.at(-1)?.at]).toEqual([
    at(70),
    at(101),
    120,
    at(369),
  ]);
});

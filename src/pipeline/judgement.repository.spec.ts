import { afterAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { NOTHING_PENDING, STATE_FORMAT } from '../checks/series-state.js';
import { JudgementRepository } from './judgement.repository.js';
import { readTrend } from './read-trend.js';

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

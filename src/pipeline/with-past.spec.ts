import { afterAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { says, windowAt } from '../../test/support/incident-log.js';
import { NOTHING_PENDING, STATE_FORMAT } from '../checks/series-state.js';
import type { CheckResult } from '../domain/check-result.js';
import { beginCourse } from '../domain/incident-course.js';
import { factsOf } from '../domain/incident-facts.js';
import type { Verdict } from '../domain/incident.js';
import { decideIncidents } from '../incidents/decide-incidents.js';
import { Incidents } from '../incidents/incidents.js';
import { JudgementRepository } from './judgement.repository.js';
import { withPast } from './with-past.js';

const store = await openTestDatabase();
afterAll(() => store.close());

const HOUR = 3_600_000;
const NOW = new Date('2026-03-02T01:01:00Z');
const checks = { format: STATE_FORMAT, minute: 1, series: {}, pending: NOTHING_PENDING } as const;

/** What a window says of the errors of a segment: thirty labels an hour, a third of the time too few. */
const resultOf = (hour: number, effect: number | null): CheckResult => ({
  check: 'segment_performance', feature: null, segment: 'channel=web', statistic: 'error_rate', value: effect, n: 30, state: effect === null ? 'INSUFFICIENT' : 'OK',
  evidence: null, effect, since: null, explanation: `hour ${hour}`,
}); // prettier-ignore
const effectAt = (hour: number) => (hour % 3 === 0 ? null : hour <= 10 ? 0 : hour % 2 === 0 ? 20 : 10);

const verdict: Verdict = {
  ...says({ check: 'segment_performance', feature: null, effect: 30 }),
  signal: { model: 'm', version: '1', check: 'segment_performance', segment: 'channel=web', feature: null },
  statistic: 'error_rate',
  effects: { error_rate: 30 },
  since: new Date(10 * HOUR),
  n: 30,
};
const finding = (one: Verdict, hour = 30) =>
  ({ due: { window: windowAt(hour), model: { window: HOUR } }, verdicts: [one] }) as never;

const HOURS = Array.from({ length: 29 }, (_, i) => i + 1);
await new JudgementRepository(store.database).save(
  HOURS.filter((hour) => hour <= 20).map((hour) => ({
    window: windowAt(hour),
    track: 'labels' as const,
    baseline: 'b',
    results: [resultOf(hour, effectAt(hour)), { ...resultOf(hour, 90), segment: 'channel=app' }],
    memory: { checks, policies: null },
  })),
  NOW,
);
const unstored = HOURS.filter((hour) => hour > 20).map((hour) => ({
  due: { window: windowAt(hour) },
  results: [resultOf(hour, effectAt(hour))],
}));
const incidents = new Incidents();
/** Found in the window of hour 21, and open. */
const open = { latest: () => ({ state: 'OPEN' as const, lastWindowTo: windowAt(30).to, course: beginCourse({ ...windowAt(21), statistic: 'error_rate', effect: 20, n: 30, since: null }) }) }; // prettier-ignore

it('what is found late is as large as all its windows since the onset say, stored or not', async () => {
  const { verdicts } = (await withPast({ database: store.database, incidents }, finding(verdict), () => unstored)) as { verdicts: Verdict[] };
  const shown = HOURS.filter((hour) => hour > 10 && effectAt(hour) !== null);
  expect(verdicts[0]?.past?.map(({ to, effects }) => [to.getTime() / HOUR, effects['error_rate']])).toEqual(shown.map((hour) => [hour, effectAt(hour)]));
  const { changes } = decideIncidents(incidents, { verdicts, window: windowAt(30) }, NOW);
  const { course } = changes[0]!.incident;
  const size = (shown.reduce((sum, hour) => sum + (effectAt(hour) ?? 0), 0) + 30) / (shown.length + 1);
  expect(factsOf(course)).toMatchObject({
    onset: new Date(10 * HOUR), foundAt: new Date(30 * HOUR), windows: shown.length + 1, size: expect.closeTo(size, 9), largest: 30,
  });
  expect(course).toMatchObject({ seenFrom: new Date(10 * HOUR), rows: 30 * (shown.length + 1) });
}); // prettier-ignore

it('windows before that were put together reach back to the first of them', async () => {
  const pools = [13, 16, 19].map((hour) => ({
    due: { window: windowAt(hour) },
    results: [{ ...resultOf(hour, 20), segment: 'channel=pos', restsFrom: windowAt(hour - 2).from }],
  }));
  const [first, ...rest] = pools;
  await new JudgementRepository(store.database).save([{ window: windowAt(13), track: 'labels', baseline: 'b', results: first!.results, memory: { checks, policies: null } }], NOW);
  const signal = { ...verdict.signal, segment: 'channel=pos' };
  const found = { ...verdict, signal, restsFrom: windowAt(20).from };
  const { verdicts } = (await withPast({ database: store.database, incidents }, finding(found, 22), () => rest as never)) as { verdicts: Verdict[] };
  expect(verdicts[0]?.past?.map(({ from, to }) => [from.getTime() / HOUR, to.getTime() / HOUR])).toEqual([[10, 13], [13, 16], [16, 19]]);
  const { changes } = decideIncidents(incidents, { verdicts, window: windowAt(22) }, NOW);
  expect(changes[0]!.incident.course).toMatchObject({ seenFrom: new Date(10 * HOUR), windows: 4 });
  const own = finding({ ...found, since: found.restsFrom }, 22);
  expect(await withPast({ database: store.database, incidents }, own, () => unstored)).toBe(own);
}); // prettier-ignore

it('nothing is read where a change is found in its first window, goes on, or is a distance', async () => {
  const asIs = async (one: Verdict) => {
    const given = finding(one);
    expect(await withPast({ database: store.database, incidents }, given, () => unstored)).toBe(given);
  };
  await asIs({ ...verdict, since: windowAt(30).from });
  await asIs({ ...verdict, since: null });
  await asIs({ ...verdict, outcome: 'clear' });
  await asIs({ ...verdict, stands: true });
  await asIs({ ...verdict, statistic: 'shape', effects: { shape: 0.5, daily_error_rate: 3 } });
  const given = finding(verdict);
  expect(await withPast({ database: store.database, incidents: open }, given, () => unstored)).toBe(given);
});

it('of what is open they are read where a window that was judged again says that it began earlier', async () => {
  const again = (since: Date) =>
    ({ due: { window: windowAt(30, 1), model: { window: HOUR } }, verdicts: [{ ...verdict, since }] }) as never;
  const pastOf = async (since: Date) => {
    const { verdicts } = (await withPast({ database: store.database, incidents: open }, again(since), () => unstored)) as { verdicts: Verdict[] };
    return verdicts[0]?.past?.length ?? 0;
  };
  expect(await pastOf(new Date(10 * HOUR))).toBeGreaterThan(0);
  // The first window that counts is that of hour 21.
  expect(await pastOf(windowAt(22).from)).toBe(0);
}); // prettier-ignore

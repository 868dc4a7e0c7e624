import { describe, expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import { flapsOf } from './flaps.js';

const HOUR = 3_600_000;
const DAY = 24;
const asked = { from: new Date(0), to: new Date(7 * DAY * HOUR), windowMs: () => HOUR, isReal: () => false };

/** At another hour every day: what comes daily is one incident. */
const STARTS = [6, 14, 0, 3, 20, 9, 17];
/** Every day for so many hours, of these sizes. */
function comesAndGoes(sizes: readonly (readonly number[])[]): IncidentLog {
  const log = new IncidentLog();
  for (let hour = 1; hour <= 7 * DAY; hour += 1) {
    const day = Math.floor(hour / DAY);
    const effect = sizes[day]?.[(hour % DAY) - (STARTS[day] ?? 0)];
    log.judge(hour, [effect === undefined ? says({ outcome: 'clear', effect: 0.05 }) : says({ effect })]);
  }
  return log;
}

describe('what comes and goes', () => {
  const days = [[0.4], [0.4, 0.45], [], [0.43], [0.4, 0.4], [0.41], [0.4]];

  it('is told with the thresholds under which it would have been quiet', () => {
    const [flap, ...others] = flapsOf(comesAndGoes(days).incidents.list(), asked);
    expect(others).toEqual([]);
    expect(flap).toMatchObject({ times: 6, largest: { statistic: 'location', effect: 0.45 }, effect: 0.46, windows: 3, loses: 0 }); // prettier-ignore
  });

  it('is quiet under them indeed', () => {
    const [flap] = flapsOf(comesAndGoes(days).incidents.list(), asked);
    const quiet = days.map((sizes) => sizes.filter((effect) => effect >= (flap?.effect ?? 0)));
    expect(comesAndGoes(quiet).incidents.list()).toEqual([]);
  });

  it('is counted in the stretch alone, and is not what began thrice or stayed', () => {
    const list = comesAndGoes(days).incidents.list();
    expect(flapsOf(list, { ...asked, from: new Date(5 * DAY * HOUR) })[0]?.times).toBe(2);
    expect(flapsOf(list, { ...asked, from: new Date(7 * DAY * HOUR), to: new Date(14 * DAY * HOUR) })).toEqual([]); // prettier-ignore
    expect(flapsOf(comesAndGoes([[0.4], [0.4], [0.4]]).incidents.list(), asked)).toEqual([]);
  });

  it('says what its threshold would cost: findings of its rule that people called real', () => {
    const log = comesAndGoes(days);
    log.judge(7 * DAY + 1, [says({ feature: 'income', effect: 0.42 })]);
    log.judge(7 * DAY + 2, [says({ feature: 'region', effect: 2 })]);
    const [flap] = flapsOf(log.incidents.list(), { ...asked, isReal: () => true });
    expect(flap?.loses).toBe(1);
  });
});

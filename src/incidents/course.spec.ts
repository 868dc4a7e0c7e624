import { describe, expect, it } from 'vitest';
import { extentText, factsOf } from '../domain/incident-course.js';
import type { Verdict } from '../domain/incident.js';
import { IncidentLog, NOW, says } from '../../test/support/incident-log.js';
import { Incidents } from './incidents.js';

const HOUR = 3_600_000;

function verdict(outcome: Verdict['outcome'], effect: number, more: Partial<Verdict> = {}): Verdict {
  return { ...says({ outcome, effect }), ...more };
}

/** The incidents as another process reads them from the ledger. */
function replayed({ entries }: IncidentLog): Incidents {
  const incidents = new Incidents();
  for (const entry of entries) incidents.apply(entry);
  return incidents;
}

describe('the facts of an incident', () => {
  it('come from all of its windows, by their rows, and are found when the first window ends', () => {
    const log = new IncidentLog();
    const shown = [
      { effect: 3, n: 17, since: new Date(4 * HOUR) },
      { effect: 0.5, n: 400, since: new Date(4 * HOUR) },
      { effect: 0.6, n: 400, since: new Date(4 * HOUR) },
    ];
    shown.forEach((one, i) => log.judge(6 + i, [verdict('breach', one.effect, one)]));
    const { course, openedAt } = log.incidents.list()[0]!;
    expect(openedAt).toEqual(NOW);
    expect(factsOf(course)).toEqual({
      onset: new Date(4 * HOUR),
      foundAt: new Date(6 * HOUR),
      lastAt: new Date(8 * HOUR),
      windows: 3,
      lastedMs: 4 * HOUR,
      size: expect.closeTo((3 * 17 + 0.5 * 400 + 0.6 * 400) / 817, 12),
      largest: 3,
      pattern: null,
    });
    expect(extentText('feature_drift', course)).toBe('+0.601 sd over 3 windows in 4 h, at most +3 sd');
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });
});

describe('a change that is there from 06 to 12 h of every day', () => {
  const log = new IncidentLog();
  const told: string[] = [];
  const DAYS = 10;
  for (let hour = 1; hour <= 24 * (DAYS + 2); hour += 1) {
    const ofDay = hour % 24;
    const there = hour <= 24 * DAYS && ofDay > 6 && ofDay <= 12;
    // The detector holds on for two windows.
    const held = hour <= 24 * DAYS && ofDay > 12 && ofDay <= 14;
    const effect = there ? 0.5 : 0.01;
    const said = log.judge(hour, [verdict(there || held ? 'breach' : 'clear', effect)]);
    told.push(...said.filter((one) => one.includes('!')).map((one) => one.split('!')[0] ?? ''));
  }

  it('is told twice and again with its hours, then once when it is over', () => {
    expect(told).toEqual(['opened', 'closed', 'reopened', 'closed', 'reopened', 'closed']);
  });

  it('is one incident that knows its hours', () => {
    const all = log.incidents.list();
    expect(all).toHaveLength(1);
    expect(factsOf(all[0]!.course)).toMatchObject({ pattern: 'daily, 06 to 12 h UTC', windows: 8 * DAYS });
    expect(all[0]).toMatchObject({ state: 'CLOSED', occurrences: 3 });
    expect(replayed(log).list()).toEqual(all);
  });
});

import { describe, expect, it } from 'vitest';
import { extentIn } from '../domain/course-stretch.js';
import { extentText, factsOf } from '../domain/incident-facts.js';
import type { Verdict } from '../domain/incident.js';
import { lcg } from '../stats/lcg.js';
import { IncidentLog, NOW, says } from '../../test/support/incident-log.js';
import { isCutShort } from '../domain/incident.js';
import { acknowledge, closeByHand } from './acknowledge.js';
import { Incidents } from './incidents.js';

const HOUR = 3_600_000;

function verdict(outcome: Verdict['outcome'], effect: number, more: Partial<Verdict> = {}): Verdict {
  const said = { ...says({ outcome, effect }), ...more };
  return { ...said, effects: more.effects ?? { [said.statistic]: said.effect ?? 0 } };
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
      statistic: 'location',
      size: expect.closeTo((3 * 17 + 0.5 * 400 + 0.6 * 400) / 817, 12),
      largest: 3,
      pattern: null,
    });
    expect(extentText('feature_drift', course)).toBe(
      '+0.601 sd over 3 windows in 3 h, largest at least +3 sd',
    );
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });
});

describe('windows of few rows that were put together', () => {
  const together = (hour: number, restsFrom: number, more: Partial<Verdict> = {}) =>
    verdict('breach', 0.6, {
      n: 31,
      restsFrom: new Date(restsFrom * HOUR),
      since: new Date(restsFrom * HOUR),
      ...more,
    });

  it('are all part of the incident: its onset, its windows and what is said are of them', () => {
    const log = new IncidentLog();
    log.judge(10, [together(10, 4)]);
    const [opened] = log.incidents.list();
    expect(opened).toMatchObject({ saidFrom: new Date(4 * HOUR), saidOf: new Date(10 * HOUR) });
    expect(opened?.course).toMatchObject({
      onset: new Date(4 * HOUR),
      seenFrom: new Date(4 * HOUR),
      rows: 31,
    });
    expect(extentText('feature_drift', opened!.course)).toBe('+0.6 sd over windows of 6 h together');
    log.judge(16, [together(16, 10, { effect: 0.7, effects: { location: 0.7 } })]);
    const [course] = log.incidents.list().map((one) => one.course);
    expect(extentText('feature_drift', course!)).toBe(
      '+0.65 sd over 2 windows of 6 h in 12 h, largest +0.7 sd',
    );
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });

  it('of another number, found later, reach back as far as their rows', () => {
    const log = new IncidentLog();
    log.judge(10, [verdict('breach', 0.6, { n: 40 })]);
    log.judge(11, [together(11, 6, { statistic: 'tail', effects: { location: 0.6, tail: 3 } })]);
    expect(log.incidents.list()[0]?.course).toMatchObject({
      onset: new Date(6 * HOUR),
      seenFrom: new Date(6 * HOUR),
      rows: 71,
    });
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });

  it('and that reach back over the end of what is back begin there', () => {
    const log = new IncidentLog();
    log.judge(1, [verdict('breach', 1)]);
    for (const hour of [2, 3]) log.judge(hour, [verdict('clear', 0)]);
    expect(log.judge(8, [together(8, 0)])).toEqual(['reopened! feature_drift']);
    expect(log.incidents.list()[0]?.course).toMatchObject({
      onset: new Date(HOUR),
      seenFrom: new Date(HOUR),
    });
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });
});

describe('the end and the size of a change', () => {
  it('are those of the windows that show it, not of those in which the detector lets go', () => {
    const log = new IncidentLog();
    for (let hour = 1; hour <= 24; hour += 1) log.judge(hour, [verdict('breach', -20)]);
    for (let hour = 25; hour <= 38; hour += 1) log.judge(hour, [verdict('breach', 0.5)]);
    const facts = factsOf(log.incidents.list()[0]!.course);
    expect(facts).toMatchObject({ windows: 24, size: -20, lastAt: new Date(24 * HOUR) });
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });

  it('count what weakened and came back, and what stays weaker for so long that one change of all of it is likelier', () => {
    const log = new IncidentLog();
    const hours = [10, 10, 2, 10, 3, 3, 3, 3, 3, 3, 3];
    hours.forEach((effect, i) => log.judge(1 + i, [verdict('breach', effect)]));
    const { windows, lastAt } = factsOf(log.incidents.list()[0]!.course);
    expect({ windows, lastAt }).toEqual({ windows: 4, lastAt: new Date(4 * HOUR) });
    log.judge(12, [verdict('breach', 3)]);
    expect(factsOf(log.incidents.list()[0]!.course)).toMatchObject({
      windows: 12,
      lastAt: new Date(12 * HOUR),
    });
  });

  it('are those of the likeliest end, however noisy the windows are in which the detector holds on', () => {
    const random = lcg(5);
    // Errors of thirty labels a window: 20 % as usual, 33 % for four days.
    const window = (rate: number) => {
      const wrong = Array.from({ length: 30 }, () => Number(random() < rate)).reduce(
        (all, one) => all + one,
        0,
      );
      return 100 * (wrong / 30 - 0.2);
    };
    const log = new IncidentLog();
    for (let hour = 1; hour <= 96; hour += 1) log.judge(hour, [verdict('breach', window(0.33), { n: 30 })]);
    const before = factsOf(log.incidents.list()[0]!.course);
    for (let hour = 97; hour <= 192; hour += 1) log.judge(hour, [verdict('breach', window(0.2), { n: 30 })]);
    const after = factsOf(log.incidents.list()[0]!.course);
    expect(before.size).toBeCloseTo(13, 0);
    expect(after.size).toBeCloseTo(before.size ?? 0, 0);
    expect(Math.abs(after.lastAt.getTime() / HOUR - 96)).toBeLessThanOrEqual(4);
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });

  it('are those of windows that are one trial each, whatever strays out of its range later', () => {
    const log = new IncidentLog();
    const minute = (isOut: boolean) =>
      verdict('breach', isOut ? 98 : -2, {
        statistic: 'out_of_range',
        effects: { out_of_range: isOut ? 98 : -2, mean: isOut ? 99 : 0.1 },
      });
    for (let at = 1; at <= 120; at += 1) log.judge(at, [minute(true)]);
    for (let at = 121; at <= 160; at += 1) log.judge(at, [minute(at % 8 === 0)]);
    const { course } = log.incidents.list()[0]!;
    expect(factsOf(course)).toMatchObject({ windows: 120, lastAt: new Date(120 * HOUR) });
    expect(extentIn(course, 'mean')?.size).toBeCloseTo(99, 9);
  });

  it('are those of the change however long the detector, or a day, holds on without any of it', () => {
    const log = new IncidentLog();
    for (let hour = 1; hour <= 12; hour += 1) log.judge(hour, [verdict('breach', 6)]);
    for (let hour = 13; hour <= 30; hour += 1) log.judge(hour, [verdict('breach', 0.3)]);
    const day = { statistic: 'daily_location' };
    for (let hour = 31; hour <= 80; hour += 1) log.judge(hour, [verdict('breach', 2, day)]);
    expect(factsOf(log.incidents.list()[0]!.course)).toMatchObject({
      windows: 12,
      size: expect.closeTo(6, 9),
      lastAt: new Date(12 * HOUR),
    });
  });

  it('stay those of the statistic that most windows speak of, and rows never fall', () => {
    const log = new IncidentLog();
    const w = { statistic: 'shape', n: 50 };
    const share = { statistic: 'share:x', n: 50 };
    for (let hour = 1; hour <= 5; hour += 1) log.judge(hour, [verdict('breach', 0.6, w)]);
    log.judge(6, [verdict('breach', -5, share)]);
    const { course } = log.incidents.list()[0]!;
    expect(course.rows).toBe(300);
    expect(extentText('feature_drift', course)).toBe(
      "a large change of shape (Cohen's w 0.6) over 6 windows in 6 h",
    );
  });

  it('are known to the window where windows show it, whatever the day as a whole says', () => {
    const log = new IncidentLog();
    const since = new Date(9 * HOUR);
    for (let hour = 11; hour <= 24; hour += 1) log.judge(hour, [verdict('breach', 0.4, { since })]);
    const day = { statistic: 'daily_location', since: new Date(0) };
    for (let hour = 25; hour <= 30; hour += 1) log.judge(hour, [verdict('breach', 0.25, day)]);
    expect(factsOf(log.incidents.list()[0]!.course)).toMatchObject({ onset: since, windows: 14, size: 0.4 });
  });

  it('count the rows of a day once, though it stands in each of its windows', () => {
    const log = new IncidentLog();
    const day = { statistic: 'daily_location', n: 2_400 };
    for (let hour = 25; hour <= 48; hour += 1) log.judge(hour, [verdict('breach', 0.1, day)]);
    expect(log.incidents.list()[0]!.course.rows).toBeCloseTo(2_400, 9);
  });

  it('are refined by windows where a day found it first', () => {
    const log = new IncidentLog();
    const day = { statistic: 'daily_location', since: new Date(24 * HOUR) };
    log.judge(49, [verdict('breach', 0.1, day)]);
    log.judge(50, [verdict('breach', 0.2, { since: new Date(33 * HOUR) })]);
    expect(factsOf(log.incidents.list()[0]!.course).onset).toEqual(new Date(33 * HOUR));
  });

  it('are not changed by a window with too few rows to say anything', () => {
    const log = new IncidentLog();
    log.judge(1, [verdict('breach', 0.5)]);
    const stands = { value: null, stands: true, summary: 'too few rows' };
    log.judge(2, [{ ...verdict('breach', 0), ...stands, effect: null }]);
    const [open] = log.incidents.list();
    expect(open).toMatchObject({ summary: 'feature_drift of age', lastWindowTo: new Date(2 * HOUR) });
    expect(open?.course.windows).toBe(1);
    log.judge(2, [{ ...verdict('breach', 0), ...stands, effect: null }], { revision: 1 });
    expect(log.incidents.list()[0]?.summary).toBe('feature_drift of age');
  });

  it('begin with a window that says something', () => {
    const log = new IncidentLog();
    const stands = { value: null, stands: true, effect: null };
    expect(log.judge(1, [{ ...verdict('breach', 0), ...stands }])).toEqual([]);
  });

  it('of a silence reach to the window in which rows come again, though most of it was stepped over', () => {
    const log = new IncidentLog();
    const silent = (hour: number) => ({
      ...says({ check: 'freshness', feature: null, effect: 0, value: hour * 3600 }),
      effect: null,
      n: 0,
    });
    for (let hour = 1; hour <= 24; hour += 1) log.judge(hour, [silent(hour)]);
    const rows = says({ check: 'freshness', feature: null, outcome: 'clear' });
    log.judge(73, [rows]);
    log.judge(74, [rows]);
    expect(factsOf(log.incidents.list()[0]!.course).lastAt).toEqual(new Date(72 * HOUR));
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });

  it('of missing rows count a window without any as much as another', () => {
    const log = new IncidentLog();
    const missing = (effect: number, n: number) => ({
      ...says({ check: 'volume', feature: null, effect }),
      n,
    });
    [0, 0, 0, 75].forEach((n, i) => log.judge(1 + i, [missing(n === 0 ? -100 : -60, n)]));
    expect(factsOf(log.incidents.list()[0]!.course).size).toBe(-90);
  });
});

describe('the true mean of values that left the bins of the reference', () => {
  it('says how large a change is and when it ended, whatever the bins make of the windows after it', () => {
    const log = new IncidentLog();
    const spread = (effect: number, mean: number) =>
      verdict('breach', effect, { statistic: 'scale', effects: { scale: effect, location: 2.6, mean } });
    for (let hour = 7; hour <= 12; hour += 1) log.judge(hour, [spread(0.3, 188)]);
    for (let hour = 13; hour <= 17; hour += 1) log.judge(hour, [spread(0.16, 0.1)]);
    const { course } = log.incidents.list()[0]!;
    expect(extentText('feature_drift', course)).toBe(
      'far outside the reference, +188 sd over 6 windows in 6 h',
    );
  });
});

describe('a day that speaks of what was over before it ended', () => {
  it('brings nothing back; the next day does, if it shows it again', () => {
    const log = new IncidentLog();
    expect(log.judge(7, [verdict('breach', 1)])).toEqual(['opened! feature_drift']);
    log.judge(8, [verdict('clear', 0)]);
    expect(log.judge(9, [verdict('clear', 0)])).toEqual(['closed! feature_drift']);
    const day = verdict('breach', 0.6, { statistic: 'daily_scale', effects: { daily_scale: 0.6 } });
    for (let hour = 24; hour <= 48; hour += 1) expect(log.judge(hour, [day])).toEqual([]);
    expect(log.judge(56, [day])).toEqual(['opened! feature_drift']);
  });
});

describe('a critical change that is three times what was told', () => {
  it('is told again, whichever statistic leads', () => {
    const log = new IncidentLog();
    const said = (statistic: string, effects: Verdict['effects']) => [
      verdict('breach', effects?.[statistic] ?? 0, {
        statistic,
        severity: 'critical',
        effects: effects ?? {},
      }),
    ];
    expect(log.judge(1, said('loss', { loss: 0.06 }))).toEqual(['opened! feature_drift']);
    expect(log.judge(2, said('loss', { loss: 0.1 }))).toEqual(['amended feature_drift']);
    expect(log.judge(3, said('error', { loss: 0.5, error: 47 }))).toEqual(['amended! feature_drift']);
    expect(log.judge(4, said('error', { loss: 0.6, error: 50 }))).toEqual([]);
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });

  it('is measured by what was last told, for whatever reason that was', () => {
    const log = new IncidentLog();
    const said = (effect: number) => [
      verdict('breach', effect, { severity: 'critical', effects: { location: effect } }),
    ];
    log.judge(1, said(1));
    const who = { actor: { type: 'key', id: 'k1' }, name: 'Ada' } as const;
    log.append(acknowledge(log.incidents, log.incidents.list()[0]!.id, who, NOW).entries);
    const later = { now: new Date(NOW.getTime() + 25 * HOUR) };
    expect(log.judge(26, said(3.5), later)).toEqual(['escalated! feature_drift']);
    expect(log.judge(27, said(3.6), later)).toEqual([]);
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
    expect(factsOf(all[0]!.course)).toMatchObject({ pattern: 'daily, 06 to 12 h UTC', windows: 6 * DAYS });
    expect(all[0]).toMatchObject({ state: 'CLOSED', occurrences: 3 });
    expect(replayed(log).list()).toEqual(all);
  });
});

describe('two changes within one incident', () => {
  const judgeAll = (effects: readonly (readonly [statistic: string, effects: Record<string, number>])[]) => {
    const log = new IncidentLog();
    effects.forEach(([statistic, of], i) =>
      log.judge(1 + i, [verdict('breach', of[statistic] ?? 0, { statistic, effects: of })]),
    );
    const [incident] = log.incidents.list();
    expect(replayed(log).list()).toEqual(log.incidents.list());
    return incident!.course;
  };

  it('are told apart where the second is many times as large, by any statistic: since, size and windows are of the second', () => {
    const mild = Array.from({ length: 40 }, () => ['loss', { loss: 0.06, error_rate: 6 }] as const);
    const collapse = Array.from({ length: 10 }, () => ['error_rate', { loss: 0.46, error_rate: 50 }] as const);
    const course = judgeAll([...mild, ...collapse]);
    expect(factsOf(course)).toMatchObject({ onset: new Date(40 * HOUR), windows: 10, lastedMs: 10 * HOUR, size: 50 });
    expect(extentText('performance', course)).toBe(
      'error rate +50 percentage points over 10 windows in 10 h; before that loss +0.06 from 1970-01-01 00:00 UTC',
    );
  }); // prettier-ignore

  it('are told apart where the second goes the other way', () => {
    const more = Array.from({ length: 30 }, () => ['share:good', { 'share:good': 2.1 }] as const);
    const less = Array.from({ length: 4 }, () => ['share:good', { 'share:good': -8 }] as const);
    const course = judgeAll([...more, ...less]);
    expect(factsOf(course)).toMatchObject({ onset: new Date(30 * HOUR), windows: 4, size: -8, largest: -8 });
  });

  it('are not seen in an odd window, in a change that grows, or in noise around the end', () => {
    const of = (effect: number) => ['location', { location: effect }] as const;
    const odd = judgeAll([...Array.from({ length: 8 }, () => of(0.5)), of(-3), of(4), of(0.5)]);
    expect(odd.earlier).toBeNull();
    const grows = judgeAll(Array.from({ length: 60 }, (_, i) => of(0.1 + 0.02 * i)));
    expect(factsOf(grows)).toMatchObject({ onset: new Date(0), windows: 60 });
  });

  it('of 36 hours of half a standard deviation are one, which ends when it did', () => {
    const noise = [0.06, -0.09, 0.02, 0.08, -0.05, -0.02, 0.1, -0.1];
    const at = (hour: number) => (hour < 36 ? 0.5 : 0) + (noise[hour % noise.length] ?? 0);
    const course = judgeAll(
      Array.from({ length: 90 }, (_, hour) => ['location', { location: at(hour) }] as const),
    );
    expect(factsOf(course)).toMatchObject({
      onset: new Date(0),
      lastAt: new Date(36 * HOUR),
      windows: 36,
      size: expect.closeTo(0.5, 2),
    });
  });
});

describe('a second change like the first, days after that has ended, while its detector has not let go', () => {
  const log = new IncidentLog();
  for (let hour = 1; hour <= 24; hour += 1) log.judge(hour, [verdict('breach', 0.5)]);
  for (let hour = 25; hour <= 168; hour += 1)
    log.judge(hour, [verdict('breach', hour % 9 === 0 ? 0.3 : 0.05)]);

  it('is not seen in noise', () => {
    const { course } = log.incidents.list()[0]!;
    expect(course.earlier).toBeNull();
    expect(factsOf(course)).toMatchObject({ windows: 24, lastAt: new Date(24 * HOUR) });
  });

  it('is told apart once half as much speaks for it', () => {
    for (let hour = 169; hour <= 180; hour += 1) log.judge(hour, [verdict('breach', 0.5)]);
    const { course } = log.incidents.list()[0]!;
    expect(factsOf(course)).toMatchObject({
      onset: new Date(168 * HOUR),
      windows: 12,
      size: expect.closeTo(0.5, 9),
    });
    expect(extentText('feature_drift', course)).toBe(
      '+0.5 sd over 12 windows in 12 h; before that +0.5 sd from 1970-01-01 00:00 UTC',
    );
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });
});

describe('what a person closes while it lasts', () => {
  const closedAt = (hour: number) => {
    const log = new IncidentLog();
    for (let at = 1; at <= hour; at += 1) log.judge(at, [verdict('breach', 4)]);
    const who = { type: 'key', id: 'k1' } as const;
    const [incident] = log.incidents.list();
    log.append(closeByHand(log.incidents, { id: incident!.id, reason: 'known' }, who, NOW).entries);
    return log;
  };

  it('has not come back where the next window shows it: it is the same change, and said to be', () => {
    const log = closedAt(6);
    expect(isCutShort(log.incidents.list()[0]!)).toBe(true);
    expect(log.judge(7, [verdict('breach', 4)])).toEqual(['reopened! feature_drift']);
    expect(log.entries.at(-1)?.data['reason']).toBe(
      'it was closed by hand while it lasted, and is still there',
    );
    const { course } = log.incidents.list()[0]!;
    expect(factsOf(course)).toMatchObject({ onset: new Date(0), windows: 7 });
    expect(course.earlier).toBeNull();
  });

  it('has come back where it was gone in between', () => {
    const log = closedAt(6);
    log.judge(15, [verdict('breach', 4)]);
    expect(log.entries.at(-1)?.data['reason']).toBe('back within 24 h, occurrence 2');
    expect(log.incidents.list()[0]!.course.earlier).not.toBeNull();
  });
});

describe('a change that comes back after clean windows', () => {
  it('is told by what is there now; what was there before is told apart', () => {
    const log = new IncidentLog();
    for (let hour = 1; hour <= 6; hour += 1) log.judge(hour, [verdict('breach', 4)]);
    for (let hour = 7; hour <= 17; hour += 1) log.judge(hour, [verdict('clear', 0)]);
    // The engine's estimate reaches back over the clean hours.
    for (let hour = 18; hour <= 20; hour += 1)
      log.judge(hour, [verdict('breach', 12, { since: new Date(3 * HOUR) })]);
    const [incident] = log.incidents.list();
    expect(incident).toMatchObject({ occurrences: 2, state: 'OPEN' });
    expect(factsOf(incident!.course)).toMatchObject({
      onset: new Date(17 * HOUR),
      foundAt: new Date(18 * HOUR),
      windows: 3,
      size: 12,
      lastedMs: 3 * HOUR,
    });
    expect(extentText('feature_drift', incident!.course)).toBe(
      'far outside the reference, at least +12 sd over 3 windows in 3 h; before that at least +4 sd from 1970-01-01 00:00 UTC',
    );
    expect(replayed(log).list()).toEqual(log.incidents.list());
  });
});

import { describe, expect, it } from 'vitest';
import { extentText, factsOf } from '../domain/incident-facts.js';
import type { Verdict } from '../domain/incident.js';
import { IncidentLog, NOW, says } from '../../test/support/incident-log.js';
import { closeByHand } from './acknowledge.js';

const HOUR = 3_600_000;

function verdict(outcome: Verdict['outcome'], effect: number, more: Partial<Verdict> = {}): Verdict {
  return { ...says({ outcome, effect }), effects: { location: effect }, ...more };
}

describe('the onset of a change', () => {
  it('is not moved before the first window that counts by what later ones estimate', () => {
    const log = new IncidentLog();
    log.judge(6, [verdict('breach', 0.6, { since: new Date(5 * HOUR) })]);
    for (let hour = 7; hour <= 20; hour += 1) log.judge(hour, [verdict('breach', 0.6, { since: new Date(2 * HOUR) })]); // prettier-ignore
    const { course } = log.incidents.list()[0]!;
    expect(factsOf(course)).toMatchObject({ onset: new Date(5 * HOUR), windows: 15, lastedMs: 15 * HOUR });
    expect(extentText('feature_drift', course)).toBe('+0.6 sd over 15 windows in 15 h');
  });

  it('of what is back is that of the windows that count, which are no longer than they last', () => {
    const past = [7, 8, 9].map((hour) => ({ from: new Date((hour - 1) * HOUR), to: new Date(hour * HOUR), n: 100, effects: { location: 4 } })); // prettier-ignore
    const back = verdict('breach', 4, { since: new Date(0), past });
    // It faded before a person closed it, and no window was clear of it.
    const faded = new IncidentLog();
    for (let hour = 1; hour <= 6; hour += 1) faded.judge(hour, [verdict('breach', 4)]);
    for (const hour of [7, 8, 9]) faded.judge(hour, [verdict('breach', 0.1)]);
    const who = { type: 'key', id: 'k1' } as const;
    const { id } = faded.incidents.list()[0]!;
    faded.append(closeByHand(faded.incidents, { id, reason: 'known' }, who, NOW).entries);
    faded.judge(10, [back]);
    const [going] = faded.incidents.list();
    expect(going?.course).toMatchObject({
      onset: new Date(6 * HOUR),
      seenFrom: new Date(6 * HOUR),
      windows: 4,
    });
    expect(extentText('feature_drift', going!.course)).toContain('over 4 windows in 4 h');
    // Where it was clear of it in between, what the estimate reaches back to does not count.
    const cleared = new IncidentLog();
    for (let hour = 1; hour <= 6; hour += 1) cleared.judge(hour, [verdict('breach', 4)]);
    for (const hour of [7, 8, 9]) cleared.judge(hour, [verdict('clear', 0)]);
    cleared.judge(10, [back]);
    expect(cleared.incidents.list()[0]?.course).toMatchObject({ onset: new Date(9 * HOUR), windows: 1 });
  });
});

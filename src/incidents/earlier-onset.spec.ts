import { expect, it } from 'vitest';
import type { PastWindow } from '../domain/incident.js';
import { IncidentLog, says, windowAt } from '../../test/support/incident-log.js';

const HOUR = 3_600_000;
const past = (hours: readonly number[], effect: number): readonly PastWindow[] =>
  hours.map((hour) => ({
    from: windowAt(hour).from,
    to: windowAt(hour).to,
    n: 100,
    effects: { location: effect },
  }));

/** An incident found at hour 10 and there at 11 and 12, of which the last is judged again with what earlier windows show by now. */
function judgedAgain(seen: readonly PastWindow[], since = windowAt(7).from) {
  const log = new IncidentLog();
  for (const hour of [10, 11, 12]) log.judge(hour, [says({ feature: 'age', effect: 1 })]);
  log.judge(12, [{ ...says({ feature: 'age', effect: 1 }), since, past: seen }], { revision: 1 });
  const [found] = log.incidents.list({});
  return { onset: (found?.course.onset.getTime() ?? 0) / HOUR, windows: found?.course.windows, rows: found?.course.rows, size: found?.course.extents[0]?.size };
} // prettier-ignore

it('a change that windows before its finding show by now, judged again, began with the first of them', () => {
  expect(judgedAgain(past([7, 8, 9], 1))).toMatchObject({ onset: 6, windows: 6, size: 1 });
  // Known so, it is not counted once more.
  expect(judgedAgain(past([7, 8, 9, 10, 11], 1))).toMatchObject({ onset: 6, windows: 6 });
});

it('and keeps its beginning where they show less than half of it, or another direction, or none is from before it', () => {
  const kept = { onset: 9, windows: 3 };
  expect(judgedAgain(past([7, 8, 9], 0.4))).toMatchObject(kept);
  expect(judgedAgain(past([7, 8, 9], -1))).toMatchObject(kept);
  expect(judgedAgain(past([10, 11], 1))).toMatchObject(kept);
  expect(judgedAgain([])).toMatchObject(kept);
});

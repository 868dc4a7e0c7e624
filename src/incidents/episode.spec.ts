import { expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import type { Verdict } from '../domain/incident.js';

function of(statistic: string, outcome: Verdict['outcome'] = 'breach'): Verdict {
  const said = says({ check: 'segment_drift', feature: null, outcome });
  const signal = { ...said.signal, segment: 'channel=web' };
  return { ...said, signal, statistic, ...(outcome === 'breach' ? { effects: { [statistic]: 1 } } : {}) };
}

/** Two windows with a finding about a segment, and two in which it is over. */
function over(statistic: string): IncidentLog {
  const log = new IncidentLog();
  for (const hour of [1, 2]) log.judge(hour, [of(statistic)]);
  for (const hour of [3, 4]) log.judge(hour, [of(statistic, 'clear')]);
  expect(log.incidents.list()).toMatchObject([{ state: 'CLOSED', occurrences: 1 }]);
  return log;
}

it('what comes back of a segment is its incident again', () => {
  const log = over('mean_score');
  log.judge(6, [of('mean_score')]);
  expect(log.incidents.list()).toMatchObject([{ state: 'OPEN', occurrences: 2 }]);
});

it('another number of the segment is another incident, and no second occurrence of the first', () => {
  const log = over('slow_calls');
  log.judge(6, [of('mean_score')]);
  const found = log.incidents.list().map(({ statistic, state, occurrences }) => [statistic, state, occurrences]);
  expect(found).toHaveLength(2);
  expect(found).toContainEqual(['mean_score', 'OPEN', 1]);
  expect(found).toContainEqual(['slow_calls', 'CLOSED', 1]);
}); // prettier-ignore

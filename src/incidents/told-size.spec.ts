import { describe, expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import { extentText } from '../domain/incident-facts.js';
import type { Verdict } from '../domain/incident.js';

function verdict(outcome: Verdict['outcome'], effect: number, more: Partial<Verdict> = {}): Verdict {
  const said = { ...says({ outcome, effect }), ...more };
  return { ...said, effects: more.effects ?? { [said.statistic]: said.effect ?? 0 } };
}

describe('a spread that looks wider because the values moved', () => {
  const wider = (mean: number) =>
    verdict('breach', 0.96, { statistic: 'scale', effects: { scale: 0.96, mean } });
  it('is told as the move of the mean, which it is no larger than', () => {
    const log = new IncidentLog();
    // Every one of the values 1 to 14 got four more: the spread is what it was.
    for (let hour = 7; hour <= 12; hour += 1) log.judge(hour, [wider(0.98)]);
    const { course } = log.incidents.list()[0]!;
    expect(extentText('feature_drift', course)).toBe('+0.98 sd over 6 windows in 6 h');
  });
  it('is told as such where the mean stays', () => {
    const log = new IncidentLog();
    for (let hour = 7; hour <= 12; hour += 1) log.judge(hour, [wider(0.1)]);
    const { course } = log.incidents.list()[0]!;
    expect(extentText('feature_drift', course)).toBe('spread × 1.96 over 6 windows in 6 h');
  });
});

it('what a segment showed of something else before is no part of what is told of it now', () => {
  const { course } = (() => {
    const log = new IncidentLog();
    log.judge(7, [verdict('breach', 1)]);
    return log.incidents.list()[0]!;
  })();
  const earlier = (statistic: string) => ({
    ...course,
    earlier: { ...course, extents: [{ ...course.extents[0]!, statistic }] },
  });
  const told = (statistic: string) => extentText('segment_drift', earlier(statistic));
  expect(told(course.extents[0]!.statistic)).toContain('before that');
  expect(told('incomplete_rows')).not.toContain('before that');
});

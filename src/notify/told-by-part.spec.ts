import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import type { CheckName } from '../domain/check-result.js';
import type { Incident } from '../domain/incident.js';
import { caseNow } from './case-now.js';
import { toldByPart } from './told-by-part.js';

const one = incident('x');
/** A finding over so many windows, each of so many rows and so large. */
function finding(check: CheckName, segment: string, { statistic = 'error_rate', size = 0, rows = 0, windows = 4, ...more }: { statistic?: string; size?: number; rows?: number; windows?: number } & Partial<Incident>): Incident {
  const course = { ...one.course, windows, rows: rows * windows, extents: [{ statistic, windows, weight: rows * windows, size, largest: size }] };
  return incident(`${check} ${segment}`, { signal: { ...one.signal, check, segment, feature: null }, statistic, course, ...more });
} // prettier-ignore

const WHOLE = finding('concept_drift', '', { size: 5, rows: 500 });
const WEB = finding('segment_performance', 'channel=web', {
  size: 25,
  rows: 100,
  windows: 3,
  severity: 'warning',
});
const told = (...members: readonly Incident[]) =>
  [...toldByPart(members)].map(([whole, part]) => [whole.signal.check, part.signal.segment]);

it('what all rows show is told by the part of the traffic that most of it is in', () => {
  expect(told(WHOLE, WEB)).toEqual([['concept_drift', 'channel=web']]);
  const slow = finding('service', '', { statistic: 'slow_calls', size: 4, rows: 500 });
  const late = finding('segment_drift', 'channel=web', { statistic: 'slow_calls', size: 20, rows: 100 });
  expect(told(slow, late)).toEqual([['service', 'channel=web']]);
  // What labels say in numbers that nobody has by segment is where the errors are, and nowhere without them.
  const auc = finding('performance', '', { statistic: 'auc', size: -0.1, rows: 500 });
  expect(told(WHOLE, WEB, auc)).toEqual([
    ['concept_drift', 'channel=web'],
    ['performance', 'channel=web'],
  ]);
  expect(told(WEB, auc)).toEqual([]);
});

it('and not by one that has less than half of it, that is better, that counts something else, or that follows from the whole', () => {
  const otherwise = (more: Parameters<typeof finding>[2]) =>
    told(WHOLE, finding('segment_performance', 'channel=web', { size: 25, rows: 100, ...more }));
  expect(otherwise({})).toHaveLength(1);
  expect(otherwise({ size: 12 })).toEqual([]);
  expect(otherwise({ size: -25 })).toEqual([]);
  expect(otherwise({ explainedBy: WHOLE.id })).toEqual([]);
  expect(otherwise({ severity: 'info' })).toEqual([]);
  expect(told(WHOLE, finding('segment_drift', 'channel=web', { statistic: 'incomplete_rows', size: 25, rows: 100 }))).toEqual([]);
}); // prettier-ignore

it('a drift of scores that is confined to a segment is told by that, with the mix of answers that follows: both are sized in standard deviations of all rows', () => {
  const beside = (name: string, one: Incident, mean: number): Incident => {
    const [lead] = one.course.extents;
    return lead ? { ...one, course: { ...one.course, extents: [lead, { ...lead, statistic: name, size: mean, largest: mean }] } } : one;
  };
  const of = (feature: string, one: Incident): Incident => ({ ...one, signal: { ...one.signal, feature } });
  const scores = of('prediction.score', beside('mean', finding('output_drift', '', { statistic: 'location', size: 0.3, rows: 500 }), 0.25));
  const labels = of('prediction.label', finding('output_drift', '', { statistic: 'shape', size: 0.4, rows: 500 }));
  const web = (mean: number) => beside('mean', finding('segment_drift', 'channel=web', { statistic: 'mean_score', size: 0.3, rows: 100 }), mean);
  expect(told(scores, labels, web(1.2))).toEqual([['output_drift', 'channel=web'], ['output_drift', 'channel=web']]);
  // a segment with less than half of it, and one that nobody sized so
  expect(told(scores, web(0.4))).toEqual([]);
  expect(told(scores, finding('segment_drift', 'channel=web', { statistic: 'mean_score', size: 0.3, rows: 100 }))).toEqual([]);
  const share = (check: CheckName, segment: string, { mix, rows }: { mix: number; rows: number }) =>
    beside('mix:"cat"', finding(check, segment, { statistic: segment ? 'share:cat' : 'shape', size: mix, rows }), mix);
  const [all, part] = [share('output_drift', '', { mix: 4, rows: 500 }), share('segment_drift', 'channel=web', { mix: 18, rows: 100 })];
  expect(told(all, part)).toEqual([['output_drift', 'channel=web']]);
}); // prettier-ignore

it('so that the part leads a case with its own size and rows, and stands where the whole would have stood', () => {
  const drift = incident('age');
  const mild = incident('mild', { severity: 'warning' });
  const case_ = (urgent?: ReadonlySet<string>) =>
    caseNow({
      members: [mild, WHOLE, WEB],
      importance: () => null,
      quiet: () => null,
      now: one.openedAt,
      ...(urgent ? { urgent } : {}),
    });
  expect(case_()).toMatchObject({ leading: WEB, severity: 'critical' });
  expect(case_().ranked).toEqual([WEB, WHOLE, mild]);
  // What goes out for the whole is led by the part all the same.
  expect(case_(new Set([WHOLE.id])).leading).toBe(WEB);
  // Inputs that have moved are the cause of either.
  const withCause = caseNow({
    members: [WHOLE, WEB, drift],
    importance: () => null,
    quiet: () => null,
    now: one.openedAt,
  });
  expect(withCause.ranked.map(({ signal }) => signal.check)).toEqual([
    'feature_drift',
    'segment_performance',
    'concept_drift',
  ]);
});

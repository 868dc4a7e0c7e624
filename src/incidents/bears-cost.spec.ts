import { describe, expect, it } from 'vitest';
import { beginCourse } from '../domain/incident-course.js';
import type { Signal } from '../domain/incident.js';
import { bearsCost } from './bears-cost.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 2);

/** An incident of a check that began so many hours after the first. */
function incident(check: Signal['check'], hours = 0, more: { segment?: string; statistic?: string; value?: number; explainedBy?: string; withdrawn?: boolean } = {}) {
  const from = new Date(START + hours * HOUR);
  const shown = { from, to: new Date(from.getTime() + HOUR), statistic: more.statistic ?? 'rate', effect: 1, n: 100, since: from };
  const signal = { model: 'credit', version: '1', check, segment: more.segment ?? '', feature: null };
  return { id: check, signal, course: beginCourse(shown), value: more.value ?? null, explainedBy: more.explainedBy ?? null, closeReason: more.withdrawn ? 'withdrawn' as const : null };
} // prettier-ignore

const bills = (one: ReturnType<typeof incident>, ...others: ReturnType<typeof incident>[]) =>
  bearsCost(one, [one, ...others], HOUR);

describe('what answers cost meanwhile is the cost of', () => {
  it('a loss, of the whole and of a segment', () => {
    expect(bills(incident('concept_drift'))).toBe(true);
    expect(bills(incident('segment_performance', 0, { segment: 'channel=app' }))).toBe(true);
  });

  it('data with which a loss of the same rows, or of a part of them, began, and of no others', () => {
    const drift = incident('feature_drift');
    expect(bills(drift)).toBe(false);
    expect(bills(drift, incident('performance', 20))).toBe(true);
    expect(bills(drift, incident('performance', 48))).toBe(false);
    expect(bills(drift, incident('performance', -5))).toBe(false);
    expect(bills(drift, incident('performance', 0, { withdrawn: true }))).toBe(false);
    expect(bills(drift, incident('segment_performance', 0, { segment: 'channel=app' }))).toBe(true);
    const app = incident('segment_drift', 0, { segment: 'channel=app' });
    const slow = incident('segment_drift', 0, { segment: 'channel=app', statistic: 'slow_calls' });
    expect(bills(slow, incident('segment_performance', 0, { segment: 'channel=app' }))).toBe(false);
    expect(bills(app, incident('segment_performance', 0, { segment: 'channel=app' }))).toBe(true);
    expect(bills(app, incident('segment_performance', 0, { segment: 'channel=web' }))).toBe(false);
  });

  it('not what follows from data that bear it, nor what few rows have', () => {
    const loss = incident('concept_drift', 1);
    expect(bills(incident('multivariate', 0, { explainedBy: 'feature_drift' }), loss)).toBe(false);
    expect(bills(incident('null_rate', 0, { value: 0.1 }), loss)).toBe(false);
    expect(bills(incident('null_rate', 0, { value: 0.9 }), loss)).toBe(true);
    expect(bills(incident('out_of_range', 0, { value: 1 }), loss)).toBe(false);
  });

  it.each(['service', 'volume', 'freshness', 'fairness', 'group_errors', 'monitoring', 'event_time'] as const)('never %s, whatever is lost beside it', (check) => {
    expect(bills(incident(check), incident('concept_drift'))).toBe(false);
  }); // prettier-ignore
});

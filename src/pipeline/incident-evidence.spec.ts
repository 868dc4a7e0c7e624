import { expect, it } from 'vitest';
import type { CheckName } from '../domain/check-result.js';
import type { Constraint } from '../domain/constraint.js';
import { callsOf } from './incident-evidence.js';

const calls = (part: 'slow' | 'failed' | 'target', aboveMs: number | null): Constraint => ({
  rule: 'calls', name: `calls:${part}`, check: 'service', feature: null, statistic: part, part, aboveMs,
}); // prettier-ignore
const segment: Constraint = {
  rule: 'segment', name: 'slow:web', check: 'segment_drift', statistic: 'slow_calls', feature: null,
  segment: 'channel=web', attribute: 'channel', value: 'web', counted: { of: 'slow', aboveMs: 300 },
}; // prettier-ignore
const failures: Constraint = {
  ...segment,
  name: 'failures:web',
  statistic: 'failures',
  counted: { of: 'failed' },
};
const rules = [calls('failed', null), calls('slow', 300), calls('target', 250), segment, failures];

const asked = (check: CheckName, statistic: string, name = '') =>
  callsOf(
    { signal: { model: 'm', version: '1', check, segment: name, feature: null }, statistic },
    { rules },
  );

it('slow and failed calls show an incident of the service, by the limit that it is held against, and of a segment its own', () => {
  expect(asked('service', 'slow_calls')).toEqual({ aboveMs: 300, segment: null });
  expect(asked('service', 'latency_p95_target')).toEqual({ aboveMs: 250, segment: null });
  expect(asked('service', 'failures')).toEqual({ aboveMs: null, segment: null });
  expect(asked('service', 'error_rate_target')).toEqual({ aboveMs: null, segment: null });
  expect(asked('segment_drift', 'slow_calls', 'channel=web')).toMatchObject({
    aboveMs: 300,
    segment: { attribute: 'channel', value: 'web' },
  });
  expect(asked('segment_drift', 'failures', 'channel=web')).toMatchObject({
    aboveMs: null,
    segment: { value: 'web' },
  });
  expect(asked('segment_drift', 'daily_slow_calls', 'channel=web')).toMatchObject({ aboveMs: 300 });
});

it('no call shows what is about something else', () => {
  expect(asked('segment_drift', 'slow_calls', 'channel=app')).toBeNull();
  expect(asked('segment_drift', 'predictions', 'channel=web')).toBeNull();
  expect(asked('feature_drift', 'location')).toBeNull();
});

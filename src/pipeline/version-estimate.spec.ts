import { expect, it } from 'vitest';
import type { Constraint } from '../domain/constraint.js';
import type { TaughtBy } from '../domain/estimate-rule.js';
import { estimateOf } from './version-estimate.js';

const taught = (taughtBy: TaughtBy | undefined) => ({
  id: 'b',
  rules: [
    {
      rule: 'estimate',
      name: 'estimate',
      check: 'estimated_performance',
      feature: null,
      statistic: 'error_rate',
      estimator: { kind: 'binary', positive: 'bad', calibrator: { from: [], to: [], value: [] } },
      ...(taughtBy ? { taughtBy } : {}),
    },
  ] satisfies Constraint[],
});
const of = (asVersion: string, calibrations = new Map<string, ReturnType<typeof learnt>>()) => ({
  asVersion,
  calibrations,
  baseline: null,
  versions: [],
});
const learnt = (baseline: string) => ({
  id: 'c',
  baseline,
  fingerprint: 'f',
  labelled: 500,
  since: new Date(0),
  until: new Date(1),
});

it('a version whose answers taught the reference is estimated by it, and any version by one of before that was known', () => {
  expect(estimateOf(of('1'), taught({ versions: ['1'], labelled: 900 }))).toBeNull();
  expect(estimateOf(of('2'), taught(undefined))).toBeNull();
  expect(estimateOf({ ...of('2'), asVersion: '2' }, taught({ versions: null, labelled: 900 }))).toBeNull();
});

it('another one only by what its own labels taught under the same reference', () => {
  const reference = taught({ versions: ['1'], labelled: 900 });
  expect(estimateOf(of('2'), reference)).toBe('none');
  expect(estimateOf(of('2', new Map([['2', learnt('b')]])), reference)).toMatchObject({ id: 'c' });
  expect(estimateOf(of('2', new Map([['2', learnt('another')]])), reference)).toBe('none');
});

it('a file is of whoever answered when it was pinned, or else answered first', () => {
  const file = taught({ versions: null, labelled: 900 });
  const pinned = { version: null, source: null, id: 'b', fingerprint: 'f', rows: 1, pinnedAt: new Date(0), replaced: false, labels: null, answering: '1' }; // prettier-ignore
  expect(estimateOf({ ...of('1'), baseline: pinned }, file)).toBeNull();
  expect(estimateOf({ ...of('2'), baseline: pinned }, file)).toBe('none');
  const version = (name: string, day: number) => ({
    version: name, stage: 'champion' as const, firstSeenAt: null, declared: false, knownSince: new Date(0), announcedBy: null,
    answersSince: new Date(day), led: null, championed: null, record: null,
  }); // prettier-ignore
  const versions = [version('2', 9), version('1', 3)];
  expect(estimateOf({ ...of('2'), versions }, file)).toBe('none');
  expect(estimateOf({ ...of('1'), versions }, file)).toBeNull();
});

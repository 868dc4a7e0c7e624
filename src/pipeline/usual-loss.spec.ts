import { expect, it } from 'vitest';
import type { Baseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import type { Measure } from '../domain/measure.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { usualLossOf, usualOfSegment } from './usual-loss.js';

const rule: Constraint = { rule: 'segment', name: 'errors', check: 'segment_performance', feature: null, segment: 'channel=web', statistic: 'error_rate', attribute: 'channel', value: 'web', counted: { of: 'errors', task: 'binary', positive: 'bad' }, needsLabels: true }; // prettier-ignore
const sides = (n: number, sum: number): Measure => ({ kind: 'sides', n, sum, sumSquares: sum, otherN: 0, otherSum: 0, otherSquares: 0 }); // prettier-ignore
const profile = (errors: Measure) => ({ ...EMPTY_PROFILE, measures: { errors } });
const pinned: Baseline = { id: 'b', model: 'm', source: { file: 'f' }, fingerprint: 'f', pinnedAt: new Date(0), rows: 9, features: {}, reference: profile(sides(0, 0)), rules: [rule], windows: [] }; // prettier-ignore

it('of a segment is what labels say that came after the reference was frozen, where they did', () => {
  expect(usualLossOf(pinned, 'channel=web')).toBeNull();
  expect(usualLossOf({ ...pinned, reference: profile(sides(10, 1)) }, 'channel=web')).toBe(0.1);
  const windows = [sides(10, 2), sides(30, 4)].map((one) => ({ from: new Date(0), to: new Date(1), profile: profile(one) })); // prettier-ignore
  const later = { ...pinned, labels: { id: 'l', fingerprint: 'l', source: pinned.source, windows } };
  expect(usualLossOf(later, 'channel=web')).toBe(0.15);
  expect(usualOfSegment({ task: 'binary' }, later, 'channel=web')).toEqual({ accuracy: 0.85 });
  expect(usualOfSegment({ task: 'binary' }, later, 'channel=app')).toEqual({});
});

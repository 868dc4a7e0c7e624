import { expect, it } from 'vitest';
import type { Baseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { areThoseOf, remarkOfReference, stretchOfReference } from './reference-labels.js';

const [from, to] = [new Date(0), new Date(3_600_000)];
const taught = (versions: string[]): Constraint => ({ rule: 'estimate', name: 'e', check: 'estimated_performance', feature: null, statistic: 'error_rate', estimator: { kind: 'binary', positive: 'bad', calibrator: { from: [], to: [], value: [] } }, taughtBy: { versions, labelled: 80 } }); // prettier-ignore
const reference = (labelled: number) => ({ ...EMPTY_PROFILE, performance: { ...NO_LABELS, labelled } });
const partial: Baseline = { id: 'b', model: 'm', source: { since: from, until: to }, fingerprint: 'f', pinnedAt: to, rows: 100, features: {}, reference: reference(80), rules: [], windows: [{ from, to, profile: EMPTY_PROFILE }] }; // prettier-ignore

it('labels of a reference are read again where some were missing, and it is known whose answers it is', () => {
  expect(stretchOfReference(partial, '1')).toEqual({ version: '1', from, to });
  expect(stretchOfReference({ ...partial, rules: [taught(['1'])] }, '2')).toEqual({ version: '1', from, to });
  expect(stretchOfReference({ ...partial, rules: [taught(['1', '2'])] }, '2')).toBeNull();
  expect(stretchOfReference({ ...partial, reference: reference(100) }, '1')).toBeNull();
  expect(stretchOfReference({ ...partial, source: { file: 'f' } }, '1')).toBeNull();
  const labels = { id: 'l', fingerprint: 'l', source: partial.source, windows: [] };
  expect(stretchOfReference({ ...partial, labels }, '1')).toBeNull();
  expect([areThoseOf(100, 100), areThoseOf(100, 90), areThoseOf(100, 110)]).toEqual([true, false, false]);
});

it('what a value of the reference rests on is said while it is a part', () => {
  const of = (frozen: number, now: number | null) => remarkOfReference({ answers: 4800, frozen, now });
  expect(of(4800, null)).toBeNull();
  expect(of(900, null)).toBe('the reference’s value rests on 900 of 4\u202f800 answers: the others have no label that was in when it was frozen'); // prettier-ignore
  expect(of(900, 900)).toBe('the reference’s value rests on 900 of 4\u202f800 answers: the others have no label yet'); // prettier-ignore
  expect(of(900, 1200)).toBe('the reference’s value rests on the labels of 1\u202f200 of 4\u202f800 answers so far; windows are judged by the 900 that were in when it was frozen'); // prettier-ignore
  expect(of(0, 4800)).toMatch(
    /^the reference’s value rests on the labels of all its answers; none of them was in/,
  );
});

import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { rankFindings } from './rank-findings.js';

it('puts causes first, then the worst, what comes first on the way to harm, and the largest whatever its unit', () => {
  const { signal, course } = incident('a');
  const sized = (statistic: string, size: number) => ({
    course: { ...course, extents: [{ statistic, windows: 1, weight: 1, size, largest: size }] },
  });
  const ofCheck = (check: 'null_rate' | 'output_drift' | 'performance', feature: string) =>
    incident(feature, { signal: { ...signal, check, feature } });
  const wanted = [
    ofCheck('null_rate', 'nulls'),
    incident('far', sized('location', 2)),
    // Ten percentage points are less than half a standard deviation, though the number is larger.
    incident('near', sized('location', 0.5)),
    incident('share', sized('share:x', 10)),
    ofCheck('output_drift', 'prediction.score'),
    ofCheck('performance', 'label'),
    incident('mild', { severity: 'warning', ...sized('location', 2.5) }),
    incident('follows', { explainedBy: 'i-nulls' }),
  ];
  const names = (list: readonly (typeof wanted)[number][]) => list.map(({ id }) => id);
  const mixed = [...wanted].reverse();
  expect(names(rankFindings(mixed, () => null))).toEqual(names(wanted));
  expect(names(rankFindings(mixed, () => null, new Set(['i-mild'])))[0]).toBe('i-mild');
  const early = new Date(course.onset.getTime() - 3_600_000);
  const flip = (foundAt: Date) => ({
    ...ofCheck('performance', 'flip'),
    course: { ...course, onset: early, foundAt },
  });
  // Answers that are wrong before anything has moved are wrong for a reason of their own.
  expect(names(rankFindings([...mixed, flip(early)], () => null))[0]).toBe('i-flip');
  expect(names(rankFindings([...mixed, flip(course.foundAt)], () => null))[0]).toBe('i-nulls');
  const important = (feature: string) => (feature === 'share' ? 1 : 0.1);
  expect(names(rankFindings(mixed, important))[1]).toBe('i-share');
});

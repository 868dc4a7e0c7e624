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
  expect(names(rankFindings(mixed, () => null, { urgent: new Set(['i-mild']) }))[0]).toBe('i-mild');
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

const { signal, course } = incident('a');
const at = (minutes: number) => new Date(course.onset.getTime() + 60_000 * minutes);
const began = (onset: number, foundAt: number, size = 1) => ({
  course: { ...course, onset: at(onset), foundAt: at(foundAt), extents: [{ statistic: 'location', windows: 1, weight: 1, size, largest: size }] },
}); // prettier-ignore
const first = (members: Parameters<typeof rankFindings>[0], urgent?: string) =>
  rankFindings(members, () => null, { urgent: new Set(urgent === undefined ? [] : [urgent]) })[0]?.id;

it('an input leads before the answers that moved with it or after it, whichever of them is the news', () => {
  const score = incident('score', {
    signal: { ...signal, check: 'output_drift', feature: 'prediction.score' },
    ...began(0, 5, 5),
  });
  const amount = incident('amount', { severity: 'warning', ...began(0, 5) });
  expect(first([score, amount], score.id)).toBe(amount.id);
  // A window apart, as estimates are.
  expect(first([score, { ...amount, ...began(1, 5) }], score.id)).toBe(amount.id);
  // It moved before any input did: for a reason of its own.
  expect(first([score, { ...amount, ...began(6, 11) }], score.id)).toBe(score.id);
  // Nobody has the score, somebody has the input.
  expect(first([score, { ...amount, acknowledgedBy: 'ada' }], score.id)).toBe(score.id);
  const harm = incident('harm', {
    signal: { ...signal, check: 'performance', feature: null },
    ...began(-60, -30),
  });
  expect(first([score, amount, harm])).toBe(harm.id);
});

it('what leads stays until something else is larger by far', () => {
  const rain = incident('rain', began(0, 5, 1));
  expect(first([rain, incident('weight', began(0, 6, 1.4))])).toBe(rain.id);
  expect(first([rain, incident('weight', began(0, 6, 1.6))])).toBe('i-weight');
  // Found in one window, the larger of what was told of it.
  expect(first([{ ...rain, effect: 2 }, incident('weight', began(0, 5, 1.2))])).toBe('i-weight');
});

import { expect, it } from 'vitest';
import { minuteText } from './wording.js';
import { changeOf } from './change-text.js';
import { drawnStatistic, extentText, factsOf } from './incident-facts.js';
import type { CheckName } from './check-result.js';
import { incident } from '../../test/support/incidents.js';
import { beginCourse, continueCourse, prolongCourse } from './incident-course.js';
import { findingTitle, headlineOf, isBareSize, saidOfWindow, windowWords } from './incident-headline.js';

it.each([
  [0.4, 'answers have become worse'],
  [-0.4, 'errors have changed'],
])('says of errors that moved by %s which way', (size, wanted) => {
  const { signal, course } = incident('age');
  const extents = [{ statistic: 'error_rate', windows: 1, weight: 9, size, largest: size }];
  const errors = {
    signal: { ...signal, check: 'concept_drift' as const, feature: null },
    course: { ...course, extents },
  };
  expect(findingTitle(errors)).toBe(wanted);
});

const HOUR = 3_600_000;
const START = Date.parse('2026-11-26T08:00:00Z');

/** An incident of so many windows of an hour, the first of which lies three hours after its onset. */
function seen(windows: number, of: { check: CheckName; feature: string | null; statistic: string; value: number; effect: number; summary: string }) {
  const { check, feature, statistic, value, effect, summary } = of;
  const shown = (i: number) => ({ from: new Date(START + (3 + i) * HOUR), to: new Date(START + (4 + i) * HOUR), statistic, effect, n: 200, since: new Date(START) });
  const later = Array.from({ length: windows - 1 }, (_, i) => shown(i + 1));
  const course = later.reduce((before, one) => continueCourse(before, one, false), beginCourse(shown(0)));
  const { signal } = incident('x');
  return { signal: { ...signal, check, feature }, statistic, value, effect, summary, course, saidOf: course.lastAt };
} // prettier-ignore

it('tells one fact in one wording: from what to what, over the windows it rests on, and names of answers in words', () => {
  const wrong = { check: 'concept_drift', feature: null, statistic: 'error_rate', value: 0.75, effect: 51.1, summary: 'concept drift: error rate 0.75, 0.239 expected' } as const; // prettier-ignore
  expect(headlineOf(seen(1, wrong))).toBe('answers have become worse: error rate 24 % → 75 % over 1 window');
  expect(headlineOf(seen(5, wrong))).toBe(
    'answers have become worse: error rate 24 % → 75 % over 5 windows in 5 h',
  );
  expect(windowWords(seen(5, wrong))).toBeNull();
  const answers = { check: 'output_drift', feature: 'prediction.label', statistic: 'share:bad', value: 0.28, effect: 16, summary: 'output drift of prediction.label: "bad" make up 28 %, 12 % before' } as const; // prettier-ignore
  expect(headlineOf(seen(3, answers))).toBe(
    'the mix of answers has moved: share of "bad" 12 % → 28 % over 3 windows in 3 h',
  );
  const lower = { ...answers, statistic: 'rmse', summary: 'output drift of prediction.label: stuck: every value is 3' } as const; // prettier-ignore
  expect(headlineOf(seen(1, lower))).toBe('the mix of answers has moved: stuck: every value is 3');
});

it('says of a silence since when it is, which stays true, and of one that is over how long it was', () => {
  const summary = 'freshness: no predictions for 5 min; by the reference, 3 min is too long';
  const silent = {
    check: 'freshness',
    feature: null,
    statistic: 'silence',
    value: 300,
    effect: 0,
    summary,
  } as const;
  const { course, ...told } = seen(2, silent);
  const whole = { ...told, course: prolongCourse(course, new Date(START + 110 * 60_000 + 4 * HOUR)) };
  const since = minuteText(course.onset);
  const open = `freshness: no predictions since ${since} UTC; by the reference, 3 min is too long`;
  for (const said of [summary, summary.replace('for 5 min', `since ${since} UTC`)])
    expect(headlineOf({ ...whole, summary: said })).toBe(open);
  expect(headlineOf({ ...whole, state: 'CLOSED' })).toBe(
    `freshness: no predictions for 5.8 h from ${since} UTC on; by the reference, 3 min is too long`,
  );
  expect(saidOfWindow(whole)).toBe(headlineOf(whole));
  expect(extentText('freshness', whole.course)).toBe('5.8 h without predictions');
});

it('keeps what a check says beyond a size', () => {
  const more = { check: 'concept_drift', feature: null, statistic: 'error_rate', value: 0.75, effect: 51, summary: 'concept drift: error rate 0.75, 0.239 expected; label "x" was never seen' } as const; // prettier-ignore
  expect(isBareSize(seen(5, more))).toBe(false);
  expect(isBareSize(seen(5, { ...more, statistic: 'rmse', summary: 'concept drift: rmse 12, 4 expected' }))).toBe(true); // prettier-ignore
});

it('tells one change by one size: what its first window said of it stands nowhere beside that', () => {
  const { signal } = incident('x');
  const shown = (i: number) => ({ from: new Date(START + i * HOUR), to: new Date(START + (i + 1) * HOUR), statistic: 'location', effect: 1.43, effects: { mean: 25.2 }, n: 200, since: null });
  const summary = 'feature drift of age: values are higher by 1.43 reference standard deviations; rain moved too';
  const one = { signal: { ...signal, check: 'feature_drift', feature: 'age' }, statistic: 'location', value: 1.43, effect: 1.43, summary, course: beginCourse(shown(0)), saidOf: new Date(START + HOUR) } as const;
  expect(headlineOf(one)).toBe('age has moved: far outside the reference, +25.2 sd over 1 window; rain moved too');
  expect(windowWords(one)).toBeNull();
  const two = { ...one, course: continueCourse(one.course, shown(1), false) };
  expect(headlineOf(two)).toBe('age has moved: far outside the reference, +25.2 sd over 2 windows in 2 h');
  expect(windowWords(two)).toBe('rain moved too, in the window to 2026-11-26 09:00 UTC');
}); // prettier-ignore

it('tells a level from what to what and by how much on one basis, which is the true mean where that moved alike', () => {
  const { signal } = incident('x');
  const shown = (level: number, mean: number) => ({ from: new Date(START), to: new Date(START + HOUR), statistic: 'location', effect: level, effects: { mean }, n: 200, since: null });
  const found = (level: number, mean: number) => ({ signal: { ...signal, check: 'feature_drift' as const, feature: 'age' }, statistic: 'location', value: level, effect: level, course: beginCourse(shown(level, mean)) });
  const known = { usual: () => ({ mean: 40, sd: 8, unit: 'years' }), shares: () => null, rowShare: () => null };
  const alike = found(2.51, 3.025);
  expect(changeOf(alike, known)).toBe('≈ 40 → ≈ 64.2 years');
  expect(extentText('feature_drift', alike.course)).toBe('+3.02 sd over 1 window');
  expect([drawnStatistic(alike), factsOf(alike.course).statistic]).toEqual(['mean', 'mean']);
  // A season moves the mean by something else.
  const other = found(0.4, 0.9);
  expect(changeOf(other, known)).toBe('≈ 40 → ≈ 43.2 years');
  expect([extentText('feature_drift', other.course), drawnStatistic(other)]).toEqual(['+0.4 sd over 1 window', 'location']);
}); // prettier-ignore

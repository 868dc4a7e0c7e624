import { expect, it } from 'vitest';
import { closed, incident } from '../../test/support/incidents.js';
import type { IncidentCourse } from '../domain/incident-course.js';
import { windowWords } from '../domain/incident-headline.js';
import { countText } from '../domain/wording.js';
import type { Incident } from '../domain/incident.js';
import { UNTOUCHED } from './case-hands.js';
import { factsOfCase } from './case-lines.js';
import { UNKNOWN_SUBJECT } from './case-subject.js';
import { caseMessage } from './message.js';

const HOUR = 3_600_000;
const age = incident('age');
const hour = (i: number) => new Date(age.course.lastAt.getTime() + i * HOUR);

function said(members: readonly Incident[], fact: string): string | undefined {
  const facts = { caseId: 'case-1', seq: 1, purpose: 'opened', news: [], rises: () => false, call: null, quiet: () => null, handled: UNTOUCHED, toldAt: null, nameOf: String, baseUrl: '', changes: [], subject: UNKNOWN_SUBJECT, now: hour(0) } as const; // prettier-ignore
  return factsOfCase(caseMessage({ ...facts, members })).find(([name]) => name === fact)?.[1];
}

it('says of how many windows those that show it are, and that windows of few rows are judged together', () => {
  const sure = (course: Partial<IncidentCourse>) =>
    said([{ ...age, course: { ...age.course, ...course } }], 'How sure');
  expect(sure({ windows: 9, rows: 360, lastAt: hour(20) })).toBe(
    'seen in 9 of 21 windows, on 360 rows; windows with too few rows are judged together',
  );
  expect(sure({ windows: 21, rows: 360, lastAt: hour(20) })).toBe('seen in 21 windows, on 360 rows');
  expect(sure({ windows: 9, rows: 900, lastAt: hour(20) })).toBe('seen in 9 of 21 windows, on 900 rows');
  expect(sure({ windows: 1, rows: 31, seenFrom: hour(-6), foundAt: hour(0), lastAt: hour(0) })).toBe(
    'seen in 6 windows with too few rows put together, on 31 rows; later windows will confirm it or not',
  );
  const covers = { width: HOUR, rests: 94 * HOUR };
  expect(sure({ windows: 47, rows: 1410, lastAt: hour(94), covers })).toBe(
    `seen in 47 windows of 2 h, on ${countText(1410)} rows; windows with too few rows are judged together`,
  );
});

it('tells the period of what leads a case that is over, and that of all of it as such', () => {
  const later = { ...age.course, onset: hour(0), lastAt: hour(6) };
  const over = (one: Incident) => ({ ...closed(one), closeReason: 'recovered' as const });
  const both = [over(age), over(incident('income', { course: later }))];
  expect(said(both, 'Since')).toBe('2026-11-21 08:00 to 2026-11-21 10:00 UTC, for 2 h');
  expect(said(both, 'Whole case')).toBe('2 findings, 2026-11-21 08:00 to 2026-11-21 16:00 UTC, for 8 h');
  expect(said(both.slice(0, 1), 'Whole case')).toBeUndefined();
});

it('says of what rests on windows that were put together which these are', () => {
  const course = { ...age.course, windows: 2, onset: hour(-8), seenFrom: hour(-8), foundAt: hour(-4), lastAt: hour(0) }; // prettier-ignore
  const told = {
    ...age,
    course,
    saidFrom: hour(-4),
    saidOf: hour(0),
    summary: 'feature drift of age: values × 2',
  };
  expect(windowWords(told)).toBe('values × 2, in the windows 2026-11-21 06:00 to 2026-11-21 10:00 UTC');
  expect(said([told], 'By how much')).toMatch(/, windows 2026-11-21 02:00 to 2026-11-21 10:00 UTC$/u);
  const { saidFrom: _alone, ...one } = told;
  expect(windowWords(one)).toBe('values × 2, in the window to 2026-11-21 10:00 UTC');
});

it('says in the title how many inputs changed at once, as the cause below it does', () => {
  const five = { ...UNKNOWN_SUBJECT, inputs: 5 };
  const title = (names: readonly string[]) => {
    const facts = { caseId: 'case-1', seq: 1, purpose: 'opened', news: [], rises: () => false, call: null, quiet: () => null, handled: UNTOUCHED, toldAt: null, nameOf: String, baseUrl: '', changes: [], subject: five, now: hour(0) } as const; // prettier-ignore
    return caseMessage({ ...facts, members: names.map((name) => incident(name)) }).briefing?.title;
  };
  expect(title(['age', 'b', 'c', 'd', 'e'])).toBe('all inputs have changed at once');
  expect(title(['age', 'b', 'c', 'd'])).toBe('4 of 5 inputs have changed at once');
});

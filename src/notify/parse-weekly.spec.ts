import { expect, it } from 'vitest';
import { parseWeekly, UNASKED, WeeklyError } from './parse-weekly.js';

it('the week is told on Monday at eight, or when the file says, or not at all', () => {
  expect(parseWeekly('channels: {}')).toEqual(UNASKED);
  expect(UNASKED).toMatchObject({ day: 'mon', at: 480, timezone: 'UTC', isAsked: false });
  expect(parseWeekly('weekly: { day: fri, at: "16:30", timezone: Europe/Berlin }')).toEqual({ day: 'fri', at: 990, timezone: 'Europe/Berlin', isAsked: true }); // prettier-ignore
  expect(parseWeekly('weekly: { day: fri }')).toMatchObject({ day: 'fri', at: 480, isAsked: true });
  expect(parseWeekly('weekly: off')).toBeNull();
});

it.each([['weekly: never'], ['weekly: { day: friday }'], ['weekly: { at: 8 }'], ['weekly: { timezone: Mars/Base }']])(
  'what cannot be meant is an error that names the field: %s',
  (text) => {
    expect(() => parseWeekly(text)).toThrow(WeeklyError);
    expect(() => parseWeekly(text)).toThrow(/weekly/u);
  },
); // prettier-ignore

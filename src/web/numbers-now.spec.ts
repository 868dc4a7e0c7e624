import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { beginCourse } from '../domain/incident-course.js';
import { headlineOf } from '../domain/incident-headline.js';
import { MEAN } from '../domain/statistic-text.js';
import { numbersNow } from './numbers-now.js';

const window = {
  from: new Date('2026-11-21T08:00:00Z'),
  to: new Date('2026-11-21T09:00:00Z'),
  n: 900,
  since: null,
};
const level = { check: 'feature_drift', statistic: 'location', value: 2.88, effect: 2.88 } as const;
const summary = 'feature drift of age: values are higher by 2.88 reference standard deviations';
const far = incident('age', {
  summary,
  course: beginCourse({ ...window, statistic: 'location', effect: 2.88, effects: { [MEAN]: 30.3 } }),
}); // prettier-ignore

it('beside an incident of values beyond the bins of their reference stands its one size, and no second one', () => {
  expect(headlineOf(far)).toContain('+30.3 sd');
  expect(numbersNow(level, 'age', [far])).toEqual({ value: 'beyond the bins', effect: '+30.3 sd' });
  const plain = { value: '2.88 sd', effect: 'at least +2.88 sd' };
  expect(numbersNow(level, 'income', [far])).toEqual(plain);
  expect(numbersNow(level, 'age', [{ ...far, state: 'CLOSED' }])).toEqual(plain);
  expect(numbersNow({ ...level, statistic: 'scale', value: 4, effect: 3 }, 'age', [far]).effect).toBe(
    'spread × 4',
  );
});

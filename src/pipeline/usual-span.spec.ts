import { expect, it } from 'vitest';
import { usualSpan } from './performance.js';

const HOUR = 3_600_000;
const at = (hour: number) => new Date(hour * HOUR);
const of = (answered: number, mature: number | null) =>
  usualSpan({ window: HOUR }, { answered: answered * HOUR, mature: mature === null ? null : mature * HOUR });

it.each([
  ['the newest windows, where most of them have labels', of(1000, 960), [800, 1000]],
  ['those with labels, where most of the newest wait for theirs', of(1000, 700), [500, 700]],
  ['the newest, where none has labels', of(1000, null), [800, 1000]],
])('%s', (_name, span, [since = 0, until = 0]) => {
  expect(span).toEqual({ since: at(since), until: at(until) });
});

it('nothing where nothing was answered', () => {
  expect(usualSpan({ window: HOUR }, { answered: null, mature: null })).toBeNull();
});

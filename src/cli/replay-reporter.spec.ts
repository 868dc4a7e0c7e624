import { expect, it } from 'vitest';
import { paceText } from './replay-reporter.js';

it('says the rate, how much is done and how long the rest takes at the pace so far', () => {
  expect(paceText({ events: 1200, seconds: 3, from: 0.1, done: 0.4 })).toBe(
    '1200 events, 400/s, 40 %, 6 s left',
  );
  expect(paceText({ events: 1200, seconds: 3, from: 0.4, done: 0.4 })).toBe('1200 events, 400/s, 40 %');
  expect(paceText({ events: 1200, seconds: 3, from: null, done: null })).toBe('1200 events, 400/s');
});

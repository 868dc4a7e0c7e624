import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { neverArmed } from './never-armed.js';

const of = (window: string, baseline?: object) =>
  Model.parse({ key: 'rent', task: 'regression', window, ...(baseline ? { baseline } : {}) });

it('warns of references that have fewer windows than a series needs, with what to write', () => {
  expect(neverArmed([of('3h', { learn: '5d' })])).toEqual([
    'model rent: its reference has 40 windows of 3h and 48 are needed, so that nothing of it would ever be judged: write baseline: { learn: 6d } or longer, or a shorter window',
  ]);
  expect(neverArmed([of('1d', { learn: '7d' })])).toEqual([expect.stringMatching(/7 windows .*14 are needed.*learn: 14d/)]); // prettier-ignore
  const period = { since: '2026-01-01', until: '2026-01-02' };
  expect(neverArmed([of('1h', period)])).toEqual([expect.stringMatching(/has 24 windows .*a period of 2d/)]);
});

it('says nothing of those that can be armed, and of files, whose windows nobody knows yet', () => {
  const fine = [of('3h', { learn: '6d' }), of('1d', { learn: '14d' }), of('1h'), of('1h', { file: 'a.csv' })];
  expect(neverArmed(fine)).toEqual([]);
});

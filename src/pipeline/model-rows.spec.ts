import { expect, it } from 'vitest';
import type { ModelStage } from '../domain/model.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { modelRows, usualRows } from './model-rows.js';

const stages = (beside: ModelStage) =>
  [
    { version: '1', stage: 'champion' },
    { version: '2', stage: 'canary' },
    { version: '3', stage: beside },
  ] as const;
const found = [
  { version: '1', rows: 90 },
  { version: '2', rows: 10 },
  { version: '3', rows: 100 },
];
const usual = null;

it('the version with the most rows speaks for all that answer', () => {
  expect(modelRows('1', stages('shadow'), { found, usual })).toBe(100);
  expect(modelRows('2', stages('shadow'), { found, usual })).toBeNull();
  expect(modelRows('1', stages('canary'), { found, usual })).toBeNull();
  expect(modelRows('3', stages('canary'), { found, usual })).toBe(200);
});

it('a shadow neither speaks nor counts', () => {
  expect(modelRows('3', stages('challenger'), { found, usual })).toBeNull();
  expect(modelRows('3', stages('shadow'), { found: [], usual })).toBeNull();
});

it('where nobody answers, that is what each says; of equals the first by name speaks', () => {
  expect(modelRows('1', stages('shadow'), { found: [{ version: '3', rows: 50 }], usual })).toBe(0);
  const equals = [
    { version: '2', rows: 50 },
    { version: '1', rows: 50 },
  ];
  expect(modelRows('1', [], { found: equals, usual })).toBe(100);
  expect(modelRows('2', [], { found: equals, usual })).toBeNull();
});

it('a version nobody announced never speaks, and counts where that is nearer to what is usual', () => {
  const versions = [
    { version: '1', stage: 'champion', declared: false },
    { version: '2', stage: 'registered', declared: false },
  ] as const;
  const of = (first: number, second: number) => ({
    found: [
      { version: '1', rows: first },
      { version: '2', rows: second },
    ],
    usual: 100,
  });
  expect(modelRows('1', versions, of(30, 70))).toBe(100);
  expect(modelRows('1', versions, of(100, 100))).toBe(100);
  expect(modelRows('1', versions, of(20, 25))).toBe(45);
  expect(modelRows('2', versions, of(30, 70))).toBeNull();
});

it('the usual rows are those of the same hour, or weekday', () => {
  const hour = 3_600_000;
  const at = (place: number, predictions: number, widthMs: number) => ({
    from: new Date(place * widthMs),
    to: new Date((place + 1) * widthMs),
    profile: { ...EMPTY_PROFILE, predictions },
  });
  const hours = Array.from({ length: 72 }, (_, i) => at(i, i % 24 === 3 ? 7 : 50, hour));
  expect(usualRows(hours, 99 * hour, hour)).toBe(7);
  expect(usualRows(hours, 100 * hour, hour)).toBe(50);
  const days = Array.from({ length: 21 }, (_, i) => at(i, i % 7 === 2 ? 9 : 80, 24 * hour));
  expect(usualRows(days, 30 * 24 * hour, 24 * hour)).toBe(9);
  expect(usualRows([], 0, hour)).toBeNull();
});

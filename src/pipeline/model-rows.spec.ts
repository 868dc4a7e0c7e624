import { expect, it } from 'vitest';
import type { ModelStage } from '../domain/model.js';
import { modelRows } from './model-rows.js';

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

it('the version with the most rows speaks for all that answer', () => {
  expect(modelRows('1', stages('shadow'), found)).toBe(100);
  expect(modelRows('2', stages('shadow'), found)).toBeNull();
  expect(modelRows('1', stages('canary'), found)).toBeNull();
  expect(modelRows('3', stages('canary'), found)).toBe(200);
});

it('a shadow neither speaks nor counts', () => {
  expect(modelRows('3', stages('challenger'), found)).toBeNull();
  expect(modelRows('3', stages('shadow'), [])).toBeNull();
});

it('where nobody answers, that is what each says; of equals the first by name speaks', () => {
  expect(modelRows('1', stages('shadow'), [{ version: '3', rows: 50 }])).toBe(0);
  const equals = [
    { version: '2', rows: 50 },
    { version: '1', rows: 50 },
  ];
  expect(modelRows('1', [], equals)).toBe(100);
  expect(modelRows('2', [], equals)).toBeNull();
});

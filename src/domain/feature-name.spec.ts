import { expect, it } from 'vitest';
import { storedFeatureName, takenNames } from './feature-name.js';

it('keeps features that are called like our own series apart from them, and from each other', () => {
  const names = [
    '',
    'age',
    'prediction.score',
    'features.prediction.score',
    'features.',
    'features.age',
    '__proto__',
  ];
  const stored = names.map(storedFeatureName);
  expect(stored).toEqual([
    'features.', 'age', 'features.prediction.score', 'features.features.prediction.score', 'features.features.', 'features.age', '__proto__',
  ]); // prettier-ignore
  expect(new Set(stored).size).toBe(names.length);
});

it('names what to declare instead', () => {
  expect(takenNames(['age', 'prediction.value', ''])).toEqual([
    { name: 'prediction.value', instead: 'features.prediction.value' },
    { name: '', instead: 'features.' },
  ]);
});

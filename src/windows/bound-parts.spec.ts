import { expect, it } from 'vitest';
import { boundParts } from './bound-parts.js';

const MODELS = Array.from({ length: 5000 }, (_, i) => ({
  model: `a model whose name is as long as many are ${i}`,
  version: '2026.11',
}));

it('cuts versions into parts of which no list is longer than a server takes', () => {
  const parts = boundParts(MODELS);
  expect(parts.flat()).toEqual(MODELS);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts)
    expect(JSON.stringify(part.map(({ model }) => model)).length).toBeLessThan(128 * 1024);
});

it('begins a part where the next does not belong to the first', () => {
  const parts = boundParts(MODELS.slice(0, 4), (first, next) => MODELS.indexOf(next) - MODELS.indexOf(first) < 3);
  expect(parts.map((part) => part.length)).toEqual([3, 1]);
}); // prettier-ignore

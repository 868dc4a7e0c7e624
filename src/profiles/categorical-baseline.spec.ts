import { expect, it } from 'vitest';
import { OPEN_DOMAIN } from '../domain/baseline.js';
import { categoricalBaselineOf } from './categorical-baseline.js';

const values = (count: number, each: number) =>
  Array.from({ length: count }, (_, i) => ({ value: `v${i}`, c: each }));

it('holds a domain that the dictionary can hold', () => {
  const { categories, tail, unseenMass } = categoricalBaselineOf(values(1000, 50), 50_000);
  expect(categories).toEqual([]);
  expect(tail).toHaveLength(1000);
  expect(unseenMass).toBe(0);
});

it('does not call a domain closed whose dictionary is cut', () => {
  const { tail, unseenMass } = categoricalBaselineOf(values(5000, 50), 250_000);
  expect(unseenMass).toBeCloseTo(0.8, 12);
  expect(unseenMass).toBeGreaterThan(OPEN_DOMAIN);
  expect(tail).toEqual([]);
});

it('counts what was not even read as never seen', () => {
  expect(categoricalBaselineOf(values(10, 10), 200).unseenMass).toBe(0.5);
});

it('estimates the mass never seen from what was seen once', () => {
  const counts = [{ value: 'often', c: 998 }, ...values(2, 1)];
  expect(categoricalBaselineOf(counts, 1000)).toMatchObject({ categories: ['often'], unseenMass: 0.002 });
});

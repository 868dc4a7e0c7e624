import { expect, it } from 'vitest';
import { behindText } from './label-sources.js';

const said = (...sources: readonly (readonly [source: string, usual: number, late: number])[]) =>
  behindText({
    usual: 1000,
    late: 500,
    sources: sources.map(([source, usual, late]) => ({ source, usual, late })),
  });

it('the source that is behind is named, beside those that are as they were', () => {
  expect(said(['bureau', 600, 6], ['core', 400, 190])).toBe(
    'missing from "bureau" (1.2 % have one of it, 60 % had); as usual from "core"',
  );
  expect(said(['bureau', 600, 0], ['core', 400, 10])).toMatch(
    /^missing from "bureau" \(0 % .*\), "core" \(2 % .*\)$/,
  );
});

it('nothing is said of labels without a source, of sources as they were, and of those that hardly ever said anything', () => {
  expect(said(['', 900, 5])).toBeNull();
  expect(said(['bureau', 600, 290])).toBeNull();
  expect(said(['trial', 20, 0], ['core', 900, 440])).toBeNull();
  expect(behindText({ usual: 0, late: 10, sources: [] })).toBeNull();
});

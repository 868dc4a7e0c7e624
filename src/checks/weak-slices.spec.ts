import { expect, it } from 'vitest';
import type { LossSums, SliceSums } from '../domain/weak-slice.js';
import { weakSlices } from './weak-slices.js';

/** Answers of which so many were wrong. */
const wrong = (n: number, bad: number): LossSums => ({ n, sum: bad, squares: bad });
const slice = (name: string, searched: LossSums, after: LossSums): SliceSums => ({
  parts: name.split('&').map((part) => ({ attribute: part.split('=')[0] ?? '', value: part.split('=')[1] ?? '' })),
  searched,
  after,
}); // prettier-ignore
const ALL = { searched: wrong(10_000, 1000), after: wrong(10_000, 1000) };

it('a slice is shown where the period after the search confirms it, with the numbers of that period', () => {
  const found = weakSlices(ALL, [
    slice('channel=app', wrong(1000, 300), wrong(1000, 250)),
    slice('channel=web', wrong(9000, 700), wrong(9000, 750)),
    slice('hour=3', wrong(500, 150), wrong(500, 50)), // was chance
    slice('hour=4', wrong(40, 40), wrong(40, 40)), // too few
    slice('hour=5', wrong(2000, 240), wrong(2000, 240)), // surely worse, and not by much
  ]);
  expect(found.map((one) => one.slice)).toEqual(['channel=app']);
  expect(found[0]).toMatchObject({ rows: 1000, loss: 0.25, elsewhere: 750 / 9000 });
  expect(found[0]?.low).toBeGreaterThan(0.1);
});

it('what the later period confirms is that a slice is worse, not that it is as much worse as what made it chosen', () => {
  // 0.41 against 0.27 of the period that chose, 0.40 against 0.275 of the one after
  const [searched, after] = [wrong(3000, 861), wrong(3000, 875)];
  const app = slice('channel=app', wrong(400, 164), wrong(400, 160));
  expect(weakSlices({ searched, after }, [app])).toMatchObject([{ slice: 'channel=app', loss: 0.4 }]);
  // fifty-eight rows that are as bad by chance of the choice, and a little worse after it
  const chance = slice('age=old&income=low', wrong(58, 33), wrong(58, 22));
  expect(weakSlices({ searched, after }, [app, chance]).map((one) => one.slice)).toEqual(['channel=app']);
});

it('two conditions are named where neither says it alone', () => {
  const parts = [
    slice('a=x', wrong(2000, 500), wrong(2000, 500)),
    slice('b=y', wrong(2000, 300), wrong(2000, 300)),
    slice('c=z', wrong(2000, 500), wrong(2000, 500)),
  ];
  const pairs = [
    slice('a=x&b=y', wrong(400, 200), wrong(400, 200)),
    slice('a=x&c=z', wrong(400, 105), wrong(400, 105)),
  ];
  const found = weakSlices(ALL, [...parts, ...pairs]).map((one) => one.slice);
  expect(found.slice(0, 2)).toEqual(['a=x', 'c=z']);
  expect(found).toContain('a=x and b=y');
  expect(found).not.toContain('a=x and c=z');
});

it('among many slices of which none is worse, none is shown', () => {
  const even = Array.from({ length: 200 }, (_, i) => slice(`f${i}=x`, wrong(1000, 100 + (i % 21) - 10), wrong(1000, 100 - (i % 13) + 6)));
  expect(weakSlices(ALL, even)).toEqual([]);
}); // prettier-ignore

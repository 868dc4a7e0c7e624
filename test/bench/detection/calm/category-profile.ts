import type { CategoricalBaseline } from '../../../../src/domain/baseline.js';
import type { CategoricalProfile } from '../../../../src/domain/profile.js';
import { categoricalBaselineOf } from '../../../../src/profiles/categorical-baseline.js';

/** Which place in a profile each category has: its own, that of the tail, or none. */
export type CategoryCodes = ReadonlyMap<number, number>;

const TAIL = -1;

/** What a pin keeps of the categories of a reference, by number. */
export function categoricalReference(windows: readonly Float64Array[]): {
  readonly baseline: CategoricalBaseline;
  readonly codes: CategoryCodes;
} {
  const counts = new Map<number, number>();
  let n = 0;
  for (const values of windows) {
    for (const value of values.filter(Number.isFinite)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
      n += 1;
    }
  }
  const ranked = [...counts]
    .toSorted(([a, x], [b, y]) => y - x || a - b)
    .map(([code, c]) => ({ value: String(code), c }));
  const baseline = categoricalBaselineOf(ranked, n);
  const codes = new Map([
    ...baseline.categories.map((name, i) => [Number(name), i] as const),
    ...baseline.tail.map((name) => [Number(name), TAIL] as const),
  ]);
  return { baseline, codes };
}

/** The profile of categories by number. */
export function categoryProfile(values: Float64Array, codes: CategoryCodes): CategoricalProfile {
  const counts = Array.from(
    { length: [...codes.values()].filter((place) => place !== TAIL).length },
    () => 0,
  );
  let [other, fresh] = [0, 0];
  for (const value of values) {
    const place = codes.get(value);
    if (place === undefined) fresh += 1;
    else if (place === TAIL) other += 1;
    else counts[place] = (counts[place] ?? 0) + 1;
  }
  const n = values.length;
  return { kind: 'categorical', rows: n, n, nulls: 0, missing: 0, mistyped: 0, counts, other, fresh };
}

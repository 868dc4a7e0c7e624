import { describe, expect, it } from 'vitest';
import type { CalmKind } from '../bench/detection/calm/calm-kind.js';
import { CALM_KINDS } from '../bench/detection/calm/calm-kinds.js';
import { runCalm } from '../bench/detection/calm-table.js';

/** A few features for a few days: the bench has all of them for a month. */
const small = (kind: CalmKind): CalmKind => ({ ...kind, features: kind.features ?? 3, days: 5 });

const HELD = [
  'closed at night',
  'null at night',
  'another type at night',
  'categories, 10 times the rows',
  'categories, 100 times the rows',
];

describe('calm that has a structure of its own', () => {
  it.each(CALM_KINDS.filter(({ name }) => HELD.includes(name)))(
    'is told from change: $name',
    (kind) => {
      expect(runCalm(small(kind), 7).pages).toEqual([]);
    },
    60_000,
  );
});

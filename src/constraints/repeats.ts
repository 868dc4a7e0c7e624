import { HASH_BITS } from '../domain/hash-bits.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { ESTIMATED_COPIES } from '../domain/statistic-text.js';
import { copiesOf } from '../stats/repeat-component.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { nowText, watchedBreaks } from './kept.js';
import { NOTHING } from './mining-ground.js';
import { plus } from './rate.js';

/** On the cube root of the second moment: copies of one row in twenty. */
const REPEATED = { unit: 'scale', size: 0.03 } as const;

const ANYWHERE: ConstraintOf<'repeats'> = {
  rule: 'repeats',
  name: 'repeats',
  check: 'duplicates',
  feature: null,
  statistic: ESTIMATED_COPIES,
};

/** Rows of a window have different contents, however far apart: from sums of hash bits, because sets do not add up over minutes. */
export const REPEATS: ConstraintKind<ConstraintOf<'repeats'>> = {
  // A window of a minute has nothing beyond its minute.
  mine: async ({ differ, windowSeconds }) =>
    differ.inWindow && windowSeconds > 60 ? { rules: [ANYWHERE] } : NOTHING,
  onRows: {
    kind: 'bits',
    sql(_rule, columns) {
      const hash = columns.values();
      return ['count()', ...HASH_BITS.map((_, i) => `sum(bitTest(${hash}, ${i}))`)];
    },
    tally: () => addBits,
  },
  watched: (rule) => watchedBreaks(rule, REPEATED),
  explain: (_rule, seen) =>
    `about ${nowText(seen)} repeat another row of the window under another id; in the reference hardly any did`,
  told: (expected) => copiesOf(expected ** 3),
};

const addBits: Add = ({ block: { valuesLow, valuesHigh } }, rows, sums) => {
  plus(sums, 0, rows.length);
  for (const row of rows) {
    const [low, high] = [valuesLow[row] ?? 0, valuesHigh[row] ?? 0];
    for (let bit = 0; bit < 32; bit += 1) {
      if ((low >>> bit) & 1) plus(sums, 1 + bit, 1);
      if ((high >>> bit) & 1) plus(sums, 33 + bit, 1);
    }
  }
};

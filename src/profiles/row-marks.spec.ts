import { describe, expect, it } from 'vitest';
import { compareMarks, readMarks, type RowMarks } from './row-marks.js';

interface Row {
  readonly id: number;
  readonly source: number;
  readonly says: number;
}

const GROUPS = 4;

/** As the engine sums them: ids in groups, sources and contents added. */
function marksOf(rows: readonly Row[]): RowMarks {
  const marks = new Map<number, { count: number; places: bigint; contents: bigint }>();
  for (const { id, source, says } of rows) {
    const mark = marks.get(id % GROUPS) ?? { count: 0, places: 0n, contents: 0n };
    const places = BigInt.asUintN(64, mark.places + BigInt(id * 1_000_003 + source * 7919) ** 3n);
    const contents = BigInt.asUintN(64, mark.contents + BigInt(id * 31 + says) ** 5n);
    marks.set(id % GROUPS, { count: mark.count + 1, places, contents });
  }
  return marks;
}

const judged: readonly Row[] = [0, 1, 2, 5].map((id) => ({ id, source: id, says: 1 }));
const without = (...ids: readonly number[]) => judged.filter(({ id }) => !ids.includes(id));
const late = (id: number): Row => ({ id, source: 90 + id, says: 2 });
const edited = judged.map((row) => (row.id === 1 ? { ...row, says: 9 } : row));
const resent: Row = { id: 1, source: 99, says: 9 };
const found = (now: readonly Row[], before: readonly Row[] = now) =>
  compareMarks(marksOf(judged), marksOf(now), marksOf(before));

describe('rows of a window', () => {
  it.each([
    ['as they were, in another order', judged.toReversed(), judged],
    ['late ones, also in the groups of others', [...judged, late(3), late(4), late(9)], judged],
    ['a late one that says it came before', [...judged, late(9)], [...judged, late(9)]],
    ['one sent again with something else', [...without(1), resent], without(1)],
    ['one sent again that says it came before', [...without(1), resent], [...without(1), resent]],
    ['one sent again beside late ones', [...without(1), resent, late(9), late(4)], without(1)],
  ])('are honest: %s', (_, now, before) => {
    expect(found(now, before)).toEqual({ isEdited: false, gone: 0 });
  });

  it('that were edited show, also beside late ones of the same group', () => {
    expect(found(edited).isEdited).toBe(true);
    expect(found([...edited, late(3)], edited).isEdited).toBe(true);
    expect(found([...edited, late(9)], edited).isEdited).toBe(true);
    expect(found([...edited.filter(({ id }) => id !== 2), { ...resent, id: 2 }], edited).isEdited).toBe(true);
  });

  it('that were deleted are counted, also beside late ones of other groups', () => {
    expect(found(without(1))).toEqual({ isEdited: false, gone: 1 });
    expect(found([...without(1, 2), late(3), late(7), late(4)], without(1, 2))).toEqual({
      isEdited: false,
      gone: 2,
    });
    expect(found([...without(1), late(9)], without(1))).toEqual({ isEdited: false, gone: 0 });
  });
});

it('marks are read as the engine writes them', () => {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt16LE(513, 0);
  bytes.writeUInt32LE(7, 2);
  bytes.writeBigUInt64LE(11n, 6);
  bytes.writeBigUInt64LE(2n ** 63n, 14);
  expect(readMarks(bytes.toString('base64'))).toEqual(
    new Map([[513, { count: 7, places: 11n, contents: 2n ** 63n }]]),
  );
  expect(readMarks('')).toEqual(new Map());
});

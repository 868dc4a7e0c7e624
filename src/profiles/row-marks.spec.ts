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
const found = (now: readonly Row[], before: readonly Row[] = now, erased: readonly Row[] = []) =>
  compareMarks(marksOf(judged), { now: marksOf(now), before: marksOf(before), erased: marksOf(erased) });

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

describe('rows that went with people who were erased', () => {
  const isHonest = { isEdited: false, gone: 0 };
  const [first, second, third, fourth] = judged as unknown as readonly [Row, Row, Row, Row];

  it.each([
    ['all of a group', without(0), [first]],
    ['one of a group of two', without(5), [fourth]],
    ['while they are still there', judged, [first, fourth]],
    ['beside late ones of the same group', [...without(5), late(9)], [fourth]],
    ['and one that came since, which was not judged', without(1, 5), [second, fourth]],
  ])('are not missed: %s', (_, now, erased) => {
    expect(found(now, now, erased)).toEqual(isHonest);
  });

  it('excuse no others', () => {
    expect(found(without(0, 2), without(0, 2), [first])).toEqual({ isEdited: false, gone: 1 });
    expect(found(without(1, 5), without(1, 5), [fourth]).gone).toBe(1);
    expect(found(without(2), without(2), [first]).gone).toBe(1);
  });

  it('nor any that were edited: beside them, or to be erased with them', () => {
    const other = without(5).map((row) => (row.id === 1 ? { ...row, says: 9 } : row));
    expect(found(other, other, [fourth]).isEdited).toBe(true);
    expect(found(without(2), without(2), [{ ...third, says: 9 }]).isEdited).toBe(true);
    expect(found([...without(2), late(6)], without(2), [{ ...third, says: 9 }]).isEdited).toBe(true);
    expect(found(without(5), without(5), [{ ...fourth, says: 9 }]).isEdited).toBe(true);
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

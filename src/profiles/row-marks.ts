import { createHash } from 'node:crypto';

/**
 * What a group of ids holds of a window's rows or labels. `places` is the sum, modulo 2^64, of a hash of where each came from and when; `contents` of what each
 * says. Sums are the same in whatever order rows are added.
 */
export interface RowMark {
  readonly count: number;
  readonly places: bigint;
  readonly contents: bigint;
}

/** Marks of a window by group; groups without rows have none. */
export type RowMarks = ReadonlyMap<number, RowMark>;

/** Ids fall into so many groups, by a hash of theirs. */
export const MARK_GROUPS = 1_024;

/** The mark of a group in SQL: its number, `places` and `contents` are expressions of rows of which `isIn` holds. */
export function markSql(
  group: string,
  { places, contents }: Record<'places' | 'contents', string>,
  isIn: string,
): string {
  const sum = (of: string) => `sumWithOverflowIf(${of}, ${isIn})`;
  return `formatRow('RowBinary', ${group}, toUInt32(countIf(${isIn})), ${sum(places)}, ${sum(contents)})`;
}

/** Marks of several groups in SQL, as one text. */
export function marksSql(mark: string): string {
  return `base64Encode(arrayStringConcat(groupArray(${mark})))`;
}

const BYTES = { group: 2, count: 4, sum: 8 };
const MARK_BYTES = BYTES.group + BYTES.count + 2 * BYTES.sum;

/** Reads what {@link marksSql} wrote. */
export function readMarks(text: string): RowMarks {
  const bytes = Buffer.from(text, 'base64');
  const marks = new Map<number, RowMark>();
  for (let at = 0; at + MARK_BYTES <= bytes.length; at += MARK_BYTES) {
    const sums = at + BYTES.group + BYTES.count;
    marks.set(bytes.readUInt16LE(at), {
      count: bytes.readUInt32LE(at + BYTES.group),
      places: bytes.readBigUInt64LE(sums),
      contents: bytes.readBigUInt64LE(sums + BYTES.sum),
    });
  }
  return marks;
}

/** What names marks in the log: half of the SHA-256 of their text, hex. */
export function marksName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** How rows that were judged stand to those that are there now. */
export interface MarksChange {
  /** Whether some say something else though they came from where they came before and then: nobody who sends again can bring that about. */
  readonly isEdited: boolean;
  /** So many, at least, are not there any more. */
  readonly gone: number;
}

/** What is stored now of a window, by groups. */
export interface MarksNow {
  readonly now: RowMarks;
  /** Of those that had arrived when it was judged, as far as their times tell. */
  readonly before: RowMarks;
  /** Of rows that it was judged on and that were taken away, as the ledger says. */
  readonly erased: RowMarks;
}

const NO_MARK: RowMark = { count: 0, places: 0n, contents: 0n };

/**
 * Compares marks group by group. A group of all rows, or of those of before, that has as many rows from the same places as were judged, or as are left of them when
 * the erased are taken off, has the same rows. Neither what came since, nor what was sent again, nor the order of either is taken for an edit or a
 * deletion; in a group that got new rows as well a deletion does not show.
 */
export function compareMarks(judged: RowMarks, { now, before, erased }: MarksNow): MarksChange {
  let isEdited = false;
  let gone = 0;
  for (const [group, was] of judged) {
    const left = without(was, erased.get(group));
    const is = now.get(group) ?? NO_MARK;
    gone += Math.max(0, left.count - is.count);
    const found = [is, before.get(group) ?? NO_MARK];
    // While an erasure goes on its rows may still be there.
    const same = [left, was].flatMap((one) => found.filter((mark) => isOfSameRows(mark, one)).map((mark) => [mark, one] as const));
    if (same.length > 0 && same.every(([mark, one]) => mark.contents !== one.contents)) isEdited = true;
  }
  return { isEdited, gone };
} // prettier-ignore

function isOfSameRows(mark: RowMark, other: RowMark): boolean {
  return mark.count === other.count && mark.places === other.places;
}

function without(mark: RowMark, { count, places, contents }: RowMark = NO_MARK): RowMark {
  const rest = (a: bigint, b: bigint) => BigInt.asUintN(64, a - b);
  return {
    count: Math.max(0, mark.count - count),
    places: rest(mark.places, places),
    contents: rest(mark.contents, contents),
  };
}

/** Marks of several sets of rows together. */
export function addMarks(sets: readonly RowMarks[]): RowMarks {
  const sums = new Map<number, RowMark>();
  const add = (a: bigint, b: bigint) => BigInt.asUintN(64, a + b);
  for (const set of sets)
    for (const [group, { count, places, contents }] of set) {
      const sum = sums.get(group) ?? NO_MARK;
      sums.set(group, {
        count: sum.count + count,
        places: add(sum.places, places),
        contents: add(sum.contents, contents),
      });
    }
  return sums;
}

/** Rows that marks are of. */
export function rowsOfMarks(marks: RowMarks): number {
  return [...marks.values()].reduce((sum, { count }) => sum + count, 0);
}

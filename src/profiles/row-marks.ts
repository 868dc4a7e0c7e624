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

/**
 * Compares marks group by group. `now` is of all rows, `before` of those that had arrived when it was judged, as far as their times tell: a group of either that has
 * as many rows from the same places has the same rows. Neither what came since, nor what was sent again, nor the order of either is taken for an edit or a
 * deletion; in a group that got new rows as well a deletion does not show.
 */
export function compareMarks(judged: RowMarks, now: RowMarks, before: RowMarks): MarksChange {
  let isEdited = false;
  let gone = 0;
  for (const [group, was] of judged) {
    const is = now.get(group);
    gone += Math.max(0, was.count - (is?.count ?? 0));
    const same = [is, before.get(group)].find((one) => one?.count === was.count && one.places === was.places);
    if (same && same.contents !== was.contents) isEdited = true;
  }
  return { isEdited, gone };
}

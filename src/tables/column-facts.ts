import { isMissing } from './missing-value.js';
import { isBooleanWord, LONGEST_WORD, readBoolean } from './read-boolean.js';
import { orderSaid, type DayOrder } from './read-instant.js';
import {
  hasLeadingZero,
  isInfinite,
  NUMBER_STYLES,
  stylesOf,
  undressed,
  type Dressed,
  type NumberStyle,
} from './read-number.js';
import type { Cell } from './table.js';

/** What one pass over all values of a column found. */
export interface ColumnFacts {
  /** Values that are there. */
  present: number;
  numbers: number;
  booleans: number;
  texts: number;
  /** Lists, structs, maps and bytes, and what the first of them is called. */
  nested: number;
  nestedAs: string | null;
  /** Of the texts: numbers by the style they can be in, or in the plain one. */
  readonly numeric: Record<NumberStyle, number>;
  /** Numbers of the plain style without a part behind the point, or with nothing but zeros there. */
  whole: number;
  /** Whole numbers of three digits, which a column with thousands between marks has as they are. */
  hundreds: number;
  /** Numbers whose mark can only be the decimal one, by that mark: it is followed by other than three digits, or stands behind a zero or the other mark. */
  readonly decimals: Record<DecimalMark, number>;
  /** The first number whose mark may divide thousands and may be the decimal one. */
  firstUnclear: Found | null;
  leadingZeros: number;
  booleanWords: number;
  /** Texts that some spelling of true and false allows. */
  booleanLike: number;
  /** Quoted `NA` and its kin: no number, and no text where the others are numbers. */
  missingWords: number;
  /** Dates such as 25/11/2026 and 11/25/2026, in which the day comes first and in which it comes second. */
  readonly orders: Record<'day' | 'month', number>;
  /** Of the texts: numbers in the dress of a report, by their mark. */
  readonly dressed: Map<string, DressedNumbers>;
  /** The first text that is neither a number, dressed or not, nor a word for nothing. */
  firstWord: Found | null;
  /** The first text that some spelling of true and false allows. */
  firstBoolean: Found | null;
}

/** A text and the row it is in, from 1. */
export interface Found {
  readonly text: string;
  readonly row: number;
}

/** The mark before the fraction. */
export type DecimalMark = '.' | ',';

export interface DressedNumbers {
  /** The first, or one with marks between its digits where there is any; `bare` is its number. */
  first: Found & Pick<Dressed, 'bare'>;
  hundreds: number;
  readonly numeric: Record<NumberStyle, number>;
}

export const noFacts = (): ColumnFacts => ({
  present: 0,
  numbers: 0,
  booleans: 0,
  texts: 0,
  nested: 0,
  nestedAs: null,
  numeric: { point: 0, comma: 0, grouped: 0 },
  whole: 0,
  hundreds: 0,
  decimals: { '.': 0, ',': 0 },
  firstUnclear: null,
  leadingZeros: 0,
  booleanWords: 0,
  booleanLike: 0,
  missingWords: 0,
  orders: { day: 0, month: 0 },
  dressed: new Map(),
  firstWord: null,
  firstBoolean: null,
});

/** Notes a value; `row` is the number of its row. */
export function note(facts: ColumnFacts, cell: Cell, row: number): void {
  if (cell === null || cell === undefined) return;
  facts.present += 1;
  if (typeof cell === 'string') noteText(facts, cell, row);
  else if (typeof cell === 'number' || typeof cell === 'bigint') facts.numbers += 1;
  else if (typeof cell === 'boolean') facts.booleans += 1;
  else if (!(cell instanceof Date)) {
    facts.nested += 1;
    facts.nestedAs ??= nameOf(cell);
  }
}

function noteText(facts: ColumnFacts, text: string, row: number): void {
  facts.texts += 1;
  const styles = stylesOf(text);
  if (styles.length > 0) noteNumber(facts, { text, row }, styles);
  else if (isInfinite(text) || isMissing(text)) facts.missingWords += 1;
  else if (!noteDressed(facts, text, row)) facts.firstWord ??= { text, row };
  if (text.length > 5) noteDate(facts, text);
  if (text.length > LONGEST_WORD) return;
  if (isBooleanWord(text)) facts.booleanWords += 1;
  if (readBoolean(text) === null) return;
  facts.booleanLike += 1;
  facts.firstBoolean ??= { text, row };
}

function noteDressed(facts: ColumnFacts, text: string, row: number): boolean {
  const found = undressed(text);
  if (found === null) return false;
  const { bare, mark } = found;
  const known = facts.dressed.get(mark) ?? {
    first: { text, row, bare },
    hundreds: 0,
    numeric: { point: 0, comma: 0, grouped: 0 },
  };
  facts.dressed.set(mark, known);
  countStyles(known.numeric, stylesOf(bare));
  noteMarks(facts, { text: bare, row });
  if (HUNDREDS.test(bare)) known.hundreds += 1;
  else if (HUNDREDS.test(known.first.bare)) known.first = { text, row, bare };
  return true;
}

const HUNDREDS = /^[+-]?[1-9]\d\d$/;
const DECIMAL = /^[+-]?(?:\d*([.,])(?:\d{1,2}|\d{4,})|0([.,])\d+|\d+(?:([.,])\d{3})+(?!\3)([.,])\d+)$/;
const UNCLEAR = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/** What the marks of a number say of those of the file. */
function noteMarks(facts: ColumnFacts, found: Found): void {
  const [, short, zero, , last] = DECIMAL.exec(found.text) ?? [];
  const mark = short ?? zero ?? last;
  if (mark === '.' || mark === ',') facts.decimals[mark] += 1;
  else if (UNCLEAR.test(found.text)) facts.firstUnclear ??= found;
}

/** The decimal mark of a file's texts, where all that show one agree. */
export function decimalMarkOf(columns: readonly ColumnFacts[]): DecimalMark | null {
  const has = (mark: DecimalMark) => columns.some(({ decimals }) => decimals[mark] > 0);
  return has('.') === has(',') ? null : has('.') ? '.' : ',';
}

function noteDate({ orders }: ColumnFacts, text: string): void {
  const order = orderSaid(text);
  if (order) orders[order] += 1;
}

/** What comes first in the dates of a column, where they agree. */
export function dayOrderOf({ orders: { day, month } }: ColumnFacts): DayOrder {
  if (day > 0 === month > 0) return null;
  return day > 0 ? 'day' : 'month';
}

function noteNumber(facts: ColumnFacts, found: Found, styles: readonly NumberStyle[]): void {
  const { text } = found;
  countStyles(facts.numeric, styles);
  noteMarks(facts, found);
  if (HUNDREDS.test(text)) facts.hundreds += 1;
  if (!styles.includes('point')) return;
  if (/^[+-]?\d+(?:\.0*)?$/.test(text)) facts.whole += 1;
  if (hasLeadingZero(text)) facts.leadingZeros += 1;
}

/** A number of the plain style is one in each. */
function countStyles(numeric: Record<NumberStyle, number>, styles: readonly NumberStyle[]): void {
  const plain = styles.includes('point');
  for (const style of NUMBER_STYLES) if (plain || styles.includes(style)) numeric[style] += 1;
}

function nameOf(value: object): string {
  if (Array.isArray(value)) return 'lists';
  if (ArrayBuffer.isView(value)) return value instanceof Uint8Array ? 'bytes' : 'lists';
  return 'structs';
}

import { isMissing } from './missing-value.js';
import { isBooleanWord, LONGEST_WORD, readBoolean } from './read-boolean.js';
import { orderSaid, type DayOrder } from './read-instant.js';
import {
  hasLeadingZero,
  isInfinite,
  NUMBER_STYLES,
  stylesOf,
  undressed,
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

export interface DressedNumbers {
  readonly first: Found;
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
  if (styles.length > 0) noteNumber(facts, text, styles);
  else if (isInfinite(text) || isMissing(text)) facts.missingWords += 1;
  else if (!noteDressed(facts, text, row)) facts.firstWord ??= { text, row };
  if (text.length > 5) noteDate(facts, text);
  if (text.length > LONGEST_WORD) return;
  if (isBooleanWord(text)) facts.booleanWords += 1;
  if (readBoolean(text) === null) return;
  facts.booleanLike += 1;
  facts.firstBoolean ??= { text, row };
}

function noteDressed({ dressed }: ColumnFacts, text: string, row: number): boolean {
  const found = undressed(text);
  if (found === null) return false;
  const known = dressed.get(found.mark) ?? {
    first: { text, row },
    numeric: { point: 0, comma: 0, grouped: 0 },
  };
  dressed.set(found.mark, known);
  countStyles(known.numeric, stylesOf(found.bare));
  return true;
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

function noteNumber(facts: ColumnFacts, text: string, styles: readonly NumberStyle[]): void {
  countStyles(facts.numeric, styles);
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

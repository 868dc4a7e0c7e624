import type { ColumnFacts, DecimalMark } from './column-facts.js';
import { hasNoFraction, isShareMark, NUMBER_STYLES, type NumberStyle } from './read-number.js';

/**
 * How the values of a column are read: `number` in a style, with the `mark` that dressed ones wear where the column has any (null: none are taken), `boolean`, `text` (`whole`: `3.0` is written `3`), `as_is` by each value's own type,
 * or not at all, because they are `nested`.
 */
export type ColumnKind =
  | { readonly kind: 'number'; readonly style: NumberStyle; readonly mark: string | null }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text'; readonly whole: boolean }
  | { readonly kind: 'as_is' }
  | { readonly kind: 'nested'; readonly what: string };

export type DeclaredType = 'numeric' | 'categorical' | 'boolean';

/** A column of numbers stays one with this share of other texts in it. */
const STRAY = 0.01;

/** What a file shows of the marks of its numbers. */
interface FileMarks {
  /** What divides fields; null of a file that is not delimited. */
  readonly delimiter: string | null;
  /** Where the values of all columns agree on it. */
  readonly decimal: DecimalMark | null;
}

/** What a column holds: as it is declared, else as its file types it, else as all of its values say. */
export function kindOf(
  facts: ColumnFacts,
  declared: DeclaredType | undefined,
  { typed, ...marks }: FileMarks & { readonly typed: boolean },
): ColumnKind {
  if (facts.nested > 0 && facts.nested === facts.present)
    return { kind: 'nested', what: facts.nestedAs ?? 'structs' };
  const number = numberOf(facts, marks);
  if (declared === 'numeric') return number;
  if (declared === 'boolean') return { kind: 'boolean' };
  if (declared === 'categorical') return { kind: 'text', whole: isWhole(facts) };
  return typed ? { kind: 'as_is' } : inferred(facts, number);
}

function inferred(facts: ColumnFacts, number: NumberKind): ColumnKind {
  const { texts, booleanWords, leadingZeros, missingWords } = facts;
  const said = texts - missingWords;
  if (said > 0 && booleanWords === said) return { kind: 'boolean' };
  if (leadingZeros > 0) return { kind: 'text', whole: false };
  const isNumeric = said > 0 && said - numbersOf(facts, number) <= said * STRAY;
  return isNumeric ? number : { kind: 'text', whole: isWhole(facts) };
}

type NumberKind = Extract<ColumnKind, { kind: 'number' }>;

/** How the numbers of a column are written: what most of them are in, without a mark before with one. */
function numberOf(facts: ColumnFacts, file: FileMarks): NumberKind {
  const marks = [null, ...(isDressedAlike(facts) ? facts.dressed.keys() : [])];
  const kinds = marks.map((mark): NumberKind => ({ kind: 'number', mark, style: styleOf(facts, mark, file) })); // prettier-ignore
  return kinds.reduce((best, one) => (numbersOf(facts, one) > numbersOf(facts, best) ? one : best));
}

/** Dressed numbers have one mark; beside percents no number without one can be read, because nobody knows whether it is one. */
function isDressedAlike({ dressed, numeric }: ColumnFacts): boolean {
  const [mark, ...others] = dressed.keys();
  return others.length === 0 && !(isShareMark(mark) && NUMBER_STYLES.some((style) => numeric[style] > 0));
}

/** How many texts of a column are numbers when it is read so. */
export function numbersOf(
  { numeric, dressed }: ColumnFacts,
  { style, mark }: Pick<NumberKind, 'style' | 'mark'>,
): number {
  return numeric[style] + (mark === null ? 0 : (dressed.get(mark)?.numeric[style] ?? 0));
}

/** The style most of the numbers have; of those that are as good, the one that what else is known speaks for. */
function styleOf(facts: ColumnFacts, mark: string | null, file: FileMarks): NumberStyle {
  const count = (style: NumberStyle) => numbersOf(facts, { style, mark });
  return inOrder(facts, mark, file).reduce((best, style) => (count(style) > count(best) ? style : best));
}

const POINTS = ['point', 'grouped', 'comma'] as const;
const COMMAS = ['comma', 'point', 'grouped'] as const;

/**
 * Styles, the likeliest first: money that has no fractions has thousands; then by the decimal mark of the file's other numbers; else `912` beside `1,516` says that marks divide thousands (a
 * fraction of three digits would stand behind all of them); else a comma is what the file's other commas are.
 */
function inOrder(
  facts: ColumnFacts,
  mark: string | null,
  { delimiter, decimal }: FileMarks,
): readonly NumberStyle[] {
  const dressed = mark === null ? undefined : facts.dressed.get(mark);
  const hasHundreds = facts.hundreds + (dressed?.hundreds ?? 0) > 0 || hasNoFraction(mark);
  if (decimal !== null && !hasNoFraction(mark)) return decimal === ',' ? COMMAS : POINTS;
  const isPointed = numbersOf(facts, { style: 'point', mark }) === numbersOf(facts, { style: 'comma', mark });
  if (hasHundreds && !isPointed) return POINTS;
  // plain numbers with a point are what most programs write; in the dress of a report they are what people write
  if (hasHundreds && dressed !== undefined && !isShareMark(mark)) return COMMAS;
  return delimiter === null || delimiter === ',' ? POINTS : ['point', 'comma', 'grouped'];
}

/** All are whole numbers, however they are written: a column of whole numbers with gaps becomes `3.0` on its way through pandas. */
function isWhole({ present, numbers, texts, whole, leadingZeros, missingWords }: ColumnFacts): boolean {
  return leadingZeros === 0 && present === numbers + texts && whole === texts - missingWords;
}

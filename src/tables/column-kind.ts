import type { ColumnFacts } from './column-facts.js';
import { isShareMark, NUMBER_STYLES, type NumberStyle } from './read-number.js';

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

/** What a column holds: as it is declared, else as its file types it, else as all of its values say. */
export function kindOf(
  facts: ColumnFacts,
  declared: DeclaredType | undefined,
  { typed, delimiter }: { readonly typed: boolean; readonly delimiter: string | null },
): ColumnKind {
  if (facts.nested > 0 && facts.nested === facts.present)
    return { kind: 'nested', what: facts.nestedAs ?? 'structs' };
  const number = numberOf(facts, delimiter);
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
function numberOf(facts: ColumnFacts, delimiter: string | null): NumberKind {
  const marks = [null, ...(isDressedAlike(facts) ? facts.dressed.keys() : [])];
  const kinds = marks.map((mark): NumberKind => ({ kind: 'number', mark, style: styleOf(facts, mark, delimiter) })); // prettier-ignore
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

/** The style most of the numbers have; the plain one where it is as good, and a comma is what the file's other commas are. */
function styleOf(facts: ColumnFacts, mark: string | null, delimiter: string | null): NumberStyle {
  const order: readonly NumberStyle[] =
    delimiter === null || delimiter === ',' ? ['point', 'grouped', 'comma'] : ['point', 'comma', 'grouped'];
  return order.reduce((best, style) =>
    numbersOf(facts, { style, mark }) > numbersOf(facts, { style: best, mark }) ? style : best,
  );
}

/** All are whole numbers, however they are written: a column of whole numbers with gaps becomes `3.0` on its way through pandas. */
function isWhole({ present, numbers, texts, whole, leadingZeros, missingWords }: ColumnFacts): boolean {
  return leadingZeros === 0 && present === numbers + texts && whole === texts - missingWords;
}

import type { ColumnFacts } from './column-facts.js';
import type { NumberStyle } from './read-number.js';

/**
 * How the values of a column are read: `number` in a style, `boolean`, `text` (`whole`: `3.0` is written `3`), `as_is` by each value's own type,
 * or not at all, because they are `nested`.
 */
export type ColumnKind =
  | { readonly kind: 'number'; readonly style: NumberStyle }
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
  const style = styleOf(facts, delimiter);
  if (declared === 'numeric') return { kind: 'number', style };
  if (declared === 'boolean') return { kind: 'boolean' };
  if (declared === 'categorical') return { kind: 'text', whole: isWhole(facts) };
  return typed ? { kind: 'as_is' } : inferred(facts, style);
}

function inferred(facts: ColumnFacts, style: NumberStyle): ColumnKind {
  const { texts, booleanWords, leadingZeros, missingWords } = facts;
  const said = texts - missingWords;
  if (said > 0 && booleanWords === said) return { kind: 'boolean' };
  if (leadingZeros > 0) return { kind: 'text', whole: false };
  const isNumeric = said > 0 && said - facts.numeric[style] <= said * STRAY;
  return isNumeric ? { kind: 'number', style } : { kind: 'text', whole: isWhole(facts) };
}

/** The style most of the numbers have; the plain one where it is as good, and a comma is what the file's other commas are. */
function styleOf({ numeric }: ColumnFacts, delimiter: string | null): NumberStyle {
  const order: readonly NumberStyle[] =
    delimiter === null || delimiter === ',' ? ['point', 'grouped', 'comma'] : ['point', 'comma', 'grouped'];
  return order.reduce((best, style) => (numeric[style] > numeric[best] ? style : best));
}

/** All are whole numbers, however they are written: a column of whole numbers with gaps becomes `3.0` on its way through pandas. */
function isWhole({ present, numbers, texts, whole, leadingZeros, missingWords }: ColumnFacts): boolean {
  return leadingZeros === 0 && present === numbers + texts && whole === texts - missingWords;
}

import type { ColumnFacts, Found } from './column-facts.js';
import { numbersOf, type ColumnKind } from './column-kind.js';
import type { Part } from './column-role.js';
import { isShareMark, readDressed, readNumber } from './read-number.js';

/** A column as it was understood. */
export interface ReadColumn {
  readonly name: string;
  readonly part: Part;
  readonly kind: ColumnKind;
  readonly facts: ColumnFacts;
}

/** What a person should know of how columns are read, a sentence each. */
export function columnRemarks(columns: readonly ReadColumn[]): readonly string[] {
  return columns.flatMap((column) => [
    ...nestedRemark(column),
    ...segmentRemark(column),
    ...dressedRemark(column),
    ...unclearRemark(column),
    ...wordsRemark(column),
    ...booleanRemark(column),
  ]);
}

/** Columns that have to be numbers and hold none: nothing that is made of them could be taken. */
export function columnProblems(columns: readonly ReadColumn[]): readonly string[] {
  return columns.flatMap(({ name, part, kind, facts }) => {
    const mustBe = part.role === 'prediction_score' || part.role === 'prediction_value' || part.role === 'scores';
    if (!mustBe || kind.kind !== 'number' || facts.numbers + facts.booleans + facts.nested > 0) return [];
    const odd = facts.firstWord ?? [...facts.dressed.values()][0]?.first;
    return odd === undefined || numbersOf(facts, kind) > 0 ? [] : [`${placeOf(name, odd)} is not a number, and no row of it has one`];
  });
} // prettier-ignore

/** `row 17, column "betrag": "¥25,189"` */
export function placeOf(column: string, { row, text }: Found): string {
  return `row ${row}, column "${column}": ${JSON.stringify(text.slice(0, 60))}`;
}

/** A value that is not what its column is read as, with how many there are; `found` is the first. */
export function strayRemark({ name, part, kind, facts }: ReadColumn, wanted: 'number' | 'boolean', found: Found): string {
  const fit = kind.kind === 'number' ? numbersOf(facts, kind) : facts.booleanLike;
  const strays = facts.texts - facts.missingWords - fit;
  if (strays === facts.present)
    return `column "${name}": none of its ${strays} values is a ${wanted}, as ${placeOf(name, found)} shows: nothing of it can be watched as one`;
  const then = part.role === 'feature' ? '; it stays a text' : '';
  const all = strays > 1 ? ` (as are ${strays - 1} more of ${facts.present})` : '';
  return `${placeOf(name, found)} is not a ${wanted}${then}${all}`;
} // prettier-ignore

function nestedRemark({ part, kind }: ReadColumn): readonly string[] {
  const isLeftOut = part.role === 'feature' && kind.kind === 'nested';
  return isLeftOut ? [`column "${part.key}" holds ${kind.what}: it is no feature`] : [];
}

function segmentRemark({ name, part }: ReadColumn): readonly string[] {
  if (part.role !== 'segment' || part.key !== name) return [];
  return [
    `column "${name}" is the segment of that name and no feature, as the model file lists it under segments; if predictions send it among their features, write features: { ${name}: { type: categorical } }`,
  ];
}

/** What was taken off numbers, with one of them as it is read. */
function dressedRemark({ name, kind, facts }: ReadColumn): readonly string[] {
  const first = kind.kind === 'number' && kind.mark !== null ? facts.dressed.get(kind.mark)?.first : undefined;
  if (kind.kind !== 'number' || first === undefined) return [];
  const how = isShareMark(kind.mark) ? `numbers with ${kind.mark} are read as shares` : 'signs of currencies and marks between thousands are left out';
  return [`column "${name}": ${how}: ${JSON.stringify(first.text)} is ${readDressed(first.text, kind.style)}`];
} // prettier-ignore

/** How a mark was understood that may divide thousands as well as stand before a fraction. */
function unclearRemark({ name, kind, facts: { numeric, firstUnclear } }: ReadColumn): readonly string[] {
  if (kind.kind !== 'number' || kind.mark !== null || firstUnclear === null) return [];
  const other = firstUnclear.text.includes('.') ? numeric.point === numeric.comma : numeric.comma === numeric.grouped;
  return other ? [`column "${name}": ${JSON.stringify(firstUnclear.text)} is read as ${readNumber(firstUnclear.text, kind.style)}, as the other numbers of the file suggest`] : [];
} // prettier-ignore

/** Most of what a feature holds looks like numbers, and it is none: nobody said so, and few look. */
function wordsRemark({ name, part, kind, facts }: ReadColumn): readonly string[] {
  if (part.role !== 'feature' || kind.kind !== 'text' || facts.leadingZeros > 0) return [];
  const said = facts.texts - facts.missingWords;
  const dressed = [...facts.dressed.entries()].map(([mark, { first, numeric }]) => ({ mark, first, n: Math.max(...Object.values(numeric)) })); // prettier-ignore
  const alike = Math.max(...Object.values(facts.numeric)) + dressed.reduce((sum, { n }) => sum + n, 0);
  if (alike * 2 < said || alike === 0 || facts.whole === said) return [];
  const odd = facts.firstWord ?? dressed[0]?.first;
  if (odd === undefined) return [];
  const why =
    dressed.length > 1
      ? `its numbers have several marks (${dressed.map(({ mark }) => mark || 'thousands').join(', ')})`
      : `${placeOf(name, odd)} is not a number`;
  return [
    `column "${name}" stays words, though ${Math.round((100 * alike) / said)} % of it look like numbers: ${why}; write features: { ${part.key}: { type: numeric } } to watch it as one, or categorical if it is none`,
  ];
}

/** Two words for yes and no may come as true and false in predictions. */
function booleanRemark({ name, part, kind, facts }: ReadColumn): readonly string[] {
  const stays = kind.kind === 'text' || kind.kind === 'as_is';
  const all = facts.texts > 0 && facts.texts === facts.present && facts.booleanLike === facts.texts - facts.missingWords;
  if (part.role !== 'feature' || !stays || !all || facts.firstBoolean === null || facts.numeric.point > 0) return [];
  return [
    `column "${name}" holds words for yes and no, such as ${JSON.stringify(facts.firstBoolean.text)}, and they stay words; if predictions send true and false, write features: { ${part.key}: { type: boolean } }`,
  ];
} // prettier-ignore

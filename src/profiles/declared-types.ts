import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { FALSE_WORDS, TRUE_WORDS } from '../tables/read-boolean.js';
import { answeredRows, IN_SPAN, SPAN } from './own-rows.js';
import { literal } from '../store/sql-text.js';
import type { RowLayout } from '../constraints/row-layout.js';

/** The names of a model's declared features by how their values are read. */
export interface Declared {
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  /** Of the words: true and false, in any spelling. */
  readonly booleans: readonly string[];
}

/** The finite number that a text is, in SQL; NaN where it is none. */
const NUMBER_OF = `ifNull(toFloat64OrNull(trimBoth(toString(kv.2))), nan)`;
const TRUE = `[${TRUE_WORDS.map(literal).join(', ')}]`;
const FALSE = `[${FALSE_WORDS.map(literal).join(', ')}]`;

export function declaredOf({ features }: Model): Declared {
  const named = (...types: readonly string[]) =>
    Object.entries(features).flatMap(([name, { type }]) => (types.includes(type) ? [name] : []));
  return { numbers: named('numeric'), words: named('categorical', 'boolean'), booleans: named('boolean') };
}

/**
 * Columns `num` and `cat` of rows of `predictions` with declared features as they are declared, for `SELECT * REPLACE (…)`: a category that was
 * sent as a number is its digits, a number that was sent as text is that number, and a boolean is `true` or `false`, however it was spelled.
 */
export function asDeclared(model: Model): string {
  const { numbers, words, booleans } = declaredOf(model);
  const lists = { numbers: list(numbers), words: list(words), booleans: list(booleans) };
  return asDeclaredBy(lists);
}

/** The same where the names are SQL expressions of their own. */
export function asDeclaredBy({
  numbers: n,
  words: w,
  booleans: b,
}: Readonly<Record<keyof Declared, string>>): string {
  const num = 'arrayZip(mapKeys(num), mapValues(num))';
  const cat = 'arrayZip(mapKeys(cat), mapValues(cat))';
  const isNumber = `has(${n}, toString(kv.1)) AND isFinite(${NUMBER_OF})`;
  const spelled = (text: string) =>
    `multiIf(NOT has(${b}, toString(kv.1)), ${text}, has(${TRUE}, lowerUTF8(trimBoth(${text}))), 'true', has(${FALSE}, lowerUTF8(trimBoth(${text}))), 'false', ${text})`;
  const numPairs = `arrayConcat(arrayMap(kv -> (toString(kv.1), kv.2), arrayFilter(kv -> NOT has(${w}, toString(kv.1)), ${num})),
    arrayMap(kv -> (toString(kv.1), ${NUMBER_OF}), arrayFilter(kv -> ${isNumber}, ${cat})))`;
  const catPairs = `arrayConcat(arrayMap(kv -> (toString(kv.1), ${spelled('toString(kv.2)')}), arrayFilter(kv -> NOT (${isNumber}), ${cat})),
    arrayMap(kv -> (toString(kv.1), ${spelled('toString(kv.2)')}), arrayFilter(kv -> has(${w}, toString(kv.1)), ${num})))`;
  return `CAST(${numPairs}, 'Map(LowCardinality(String), Float64)') AS num, CAST(${catPairs}, 'Map(LowCardinality(String), LowCardinality(String))') AS cat`;
}

/** Answers of one version in a stretch with declared features as they are declared, as a FROM clause; it binds `model`, `version`, `from` and `to`. */
export function declaredAnswers(model: Model): string {
  return `FROM (SELECT * REPLACE (${asDeclared(model)}) FROM predictions FINAL
    WHERE model = {model:String} AND version = {version:String} AND ${answeredRows(model, SPAN)} AND ${IN_SPAN})`;
}

/** Whether rows that name these features have every declared one as it is declared. */
export function isAsDeclared(
  model: Model,
  {
    numbers,
    words,
    wordValues,
  }: Pick<RowLayout, 'numbers' | 'words'> & { readonly wordValues: readonly (readonly string[])[] },
): boolean {
  const declared = declaredOf(model);
  const [others, amiss] = [new Set(declared.words), new Set(declared.numbers)];
  if (numbers.some((name) => others.has(name)) || words.some((name) => amiss.has(name))) return false;
  return declared.booleans.every((name) => {
    const place = words.indexOf(name);
    return place < 0 || wordValues.every((row) => row[place] === 'true' || row[place] === 'false');
  });
}

/** Rows of `predictions`: a WHERE clause and what it binds. */
interface Rows {
  readonly where: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Whether any of these rows has a declared feature as something else. Where all rows have one `layout`, it is seen from that, but for
 * booleans in words. Stops at the first.
 */
export async function differsFromDeclared(
  database: Database,
  model: Model,
  layout: RowLayout | null,
  { where, params }: Rows,
): Promise<boolean> {
  const { numbers, words, booleans } = declaredOf(model);
  const [others, amiss] = [new Set(words), new Set(numbers)];
  if (layout?.numbers.some((name) => others.has(name)) || layout?.words.some((name) => amiss.has(name)))
    return true;
  const spelled = booleans.map(
    (name) => `(mapContains(cat, ${literal(name)}) AND cat[${literal(name)}] NOT IN ('true', 'false'))`,
  );
  const moved = layout === null && words.length + numbers.length > 0;
  const odd = [
    ...(moved ? [`hasAny(mapKeys(num), ${list(words)})`, `hasAny(mapKeys(cat), ${list(numbers)})`] : []),
    ...spelled,
  ];
  if (odd.length === 0) return false;
  const sql = `SELECT 1 AS odd FROM predictions WHERE ${where} AND (${odd.join(' OR ')}) LIMIT 1`;
  return (await database.query(sql, { params, timeoutMs: 120_000 })).length > 0;
}

/**
 * A FROM clause with its WHERE over these rows, their declared features as they are declared, and the layout that its values can be read by: none
 * where something had to be moved.
 */
export async function declaredRows(
  database: Database,
  model: Model,
  layout: RowLayout | null,
  rows: Rows,
): Promise<{ readonly from: string; readonly layout: RowLayout | null; readonly isRestated: boolean }> {
  const isRestated = await differsFromDeclared(database, model, layout, rows);
  return { from: rowsFrom(model, rows, isRestated), layout: isRestated ? null : layout, isRestated };
}

/** A FROM clause with its WHERE over these rows, as they were sent or, `isRestated`, with their declared features as they are declared. */
export function rowsFrom(model: Model, { where }: Pick<Rows, 'where'>, isRestated: boolean): string {
  const from = `FROM predictions FINAL WHERE ${where}`;
  return isRestated ? `FROM (SELECT * REPLACE (${asDeclared(model)}) ${from}) WHERE 1` : from;
}

function list(names: readonly string[]): string {
  return `CAST([${names.map(literal).join(', ')}], 'Array(String)')`;
}

import type { ConstraintOf } from '../domain/constraint.js';
import { literal } from '../store/sql-text.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { heldText, nowText, watchedBreaks } from './kept.js';
import { HOLDS, LEAST_MINED_ROWS, type MinedRule } from './mined-rule.js';
import { all, plus, rateSql } from './rate.js';
import type { ReferenceSample } from './reference-sample.js';
import type { RowColumns } from './row-columns.js';

/** The category of `a` decides that of `b`: `values[i]` of `a` goes with `results[i]` of `b`; other values of `a` say nothing. */
export const DETERMINES: ConstraintKind<ConstraintOf<'determines'>> = {
  relate: async (sample) => mineDetermines(sample),
  onRows: { kind: 'rate', sql: determinesSql, tally: determinesTally },
  watched: (rule) => watchedBreaks(rule),
  explain: ({ a, b }, seen) =>
    `${a} decided ${b} in ${heldText(seen)} of the reference; ${nowText(seen)} break it`,
};

/** Where values of `a` go that the rule does not know: a text that no category is. */
const UNKNOWN = String.raw`'\0'`;
const texts = (values: readonly string[]) => `[${values.map(literal).join(', ')}]`;

function determinesSql({ a, b, values, results }: ConstraintOf<'determines'>, columns: RowColumns) {
  const expected = columns.of(
    `transform(toString(${columns.text(a)}), ${texts(values)}, ${texts(results)}, ${UNKNOWN})`,
  );
  const known = `${expected} != ${UNKNOWN}`;
  return rateSql(all([columns.hasText(a), columns.hasText(b), known]), `${expected} != ${columns.text(b)}`);
}

function determinesTally({ a, b, values, results }: ConstraintOf<'determines'>): Add {
  const expected = new Map(values.map((value, i) => [value, results[i] ?? '']));
  return (columns, rows, sums) => {
    if (!columns.hasText(a) || !columns.hasText(b)) return;
    const [from, to] = [columns.text(a), columns.text(b)];
    for (const row of rows) {
      const result = expected.get(from[row] ?? '');
      if (result === undefined) continue;
      plus(sums, 1, 1);
      if (result !== to[row]) plus(sums, 0, 1);
    }
  };
}

/** What is left to know of b when a is known, in bits. */
const MOST_ENTROPY = 0.01;
/** Only values of `a` seen this often say what goes with them. */
const LEAST_SEEN = 20;
/** Together they must make up this share of the rows. */
const LEAST_COVERED = 0.9;
const MOST_VALUES = 500;
/** Unrelated features would break a rule worth keeping in at least so many rows. */
const LEAST_INFORMATION = 0.1;
const ROWS_TRIED_FIRST = 2000;
const FIRST_BROKEN_SHARE = 0.01;

/**
 * Pairs of categorical features where `a` decides `b` (the entropy of b given a is below 0.01 bits), with the value of b that goes with
 * each value of a. Of two that decide each other the first by name decides; what follows from two other rules of the kind is left out.
 */
function mineDetermines({ rows, texts }: ReferenceSample): MinedRule[] {
  const columns = [...texts].map(([name, column]) => encoded(name, column)).filter(isUsable);
  const found = new Map<string, Map<string, MinedRule>>();
  for (const a of columns) {
    for (const b of columns) {
      if (a === b || found.get(b.name)?.has(a.name)) continue;
      const mined = determines(a, b, rows);
      if (!mined) continue;
      const decided = found.get(a.name) ?? new Map<string, MinedRule>();
      decided.set(b.name, mined);
      found.set(a.name, decided);
    }
  }
  const between = (a: string, b: string) =>
    [...(found.get(a)?.keys() ?? [])].some((middle) => middle !== b && found.get(middle)?.has(b));
  return [...found].flatMap(([a, decided]) =>
    [...decided].filter(([b]) => !between(a, b)).map(([, mined]) => mined),
  );
}

interface Encoded {
  readonly name: string;
  readonly values: readonly string[];
  readonly counts: readonly number[];
  /** Place in `values`; −1 where absent. */
  readonly codes: Int32Array;
}

function encoded(name: string, column: readonly (string | null)[]): Encoded {
  const places = new Map<string, number>();
  const counts: number[] = [];
  const codes = Int32Array.from(column, (text) => {
    if (text === null) return -1;
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    counts[place] = (counts[place] ?? 0) + 1;
    return place;
  });
  return { name, values: [...places.keys()], counts, codes };
}

/** It varies, and its values come back. */
function isUsable({ values, codes }: Encoded): boolean {
  return values.length >= 2 && values.length <= codes.length / LEAST_SEEN;
}

function determines(a: Encoded, b: Encoded, rows: number): MinedRule | null {
  if (brokenShare(counted(a, b, Math.min(rows, ROWS_TRIED_FIRST))) > FIRST_BROKEN_SHARE) return null;
  const table = counted(a, b, rows);
  const kept = [...table]
    .map(([code, results]) => ({ code, ...summary(results) }))
    .filter(({ n }) => n >= LEAST_SEEN)
    .toSorted((x, y) => y.n - x.n || x.code - y.code)
    .slice(0, MOST_VALUES);
  const n = sum(kept.map((one) => one.n));
  const both = sum([...table.values()].map((results) => summary(results).n));
  if (n < LEAST_MINED_ROWS || n < LEAST_COVERED * both) return null;
  if (sum(kept.map((one) => one.most)) < HOLDS * n) return null;
  if (sum(kept.map((one) => one.entropy * one.n)) > MOST_ENTROPY * n) return null;
  const information = informationOf(kept);
  return information < LEAST_INFORMATION ? null : { rule: determinesRule(a, b, kept), information };
}

type Table = ReadonlyMap<number, ReadonlyMap<number, number>>;

function counted(a: Encoded, b: Encoded, rows: number): Table {
  const table = new Map<number, Map<number, number>>();
  for (let i = 0; i < rows; i += 1) {
    const [x = -1, y = -1] = [a.codes[i], b.codes[i]];
    if (x < 0 || y < 0) continue;
    const results = table.get(x) ?? new Map<number, number>();
    results.set(y, (results.get(y) ?? 0) + 1);
    table.set(x, results);
  }
  return table;
}

function brokenShare(table: Table): number {
  const all = [...table.values()].map(summary);
  const n = sum(all.map((one) => one.n));
  return n === 0 ? 0 : 1 - sum(all.map((one) => one.most)) / n;
}

interface Summary {
  readonly n: number;
  /** Rows of the commonest result, and which it is. */
  readonly most: number;
  readonly result: number;
  /** Bits. */
  readonly entropy: number;
}

function summary(results: ReadonlyMap<number, number>): Summary {
  const n = sum([...results.values()]);
  let [most, result, entropy] = [0, -1, 0];
  for (const [code, count] of results) {
    if (count > most) [most, result] = [count, code];
    entropy -= (count / n) * Math.log2(count / n);
  }
  return { n, most, result, entropy };
}

/** Share of rows that would break the rule if the two were unrelated: that two rows differ in what is decided. */
function informationOf(kept: readonly Summary[]): number {
  const n = sum(kept.map((one) => one.n));
  const byResult = new Map<number, number>();
  for (const one of kept) byResult.set(one.result, (byResult.get(one.result) ?? 0) + one.n);
  return 1 - sum([...byResult.values()].map((count) => (count / n) ** 2));
}

function determinesRule(
  a: Encoded,
  b: Encoded,
  kept: readonly (Summary & { readonly code: number })[],
): MinedRule['rule'] {
  const statistic = `${a.name} determines ${b.name}`;
  return {
    rule: 'determines',
    name: `determines:${statistic}`,
    check: 'pair_rule',
    feature: null,
    statistic,
    a: a.name,
    b: b.name,
    values: kept.map(({ code }) => a.values[code] ?? ''),
    results: kept.map(({ result }) => b.values[result] ?? ''),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

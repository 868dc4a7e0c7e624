import type { CategoricalBaseline, FeatureBaseline, NumericBaseline } from '../domain/baseline.js';
import { OUTPUT } from '../domain/profile.js';
import type { ProfileRow } from './profile-row.js';
import type { FeatureBaselines } from '../domain/baseline.js';
import type { RowBlock } from '../constraints/row-block.js';

/** What one feature holds in one minute, without where that is. */
export type FeatureCounts = Omit<ProfileRow, 'version' | 'bucket' | 'sum' | 'sum_squares'> & {
  readonly sum: number;
  readonly sum_squares: number;
};

/** Where a feature's values stand in the rows of a block; `values` is null where it is in none of them. */
interface Found<Value> {
  readonly values: ((row: number) => Value) | null;
  readonly isNull: boolean;
  readonly isMistyped: boolean;
}

/**
 * Every feature of a model in one minute on its frozen edges: the same counts as {@link ./profile-sql.js} makes in the engine, for rows too few to be
 * worth its planning of a statement. Sums may differ in their last digits, by the order of adding.
 */
export function tallyFeatures(
  features: FeatureBaselines,
  blocks: readonly RowBlock[],
): readonly FeatureCounts[] {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  return Object.entries(features).map(([name, baseline]) => tallyFeature(name, baseline, blocks, rows));
}

function tallyFeature(
  name: string,
  baseline: FeatureBaseline,
  blocks: readonly RowBlock[],
  rows: number,
): FeatureCounts {
  const counted = baseline.kind === 'numeric' ? new NumberTally(baseline) : new WordTally(baseline);
  let [n, nulls, mistyped] = [0, 0, 0];
  for (const block of blocks) {
    const isThere =
      counted instanceof NumberTally
        ? addRows(counted, numbersIn(name, block), block.rows)
        : addRows(counted, wordsIn(name, block), block.rows);
    n += isThere.n;
    nulls += isThere.nulls;
    mistyped += isThere.mistyped;
  }
  const missing = rows - n - nulls - mistyped;
  return { feature: name, rows, n, nulls, missing, mistyped, ...counted.result() };
}

/** Adds what a block holds of a feature, and says what it does not hold. */
function addRows<Value>(
  tally: { add(value: Value): void },
  { values, isNull, isMistyped }: Found<Value | undefined>,
  rows: number,
) {
  let n = 0;
  for (let row = 0; values !== null && row < rows; row += 1) {
    const value = values(row);
    if (value === undefined) continue;
    n += 1;
    tally.add(value);
  }
  return { n, nulls: isNull ? rows : 0, mistyped: isMistyped ? rows : 0 };
}

/** An output is there where it is a number. */
function numbersIn(name: string, block: RowBlock): Found<number | undefined> {
  const isOutput = name === OUTPUT.score || name === OUTPUT.value;
  if (isOutput) {
    const column = name === OUTPUT.score ? block.score : block.value;
    return { values: (row) => column[row] ?? undefined, isNull: false, isMistyped: false };
  }
  const place = block.numbers.indexOf(name);
  const values = place < 0 ? null : (row: number) => block.numberValues[row]?.[place] ?? NaN;
  return { values, isNull: block.nulls.includes(name), isMistyped: block.words.includes(name) };
}

function wordsIn(name: string, block: RowBlock): Found<string | undefined> {
  if (name === OUTPUT.label)
    return { values: (row) => block.label[row] || undefined, isNull: false, isMistyped: false };
  const place = block.words.indexOf(name);
  const values = place < 0 ? null : (row: number) => block.wordValues[row]?.[place] ?? '';
  return { values, isNull: block.nulls.includes(name), isMistyped: block.numbers.includes(name) };
}

class NumberTally {
  private readonly bins: number[];
  private sum = 0;
  private squares = 0;
  private least: number | null = null;
  private most: number | null = null;

  constructor(private readonly baseline: NumericBaseline) {
    this.bins = baseline.edges.map(() => 0).concat(0);
  }

  add(x: number): void {
    const { edges, centre = 0 } = this.baseline;
    let below = 0;
    while (below < edges.length && x > (edges[below] ?? 0)) below += 1;
    this.bins[below] = (this.bins[below] ?? 0) + 1;
    const d = x - centre;
    this.sum += d;
    this.squares += d * d;
    if (this.least === null || x < this.least) this.least = x;
    if (this.most === null || x > this.most) this.most = x;
  }

  result() {
    const kind = this.baseline.centre === undefined ? 'numeric' : 'centred';
    const { sum, squares, bins } = this;
    return {
      kind,
      sum,
      sum_squares: squares,
      min: this.least ?? 0,
      max: this.most ?? 0,
      bins,
      other: 0,
      fresh: 0,
    } as const;
  }
}

class WordTally {
  private readonly places: ReadonlyMap<string, number>;
  private readonly counts: number[];
  private other = 0;
  private fresh = 0;

  constructor({ categories, tail }: CategoricalBaseline) {
    // a category that the tail names as well is a category
    this.places = new Map([
      ...tail.map((word) => [word, -1] as const),
      ...categories.map((word, i) => [word, i] as const),
    ]);
    this.counts = categories.map(() => 0);
  }

  add(word: string): void {
    const place = this.places.get(word);
    if (place === undefined) this.fresh += 1;
    else if (place < 0) this.other += 1;
    else this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  result() {
    const { counts, other, fresh } = this;
    return {
      kind: 'categorical',
      sum: 0,
      sum_squares: 0,
      min: 0,
      max: 0,
      bins: counts,
      other,
      fresh,
    } as const;
  }
}

import { type Column, FARTHEST } from '../domain/multivariate-rule.js';
import type { RowBlock } from './row-block.js';

/** Columns of a block by the name of a feature, made once each however many rules ask for them. Every row of a block names the same features. */
export class BlockColumns {
  private readonly numbers = new Map<string, readonly number[]>();
  private readonly texts = new Map<string, readonly string[]>();
  private readonly scaled = new Map<string, readonly number[]>();
  private readonly places: Readonly<Record<'numbers' | 'words', ReadonlyMap<string, number>>>;

  constructor(readonly block: RowBlock) {
    // a name that stands twice is read where it stands first, as the engine reads it
    const placed = (names: readonly string[]) =>
      new Map(names.map((name, i) => [name, i] as const).toReversed());
    this.places = { numbers: placed(block.numbers), words: placed(block.words) };
  }

  hasNumber(feature: string): boolean {
    return this.places.numbers.has(feature);
  }

  hasText(feature: string): boolean {
    return this.places.words.has(feature);
  }

  has(feature: string): boolean {
    return this.hasNumber(feature) || this.hasText(feature);
  }

  /** Values of a feature by row; 0 where it is no number. */
  number(feature: string): readonly number[] {
    const place = this.places.numbers.get(feature);
    const { numberValues } = this.block;
    return made(this.numbers, feature, () =>
      numberValues.map((row) => (place === undefined ? 0 : (row[place] ?? NaN))),
    );
  }

  /** The same of text; '' where it is none. */
  text(feature: string): readonly string[] {
    const place = this.places.words.get(feature);
    const { wordValues } = this.block;
    return made(this.texts, feature, () =>
      wordValues.map((row) => (place === undefined ? '' : (row[place] ?? ''))),
    );
  }

  isPresent({ kind, feature }: Column): boolean {
    return kind === 'numeric' ? this.hasNumber(feature) : this.hasText(feature);
  }

  /** Values in standard deviations of the reference, cut off where they are wild; 0, the average, where they are absent. */
  standardised(column: Column): readonly number[] {
    const { kind, feature, mean, sd } = column;
    return made(this.scaled, [kind, feature, mean, sd].join('\0'), () => {
      const within = (x: number) => Math.max(-FARTHEST, Math.min(FARTHEST, (x - mean) / sd));
      if (!this.isPresent(column)) return Array.from({ length: this.block.rows }, () => 0);
      if (kind === 'numeric') return this.number(feature).map(within);
      const shares = new Map(column.values.map((value, i) => [value, column.shares[i] ?? 0]));
      return this.text(feature).map((value) => within(shares.get(value) ?? 0));
    });
  }
}

function made<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = make();
  known.set(key, value);
  return value;
}

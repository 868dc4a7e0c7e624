import { literal } from '../store/sql-text.js';
import type { RowLayout } from './row-layout.js';

/**
 * Columns of the row-wise inner SELECT, each computed once however many rules use it. Where every row names its features alike, their
 * values are read by position.
 */
export class RowColumns {
  private readonly names = new Map<string, string>();

  constructor(private readonly layout: RowLayout | null) {}

  /** The name under which an expression over a row of `predictions` can be aggregated. */
  of(expression: string): string {
    const known = this.names.get(expression);
    if (known !== undefined) return known;
    const name = `c${this.names.size}`;
    this.names.set(expression, name);
    return name;
  }

  number(feature: string): string {
    const place = this.layout ? this.layout.numbers.indexOf(feature) + 1 : null;
    if (place === null) return this.of(`num[${literal(feature)}]`);
    return this.of(place > 0 ? `num.values[${place}]` : 'toFloat64(0)');
  }

  text(feature: string): string {
    const place = this.layout ? this.layout.words.indexOf(feature) + 1 : null;
    if (place === null) return this.of(`cat[${literal(feature)}]`);
    return this.of(place > 0 ? `cat.values[${place}]` : `''`);
  }

  hasNumber(feature: string): string {
    if (this.layout) return this.layout.numbers.includes(feature) ? '1' : '0';
    return this.of(`mapContains(num, ${literal(feature)})`);
  }

  hasText(feature: string): string {
    if (this.layout) return this.layout.words.includes(feature) ? '1' : '0';
    return this.of(`mapContains(cat, ${literal(feature)})`);
  }

  /** Present with a value of either type. */
  has(feature: string): string {
    return this.of(`${this.hasNumber(feature)} OR ${this.hasText(feature)}`);
  }

  /** What the features of a row are, as one number. */
  content(): string {
    return this.of(this.layout ? 'cityHash64(num.values, cat.values)' : 'cityHash64(num, cat, nulls)');
  }

  /** The same whatever is known of the layout, so that minutes that were measured apart can be added: the values in their order, without names. */
  values(): string {
    return this.of('cityHash64(mapValues(num), mapValues(cat))');
  }

  minute(): string {
    return this.of('toStartOfMinute(ts)');
  }

  list(): string[] {
    return [...this.names].map(([expression, name]) => `${expression} AS ${name}`);
  }
}

import type { MeasureKind } from '../domain/measure.js';
import { literal } from './profile-sql.js';

/** Sums of one rule as SQL aggregates, in the order of `SUMS`. */
export interface MeasureSums {
  readonly kind: Exclude<MeasureKind, 'value'>;
  readonly sums: readonly string[];
}

/** Columns of the row-wise inner SELECT, each computed once however many rules use it. */
export class RowColumns {
  private readonly names = new Map<string, string>();

  /** The name under which an expression over a row of `predictions` can be aggregated. */
  of(expression: string): string {
    const known = this.names.get(expression);
    if (known !== undefined) return known;
    const name = `c${this.names.size}`;
    this.names.set(expression, name);
    return name;
  }

  number(feature: string): string {
    return this.of(`num[${literal(feature)}]`);
  }

  text(feature: string): string {
    return this.of(`cat[${literal(feature)}]`);
  }

  hasNumber(feature: string): string {
    return this.of(`mapContains(num, ${literal(feature)})`);
  }

  hasText(feature: string): string {
    return this.of(`mapContains(cat, ${literal(feature)})`);
  }

  /** Present with a value of either type. */
  has(feature: string): string {
    return this.of(`mapContains(num, ${literal(feature)}) OR mapContains(cat, ${literal(feature)})`);
  }

  minute(): string {
    return this.of('toStartOfMinute(ts)');
  }

  list(): string[] {
    return [...this.names].map(([expression, name]) => `${expression} AS ${name}`);
  }
}

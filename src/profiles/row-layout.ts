import type { Database } from '../store/database.js';

/** The names of a row's features in the order they were sent, when every row has the same: its values can then be read by position. */
export interface RowLayout {
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  readonly nulls: readonly string[];
}

/** Rows of `predictions` as a WHERE clause, and what it binds. */
interface Rows {
  readonly where: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A stream whose rows differ is not asked again for this many recomputations: the question costs an eighth of the answer. */
const PATIENCE = 20;

/**
 * Knows in which order a stream's rows name their features. Looking a name up in every row costs more than the statistics
 * (`npm run bench -- profiles`), and producers nearly always send the same names in the same order.
 */
export class RowLayouts {
  private readonly mixed = new Map<string, number>();

  constructor(private readonly database: Database) {}

  /** The one layout of these rows, or null where they have several (or none). `stream` tells streams apart. */
  async of(stream: string, { where, params }: Rows): Promise<RowLayout | null> {
    const left = this.mixed.get(stream) ?? 0;
    if (left > 0) {
      this.mixed.set(stream, left - 1);
      return null;
    }
    const [found] = await this.database.query<RowLayout & { readonly layouts: number }>(
      `SELECT any(p.num.keys) AS numbers, any(p.cat.keys) AS words, any(p.nulls) AS nulls, uniqUpTo(1)(p.num.keys, p.cat.keys, p.nulls) AS layouts
       FROM predictions AS p WHERE ${where}`,
      { params, timeoutMs: 120_000 },
    );
    if (found?.layouts === 1) return found;
    if (found && found.layouts > 1) this.mixed.set(stream, PATIENCE);
    return null;
  }
}

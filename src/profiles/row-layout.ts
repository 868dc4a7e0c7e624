import type { RowLayout } from '../constraints/row-layout.js';
import type { Database } from '../store/database.js';

/** Rows of `predictions` as a WHERE clause, and what it binds. */
interface Rows {
  readonly where: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A stream whose rows differ is not asked again for this many recomputations: the question costs a tenth of the answer. */
const PATIENCE = 20;

/**
 * Knows in which order a stream's rows name their features. Looking names up in every row costs as much as the statistics
 * (`npm run bench -- profiles`), and producers nearly always send the same names in the same order.
 */
export class RowLayouts {
  private readonly known = new Map<string, RowLayout>();
  private readonly mixed = new Map<string, number>();

  constructor(private readonly database: Database) {}

  /** The one layout of these rows, or null where they have several (or there are none). `stream` tells streams apart. */
  async of(stream: string, rows: Rows): Promise<RowLayout | null> {
    const left = this.mixed.get(stream) ?? 0;
    this.mixed.set(stream, Math.max(0, left - 1));
    if (left > 0) return null;
    const before = this.known.get(stream);
    if (before && !(await this.differs(before, rows))) return before;
    const found = await this.first(rows);
    if (!found) return null;
    if (await this.differs(found, rows)) {
      this.mixed.set(stream, PATIENCE);
      return null;
    }
    this.known.set(stream, found);
    return found;
  }

  private async first({ where, params }: Rows): Promise<RowLayout | undefined> {
    const sql = `SELECT p.num.keys AS numbers, p.cat.keys AS words, p.nulls AS nulls FROM predictions AS p WHERE ${where} LIMIT 1`;
    return (await this.database.query<RowLayout>(sql, { params }))[0];
  }

  private async differs({ numbers, words, nulls }: RowLayout, { where, params }: Rows): Promise<boolean> {
    const bound = { ...params, numbers, words, absent: nulls };
    return (await this.database.query(oddRow(where), { params: bound, timeoutMs: 120_000 })).length > 0;
  }
}

/** Stops at the first row that is not laid out as asked. */
function oddRow(where: string): string {
  const other =
    'num.keys != {numbers:Array(String)} OR cat.keys != {words:Array(String)} OR nulls != {absent:Array(String)}';
  return `SELECT 1 AS odd FROM predictions WHERE ${where} AND (${other}) LIMIT 1`;
}

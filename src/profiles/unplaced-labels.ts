import type { Database } from '../store/database.js';

/** Labels that came of a model of whose windows none has any. */
export interface LabelsCame {
  /** Predictions they speak of, as far as they were counted. */
  readonly labels: number;
  /** Those of them that are stored, of whatever version and environment. */
  readonly named: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

const MOST_COUNTED = 10_000;
/** A look is not taken again for so many times as long as it took. */
const REST = 100;

/** Reads no column but the first of the table's order. */
const WITH_ANY = 'SELECT DISTINCT model FROM labels WHERE model IN {models:Array(String)}';
/** The first in the table's order, so that no more is read than is counted. */
const FIRST = `SELECT DISTINCT prediction_id FROM labels WHERE model = {model:String} ORDER BY prediction_id LIMIT ${MOST_COUNTED + 1}`;
const COUNT = `SELECT count() AS labels, countIf(id IN (
    SELECT id FROM prediction_minutes WHERE model = {model:String} AND id IN (SELECT cityHash64(prediction_id) FROM (${FIRST}))
  )) AS named FROM (SELECT cityHash64(prediction_id) AS id FROM (${FIRST}))`;

/**
 * What came for models whose windows have no label: the day's counts of labels without a prediction take ten minutes, and until then nothing of them would be seen.
 * Looked at with every house-keeping, unless the last look took long.
 */
export class UnplacedLabels {
  private came: ReadonlyMap<string, LabelsCame> = new Map();
  private restsUntil = -Infinity;

  constructor(private readonly database: Database) {}

  /** Null where none came, or nobody looked yet. */
  of(model: string): LabelsCame | null {
    return this.came.get(model) ?? null;
  }

  /** Looks at what came for models whose windows have no label; of others nothing is kept. */
  async look(models: readonly string[], now: Date): Promise<void> {
    if (now.getTime() < this.restsUntil) return;
    const began = performance.now();
    const found = new Map<string, LabelsCame>();
    for (const { model } of await this.database.query<{ model: string }>(WITH_ANY, { params: { models } }))
      found.set(model, await this.count(model));
    this.came = found;
    this.restsUntil = now.getTime() + REST * (performance.now() - began);
  }

  private async count(model: string): Promise<LabelsCame> {
    const [found] = await this.database.query<Omit<LabelsCame, 'isMore'>>(COUNT, { params: { model } });
    const { labels, named } = found ?? { labels: 0, named: 0 };
    return { labels: Math.min(labels, MOST_COUNTED), named, isMore: labels > MOST_COUNTED };
  }
}

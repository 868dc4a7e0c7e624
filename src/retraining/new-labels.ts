import type { Database } from '../store/database.js';

/** A model whose training waits for labels, and when its last run ended; null where there was none. */
export interface LabelWish {
  readonly model: string;
  readonly since: Date | null;
}

const COUNTED_FOR_MS = 60_000;
/** How long ago is the same by the engine's clock, which stamps what arrives, as by ours. */
const COUNT = `SELECT model, uniqExact(prediction_id) AS labels FROM labels
  WHERE has({models:Array(String)}, model)
    AND toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(ingested_at)
      < arrayElement({ages:Array(Int64)}, indexOf({models:Array(String)}, model))
  GROUP BY model`;

/**
 * Predictions of which a label arrived since the last run of their model ended, whatever time the label says of itself. Counted at most once a
 * minute, for models that ask for a least number; between two counts the last one stands.
 */
export class NewLabels {
  private counts: ReadonlyMap<string, number> = new Map();
  private countedAt = -Infinity;

  constructor(private readonly database: Database) {}

  /** The last count; null for a model that was never counted. */
  of(model: string): number | null {
    return this.counts.get(model) ?? null;
  }

  async refresh(wishes: readonly LabelWish[], now: Date): Promise<void> {
    if (wishes.length === 0 || now.getTime() - this.countedAt < COUNTED_FOR_MS) return;
    const models = wishes.map(({ model }) => model);
    const ages = wishes.map((wish) => now.getTime() - (wish.since?.getTime() ?? 0));
    const rows = await this.database.query<{ model: string; labels: number }>(COUNT, {
      params: { models, ages },
    });
    const found = new Map(rows.map(({ model, labels }) => [model, labels]));
    this.counts = new Map(models.map((model) => [model, found.get(model) ?? 0]));
    this.countedAt = now.getTime();
  }
}

import type { Database } from '../store/database.js';

/** A model whose training waits for labels. */
export interface LabelWish {
  readonly model: string;
  /** When its last run ended; null where there was none. */
  readonly since: Date | null;
  /** How many it waits for; 0 where it is enough to know whether there is any at all, whenever it came. */
  readonly least: number;
}

const COUNTED_FOR_MS = 60_000;
/** How long ago is the same by the engine's clock, which stamps what arrives, as by ours. */
const COUNT = `SELECT model, uniqExact(prediction_id) AS labels FROM labels
  WHERE has({models:Array(String)}, model)
    AND toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(ingested_at)
      < arrayElement({ages:Array(Int64)}, indexOf({models:Array(String)}, model))
  GROUP BY model`;
/** Reads no column but the first of the table's order, of which little is stored. */
const ANY =
  'SELECT model, count() AS labels FROM labels WHERE has({models:Array(String)}, model) GROUP BY model';

/** A count, and since when labels count. */
interface Counted {
  readonly labels: number;
  readonly since: Date | null;
}

interface Count {
  readonly model: string;
  readonly labels: number;
}

/**
 * Predictions of which a label arrived since the last run of their model ended, whatever time the label says of itself. Counted at most once a
 * minute, for models that ask for a least number or were never trained, and of those only whether there is any; between two counts the last one stands. Where there are as many as
 * are asked for it stands until the next run: labels only grow in number.
 */
export class NewLabels {
  private counts: ReadonlyMap<string, Counted> = new Map();
  private countedAt = -Infinity;

  constructor(private readonly database: Database) {}

  /** The last count; null for a model that was never counted. */
  of(model: string): number | null {
    return this.counts.get(model)?.labels ?? null;
  }

  async refresh(wishes: readonly LabelWish[], now: Date): Promise<void> {
    if (wishes.length === 0 || now.getTime() - this.countedAt < COUNTED_FOR_MS) return;
    const open = wishes.filter((wish) => !this.isEnough(wish));
    const many = open.filter(({ least }) => least > 0);
    const any = open.filter(({ least }) => least === 0);
    const rows = [...(await this.count(many, now)), ...(await this.any(any))];
    const found = new Map(rows.map(({ model, labels }) => [model, labels]));
    const asked = new Set(open.map(({ model }) => model));
    const kept = (model: string) => (asked.has(model) ? 0 : (this.of(model) ?? 0));
    this.counts = new Map(
      wishes.map(({ model, since }) => [model, { labels: found.get(model) ?? kept(model), since }]),
    );
    this.countedAt = now.getTime();
  }

  /** Whether the last count is of the same time and says all that is asked. */
  private isEnough({ model, since, least }: LabelWish): boolean {
    const known = this.counts.get(model);
    return (
      known !== undefined && known.since?.getTime() === since?.getTime() && known.labels >= Math.max(1, least)
    );
  }

  private async count(wishes: readonly LabelWish[], now: Date): Promise<readonly Count[]> {
    if (wishes.length === 0) return [];
    const models = wishes.map(({ model }) => model);
    const ages = wishes.map(({ since }) => now.getTime() - (since?.getTime() ?? 0));
    return this.database.query<Count>(COUNT, { params: { models, ages } });
  }

  private async any(wishes: readonly LabelWish[]): Promise<readonly Count[]> {
    if (wishes.length === 0) return [];
    return this.database.query<Count>(ANY, { params: { models: wishes.map(({ model }) => model) } });
  }
}

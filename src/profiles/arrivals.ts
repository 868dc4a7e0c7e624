import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { environmentsSql, type EnvironmentRows } from './misspelt-environments.js';
import { readMisspelt, type MisspeltLabels } from './misspelt-labels.js';
import {
  addDoubtful,
  doubtfulTexts,
  misspeltClassText,
  readDoubtful,
  readWritten,
  type DoubtfulAnswers,
} from './doubtful-rows.js';
import { groupBy } from '../domain/group-by.js';
import { UnplacedLabels } from './unplaced-labels.js';

/** Labels of a day, and those of them that speak of no prediction. */
export interface LabelArrival {
  readonly labels: number;
  readonly unmatched: number;
  /** Predictions of which two sources say different things; the newest label counts. */
  readonly disputed: number;
}

const NO_LABELS: LabelArrival = { labels: 0, unmatched: 0, disputed: 0 };
const LOOK_AGAIN_AFTER_MS = 600_000;
const DAY_MS = 86_400_000;
/** Fewer rows say nothing of a clock. */
const LEAST_ARRIVALS = 30;
/** Rows of one clock lie this close together, and a time zone this close to half an hour. */
const SPREAD_S = 600;
const NEAR_S = 300;
const HALF_HOUR_S = 1_800;

const CLOCK = 'SELECT toUnixTimestamp64Milli(now64(3)) AS now';
const IN_SPAN =
  "ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ingested_at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')";
/** A label may come before its prediction: it counts once it has waited from one look to the next. */
const UNMATCHED = `
  SELECT model, count() AS labels, countIf((model, id) NOT IN (
    SELECT model, id FROM prediction_minutes WHERE (model, id) IN (SELECT model, cityHash64(prediction_id) FROM labels WHERE ${IN_SPAN})
  )) AS unmatched
  FROM (SELECT DISTINCT model, cityHash64(prediction_id) AS id FROM labels
    WHERE ${IN_SPAN})
  GROUP BY model`;
/** A source that corrects itself is no dispute: its newest label is what it says. */
const DISPUTED = `
  SELECT model, count() AS disputed FROM (
    SELECT model, prediction_id FROM labels FINAL
    WHERE (model, prediction_id) IN (SELECT model, prediction_id FROM labels WHERE ${IN_SPAN})
    GROUP BY model, prediction_id HAVING count() > 1 AND uniqExact(label, toString(value)) > 1
  ) GROUP BY model`;
/** Seconds by which event times are behind their arrival, refused ones included. */
const LAGS = `
  SELECT model, count() AS rows, quantiles(0.05, 0.5, 0.95)(lag) AS lags FROM (
    SELECT model, toFloat64(toUnixTimestamp64Milli(ingested_at) - toUnixTimestamp64Milli(ts)) / 1000 AS lag
    FROM predictions WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    UNION ALL
    SELECT model, toFloat64(toUnixTimestamp64Milli(received_at) - toUnixTimestamp64Milli(ts)) / 1000 AS lag FROM (
      SELECT model, received_at, if(startsWith(JSONExtractRaw(raw, 'ts'), '"'), parseDateTime64BestEffortOrNull(JSONExtractString(raw, 'ts'), 3, 'UTC'),
        fromUnixTimestamp64Milli(JSONExtractInt(raw, 'ts'), 'UTC')) AS ts
      FROM dead_letters WHERE received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND code = 'timestamp_out_of_range'
    ) WHERE isNotNull(ts)
  ) GROUP BY model`;

interface Disputed {
  readonly model: string;
  readonly disputed: number;
}

interface Counted extends Omit<LabelArrival, 'disputed'> {
  readonly model: string;
}

interface Lags {
  readonly model: string;
  readonly rows: number;
  readonly lags: readonly number[];
}

/**
 * What only the stream as a whole can show: labels that speak of no prediction, or of the positive class in another spelling, and event times that are off by a time zone. Looked at every
 * ten minutes; between two looks the last one stands.
 */
export class Arrivals {
  /** Null until labels have been counted. */
  private labels: ReadonlyMap<string, LabelArrival> | null = null;
  private misspelt: ReadonlyMap<string, MisspeltLabels> = new Map();
  private environments: ReadonlyMap<string, readonly EnvironmentRows[]> = new Map();
  private shifts: ReadonlyMap<string, number> = new Map();
  /** Answers that contradict themselves, look by look of the last day: each reads what came since the one before. */
  private doubtful: readonly { readonly at: number; readonly found: ReadonlyMap<string, DoubtfulAnswers> }[] =
    [];
  private classes: Awaited<ReturnType<typeof readWritten>> = new Map();
  private lookedAt = -Infinity;
  /** The engine's clock at the look before; null before the first. */
  private before: number | null = null;

  /** What came for models whose windows have no label. */
  readonly unplaced: UnplacedLabels;

  constructor(private readonly database: Database) {
    this.unplaced = new UnplacedLabels(database);
  }

  /** Null until labels were held against predictions: a label may come before its prediction, so that the first look counts none. */
  labelsOf(model: string): LabelArrival | null {
    return this.labels && (this.labels.get(model) ?? NO_LABELS);
  }

  /** Labels of the last day that say the positive class in another spelling; null where there are none. */
  misspeltOf(model: string): MisspeltLabels | null {
    return this.misspelt.get(model) ?? null;
  }

  /** The environments that rows of the last day are of, the most frequent first. */
  environmentsOf(model: string): readonly EnvironmentRows[] {
    return this.environments.get(model) ?? [];
  }

  /** By how many minutes a model's event times are ahead of their arrival (negative: behind), where that is a time zone; null where it is none. */
  shiftOf(model: string): number | null {
    return this.shifts.get(model) ?? null;
  }

  /** What of the rows of the last day contradicts itself, or is spelt in two ways, as sentences; none where little is. */
  doubtsOf(model: string): readonly string[] {
    const classes = this.classes.get(model);
    const misspelt = classes && misspeltClassText(classes.labels, classes.answers);
    const answers = addDoubtful(this.doubtful.map(({ found }) => found.get(model)));
    return [...(misspelt ? [misspelt] : []), ...doubtfulTexts(answers)];
  }

  /** `models` are those whose labels have a spelling, or whose answers have several parts. */
  async look(now: Date, models: readonly Model[]): Promise<void> {
    if (now.getTime() - this.lookedAt < LOOK_AGAIN_AFTER_MS) return;
    this.lookedAt = now.getTime();
    const clock = (await this.database.query<{ now: number }>(CLOCK))[0]?.now ?? 0;
    const until = this.before;
    this.before = clock;
    if (until !== null) await this.count(until);
    const day = { since: clock - DAY_MS, until: clock + 1 };
    this.misspelt = await readMisspelt(this.database, models, { span: IN_SPAN, params: day });
    await this.doubt(models, { ...day, last: until === null ? null : until + 1 });
    const rows = await this.database.query<EnvironmentRows & { readonly model: string }>(environmentsSql(IN_SPAN), { params: day }); // prettier-ignore
    this.environments = groupBy(rows, ({ model }) => model);
    const lags = await this.database.query<Lags>(LAGS, { params: { since: clock - LOOK_AGAIN_AFTER_MS } });
    this.shifts = new Map(lags.flatMap(shiftIn));
  }

  /** `last` is where the look before ended; null where this is the first. */
  private async doubt(
    models: readonly Model[],
    { last, ...day }: { readonly since: number; readonly until: number; readonly last: number | null },
  ): Promise<void> {
    this.classes = await readWritten(this.database, models, { span: IN_SPAN, params: day });
    const since = Math.max(day.since, last ?? day.since);
    const found = await readDoubtful(this.database, models, { span: IN_SPAN, params: { ...day, since } });
    const known = this.doubtful.filter(({ at }) => at > day.since);
    this.doubtful = [...known, { at: day.until, found }];
  }

  private async count(until: number): Promise<void> {
    const params = { since: until - DAY_MS, until };
    const options = { params, timeoutMs: 120_000 };
    const rows = await this.database.query<Counted>(UNMATCHED, options);
    const said = await this.database.query<Disputed>(DISPUTED, options);
    const disputed = new Map(said.map((one) => [one.model, one.disputed]));
    this.labels = new Map(
      rows.map(({ model, ...counts }) => [model, { ...counts, disputed: disputed.get(model) ?? 0 }]),
    );
  }
}

function shiftIn({ model, rows, lags }: Lags): [string, number][] {
  const [low = 0, middle = 0, high = 0] = lags;
  const halves = Math.round(middle / HALF_HOUR_S);
  const near = Math.abs(middle - halves * HALF_HOUR_S) <= NEAR_S;
  if (rows < LEAST_ARRIVALS || high - low > SPREAD_S || halves === 0 || !near) return [];
  return [[model, -30 * halves]];
}

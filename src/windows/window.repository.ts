import { versionPlace } from '../domain/version-place.js';
import { addAll } from '../domain/add-all.js';
import { groupBy } from '../domain/group-by.js';
import { closeTogether } from '../store/close-together.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Track } from './due-windows.js';
import type { StreamStart, VersionDelay } from './stream-progress.js';
import { LEAST_HELD, type VersionSummary } from './booked-version.js';

/** One judgement of one window, as stored. Times are epoch milliseconds. */
export interface StoredWindow {
  readonly model: string;
  readonly version: string;
  readonly from: number;
  readonly to: number;
  readonly revision: number;
  readonly track: Track;
  readonly predictions: number;
  readonly labelled: number;
  readonly baseline: string;
  readonly share: number;
  readonly watermark: number;
  readonly evaluatedAt: number;
  /** Digests of what the judgement depended on and of the memory it left; '' in rows of before there were any. */
  readonly inputs: string;
  readonly memory: string;
  /** What its rows were, as they are sealed; '' where that is not known, absent where it was not asked for. */
  readonly rows?: string;
  /** Marks of its rows and labels (profiles/row-marks.ts); absent where they were not asked for. */
  readonly marks?: string;
  /** What its labels said, as a hash, where they were judged; 0 where that is not known, as of rows of before it was kept. */
  readonly truths?: number;
}

/** Numbers of every window of one version that was judged. */
export interface StoredVersion extends VersionSummary {
  readonly model: string;
  readonly version: string;
  readonly widthMs: number;
  /** Newest watermark at which one was judged. */
  readonly watermark: number;
}

/** One number that is remembered of a version. */
interface VersionProgress {
  readonly model: string;
  readonly version: string;
  readonly value: number;
}

/** Predictions and labels of one window as they are now. */
export interface WindowCounts {
  readonly from: number;
  readonly predictions: number;
  readonly labelled: number;
  /** A hash of what the labels say of the predictions: a corrected label changes it, a repeated one does not. */
  readonly truths: number;
}

/** Windows of one version by their starts, epoch ms. */
export interface AskedWindows {
  readonly model: string;
  readonly version: string;
  readonly widthMs: number;
  readonly starts: readonly number[];
}

export interface VersionCounts extends WindowCounts {
  readonly model: string;
  readonly version: string;
}

/** Labels of a window as they were judged; `truths` is 0 where that was not kept. */
export type JudgedLabels = Pick<VersionCounts, 'model' | 'version' | 'from' | 'labelled' | 'truths'>;

/** Minutes of one version, epoch seconds. */
export interface OpenMinutes {
  readonly model: string;
  readonly version: string;
  readonly minutes: readonly number[];
}

/** Columns of a `StoredWindow`, of a table called `w`. */
export const STORED = `w.model AS model, w.version AS version, toUnixTimestamp(window_from) * 1000 AS from, toUnixTimestamp(window_to) * 1000 AS to, revision, track,
  predictions, labelled, baseline, share, toUnixTimestamp64Milli(watermark) AS watermark, toUnixTimestamp64Milli(evaluated_at) AS evaluatedAt, inputs, memory, w.truths AS truths`;
/** The newest judgement of each window and track. */
export const NEWEST =
  'ORDER BY model, version, window_from, revision DESC LIMIT 1 BY model, version, window_from, track';

/** What the labels of minutes say, in a table called `p`. Sums in single precision, because the same numbers in another order differ in the last digits; 53 bits, to be exact as a number. */
const TRUTHS = `bitAnd(groupBitXorIf(cityHash64(minute, p.labelled, p.correct, p.true_positives, p.false_positives, p.true_negatives,
  p.false_negatives, toFloat32(p.loss_sum), toFloat32(p.squared_error_sum)), p.labelled > 0), 9007199254740991)`;

const ASKED = `SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {widths:Array(UInt32)}, {starts:Array(Array(UInt32))})) AS asked`;
const COUNTS_OF = `
  SELECT p.model AS model, p.version AS version, toUInt64(intDiv(toUnixTimestamp(p.minute), w.width) * w.width) * 1000 AS from,
    sum(p.predictions) AS predictions, sum(p.labelled) AS labelled, ${TRUTHS} AS truths
  FROM (
    SELECT * FROM performance_1m FINAL WHERE (model, version) IN (SELECT asked.1, asked.2 FROM (${ASKED}))
      AND minute >= fromUnixTimestamp({from:Int64}) AND minute < fromUnixTimestamp({to:Int64})
  ) AS p
  INNER JOIN (SELECT asked.1 AS model, asked.2 AS version, asked.3 AS width FROM (${ASKED})) AS w ON p.model = w.model AND p.version = w.version
  WHERE (p.model, p.version, toUInt32(intDiv(toUnixTimestamp(p.minute), w.width) * w.width)) IN (SELECT asked.1, asked.2, arrayJoin(asked.4) FROM (${ASKED}))
  GROUP BY model, version, from ORDER BY model, version, from`;

const LABELS_JUDGED_OF = `
  SELECT w.model AS model, w.version AS version, toUInt64(toUnixTimestamp(w.window_from)) * 1000 AS from, w.labelled AS labelled, w.truths AS truths FROM windows AS w FINAL
  WHERE w.window_from >= fromUnixTimestamp({from:Int64}) AND w.window_from < fromUnixTimestamp({to:Int64})
    AND (w.model, w.version, toUInt32(toUnixTimestamp(w.window_from))) IN (SELECT asked.1, asked.2, arrayJoin(asked.4) FROM (${ASKED}))
  ORDER BY model, version, from, track = 'labels' DESC, revision DESC LIMIT 1 BY model, version, from`;

/** What lines of progress about a version begin with: how late its rows come, and where its stream begins. */
const [DELAY, START] = ['delay of ', 'stream of '];

const seconds = (ms: number) => Math.floor(ms / 1000);

/** The table of judged windows. */
export class WindowRepository {
  constructor(private readonly database: Database) {}

  /** A stored row says that everything the judgement led to is recorded: write it last. */
  async save(windows: readonly StoredWindow[]): Promise<void> {
    const rows = windows.map(({ from, to, watermark, evaluatedAt, ...rest }) => ({
      ...rest,
      window_from: seconds(from),
      window_to: seconds(to),
      watermark: sqlMillisecond(new Date(watermark)),
      evaluated_at: sqlMillisecond(new Date(evaluatedAt)),
    }));
    await this.database.insert('windows', rows);
  }

  /** The newest judgement of every window and track of a version that starts in `[from, to)`, and of the newest ones before them. */
  async load(model: string, version: string, from: number, to: number): Promise<readonly StoredWindow[]> {
    const own = 'model = {model:String} AND version = {version:String}';
    const before = `SELECT DISTINCT window_from FROM windows WHERE ${own} AND window_from < fromUnixTimestamp({from:Int64}) ORDER BY window_from DESC LIMIT ${LEAST_HELD}`;
    const sql = `SELECT ${STORED} FROM windows AS w FINAL WHERE ${own} AND window_from < fromUnixTimestamp({to:Int64})
      AND (window_from >= fromUnixTimestamp({from:Int64}) OR window_from IN (${before})) ${NEWEST}`;
    const params = { model, version, from: seconds(from), to: seconds(to) };
    return this.database.query<StoredWindow>(sql, { params, timeoutMs: 120_000 });
  }

  /** The newest judgements on one track of windows that start in `[from, to)`, by start. */
  async judgements(
    { model, version, track }: Pick<StoredWindow, 'model' | 'version' | 'track'>,
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, StoredWindow>> {
    const sql = `SELECT ${STORED}, w.rows AS rows FROM windows AS w FINAL WHERE model = {model:String} AND version = {version:String} AND track = {track:String}
      AND window_from >= fromUnixTimestamp({from:Int64}) AND window_from < fromUnixTimestamp({to:Int64}) ${NEWEST}`;
    const params = { model, version, track, from: seconds(from), to: seconds(to) };
    const rows = await this.database.query<StoredWindow>(sql, { params });
    return new Map(rows.map((row) => [row.from, row]));
  }

  /** Every judgement of the window of a version that starts then, on both tracks; epoch ms. */
  async revisions(
    { model, version }: Pick<StoredWindow, 'model' | 'version'>,
    from: number,
  ): Promise<readonly StoredWindow[]> {
    const sql = `SELECT ${STORED} FROM windows AS w FINAL WHERE model = {model:String} AND version = {version:String} AND window_from = fromUnixTimestamp({from:Int64})`;
    return this.database.query<StoredWindow>(sql, { params: { model, version, from: seconds(from) } });
  }

  /** Marks of the newest judgement on a track of windows that start then, by start; '' where none were kept. */
  async marks(
    { model, version, track }: Pick<StoredWindow, 'model' | 'version' | 'track'>,
    starts: readonly number[],
  ): Promise<ReadonlyMap<number, string>> {
    const sql = `SELECT toUnixTimestamp(window_from) * 1000 AS from, marks FROM windows FINAL WHERE model = {model:String} AND version = {version:String} AND track = {track:String}
      AND window_from >= fromUnixTimestamp({from:Int64}) AND window_from <= fromUnixTimestamp({to:Int64}) AND toUnixTimestamp(window_from) IN {starts:Array(UInt32)} ${NEWEST}`;
    const asked = starts.map(seconds);
    const params = { model, version, track, starts: asked, from: Math.min(...asked), to: Math.max(...asked) };
    const rows = await this.database.query<{ from: number; marks: string }>(sql, { params });
    return new Map(rows.map(({ from, marks }) => [from, marks]));
  }

  /** How late the rows of versions come, as far as that is known; versions that are absent are in time. */
  async delays(): Promise<readonly VersionDelay[]> {
    return (await this.progressOf(DELAY)).map(({ value: delay, ...place }) => ({ ...place, delay }));
  }

  async saveDelays(delays: readonly VersionDelay[]): Promise<void> {
    await this.saveProgress(
      DELAY,
      delays.map(({ delay: value, ...place }) => ({ ...place, value })),
    );
  }

  /** Where the streams of versions begin. */
  async starts(): Promise<readonly StreamStart[]> {
    return (await this.progressOf(START)).map(({ value: start, ...place }) => ({ ...place, start }));
  }

  async saveStarts(starts: readonly StreamStart[]): Promise<void> {
    await this.saveProgress(
      START,
      starts.map(({ start: value, ...place }) => ({ ...place, value })),
    );
  }

  private async progressOf(prefix: string): Promise<readonly VersionProgress[]> {
    const rows = await this.database.query<{ place: string; value: number }>(
      'SELECT substring(name, length({prefix:String}) + 1) AS place, toFloat64OrZero(value) AS value FROM progress FINAL WHERE startsWith(name, {prefix:String})',
      { params: { prefix } },
    );
    return rows.map(({ place, value }) => {
      const [model = ''] = place.split('@', 1);
      return { model, version: place.slice(model.length + 1), value };
    });
  }

  private async saveProgress(prefix: string, lines: readonly VersionProgress[]): Promise<void> {
    if (lines.length === 0) return;
    const rows = lines.map(({ model, version, value }) => ({
      name: `${prefix}${model}@${version}`,
      value: String(value),
    }));
    await this.database.insert('progress', rows);
  }

  /** What some windows of many versions hold now, by statements whose number depends on how far apart in time they are alone. */
  async countsOf(asked: readonly AskedWindows[]): Promise<readonly VersionCounts[]> {
    return this.readOf<VersionCounts>(COUNTS_OF, asked);
  }

  /** What the newest judgement of such windows saw of their labels: that of the labels, else that of the rows. Absent where nothing was judged. */
  async labelsJudgedOf(asked: readonly AskedWindows[]): Promise<readonly JudgedLabels[]> {
    return this.readOf<JudgedLabels>(LABELS_JUDGED_OF, asked);
  }

  private async readOf<Row>(sql: string, asked: readonly AskedWindows[]): Promise<readonly Row[]> {
    const found: Row[] = [];
    for (const { lines, from, to } of together(asked)) {
      const params = {
        models: lines.map(({ model }) => model),
        versions: lines.map(({ version }) => version),
        widths: lines.map(({ widthMs }) => widthMs / 1000),
        starts: lines.map(({ starts }) => starts.map(seconds)),
        from: seconds(from),
        to: seconds(to),
      };
      addAll(found, await this.database.query<Row>(sql, { params, timeoutMs: 120_000 }));
    }
    return found;
  }

  /** What the windows that start in `[from, to)` hold now. */
  async counts(
    model: string,
    version: string,
    from: number,
    to: number,
    widthMs: number,
  ): Promise<readonly WindowCounts[]> {
    const width = widthMs / 1000;
    return this.database.query<WindowCounts>(
      `SELECT intDiv(toUnixTimestamp(minute), {width:UInt32}) * {width:UInt32} * 1000 AS from, sum(p.predictions) AS predictions, sum(p.labelled) AS labelled, ${TRUTHS} AS truths
       FROM performance_1m AS p FINAL
       WHERE model = {model:String} AND version = {version:String} AND minute >= fromUnixTimestamp({from:Int64}) AND minute < fromUnixTimestamp({to:Int64})
       GROUP BY from ORDER BY from`,
      { params: { model, version, from: seconds(from), to: seconds(to), width } },
    );
  }
}

interface Together {
  readonly lines: readonly AskedWindows[];
  readonly from: number;
  readonly to: number;
}

/** Windows in groups that are close in time. A version whose own are far apart stands in several. */
function together(asked: readonly AskedWindows[]): readonly Together[] {
  const single = asked.flatMap(({ starts, ...version }) => starts.map((start) => ({ ...version, start })));
  return closeTogether(single, ({ start }) => start).map((group) => ({
    lines: [...groupBy(group, ({ model, version }) => versionPlace(model, version)).values()].flatMap(lineOf),
    from: group[0]?.start ?? 0,
    to: group.reduce((to, { start, widthMs }) => Math.max(to, start + widthMs), 0),
  }));
}

/** Of windows of one version. */
function lineOf(
  windows: readonly (Omit<AskedWindows, 'starts'> & { readonly start: number })[],
): readonly AskedWindows[] {
  const [first] = windows;
  if (!first) return [];
  const { model, version, widthMs } = first;
  return [{ model, version, widthMs, starts: windows.map(({ start }) => start) }];
}

import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Track } from './due-windows.js';

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
}

/** Predictions and labels of one window as they are now. */
export interface WindowCounts {
  readonly from: number;
  readonly predictions: number;
  readonly labelled: number;
  /** A hash of what the labels say of the predictions: a corrected label changes it, a repeated one does not. */
  readonly truths: number;
}

/** Sums in single precision, because the same numbers in another order differ in the last digits; 53 bits, to be exact as a number. */
const TRUTHS = `bitAnd(groupBitXorIf(cityHash64(minute, p.labelled, p.correct, p.true_positives, p.false_positives, p.true_negatives,
  p.false_negatives, toFloat32(p.loss_sum), toFloat32(p.squared_error_sum)), p.labelled > 0), 9007199254740991)`;

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

  /** The newest judgement of every window and track since an instant. */
  async load(since: number): Promise<readonly StoredWindow[]> {
    return this.database.query<StoredWindow>(
      `SELECT model, version, toUnixTimestamp(window_from) * 1000 AS from, toUnixTimestamp(window_to) * 1000 AS to, revision, track, predictions, labelled, baseline, share,
         toUnixTimestamp64Milli(watermark) AS watermark, toUnixTimestamp64Milli(evaluated_at) AS evaluatedAt
       FROM windows FINAL WHERE window_from >= fromUnixTimestamp({since:Int64})
       ORDER BY model, version, window_from, revision DESC LIMIT 1 BY model, version, window_from, track`,
      { params: { since: seconds(since) } },
    );
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

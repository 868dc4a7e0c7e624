import type { Database } from '../store/database.js';
import type { DirtyMinutes } from './dirty-minutes.js';
import { unrepeated } from './own-rows.js';

const DAY = 86_400_000;
/** Older rows than this stay as they were summarised: it is as far back as events are taken by default. */
const DAYS = 90;
/** A round looks at one day, not sooner than this after the last … */
const EVERY_MS = 60_000;
/** … and so that it takes no more than one part in so many of the time. */
const PART = 50;

/** A minute with rows that arrived this recently is still being summarised the usual way. */
const SETTLED = 'INTERVAL 10 MINUTE';
const DAY_OF = {
  from: `fromUnixTimestamp64Milli({from:Int64}, 'UTC')`,
  to: `fromUnixTimestamp64Milli({to:Int64}, 'UTC')`,
};
const LOST = `
  SELECT s.model AS model, s.version AS version, arraySort(groupArray(s.minute)) AS minutes, sum(s.stored - p.predictions) AS rows
  FROM (
    SELECT model, version, toUnixTimestamp(toStartOfMinute(ts)) AS minute, count() AS stored, max(ingested_at) AS newest
    FROM predictions FINAL WHERE concat(model, '@', environment) IN {own:Array(String)} AND ts >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND ts < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      AND ${unrepeated(DAY_OF)}
    GROUP BY model, version, minute
  ) AS s
  LEFT JOIN (
    SELECT model, version, toUnixTimestamp(minute) AS minute, predictions
    FROM performance_1m FINAL WHERE minute >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND minute < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  ) AS p ON s.model = p.model AND s.version = p.version AND s.minute = p.minute
  WHERE s.stored > p.predictions AND s.newest < now64(3) - ${SETTLED}
  GROUP BY s.model, s.version`;

interface LostRow {
  readonly model: string;
  readonly version: string;
  readonly minutes: readonly number[];
  readonly rows: number;
}

/** Minutes of a version that hold more rows than were summarised, and how many. */
export interface LostMinutes {
  readonly dirty: DirtyMinutes;
  readonly rows: number;
}

/**
 * Compares what is stored with what was summarised, a day of event time at a time: whatever a bug, a clock or a crash ever lost is found.
 * The two newest days take turns with the older ones.
 */
export class Reconciliation {
  private dueAt = -Infinity;
  private round = 0;

  /** `own` lists the environments that count, as `model@environment`. */
  constructor(
    private readonly database: Database,
    private readonly own: () => readonly string[],
  ) {}

  /** What was lost on the day whose turn it is; nothing before the next round is due. */
  async next(now: Date): Promise<readonly LostMinutes[]> {
    if (now.getTime() < this.dueAt) return [];
    const started = performance.now();
    const lost = await this.onDay(dayOf(this.round, now));
    this.round += 1;
    this.dueAt = now.getTime() + Math.max(EVERY_MS, PART * (performance.now() - started));
    return lost;
  }

  /** What was lost of the day that begins at an instant, epoch ms. */
  async onDay(from: number): Promise<readonly LostMinutes[]> {
    const params = { from, to: from + DAY, own: this.own() };
    const rows = await this.database.query<LostRow>(LOST, {
      params,
      settings: { max_threads: 1, do_not_merge_across_partitions_select_final: 1 },
      timeoutMs: 120_000,
    });
    return rows.map(({ model, version, minutes, rows: lost }) => ({
      dirty: { model, version, minutes, withNewRows: minutes, sources: {} },
      rows: lost,
    }));
  }
}

/** Every other round is for today or yesterday, the rest for the days before them, one after the other. */
function dayOf(round: number, now: Date): number {
  const today = Math.floor(now.getTime() / DAY) * DAY;
  const turn = Math.floor(round / 2);
  const back = round % 2 === 0 ? turn % 2 : 2 + (turn % (DAYS - 2));
  return today - back * DAY;
}

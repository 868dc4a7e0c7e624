import type { CheckName, CheckState } from '../domain/check-result.js';
import { LOUDEST_FIRST } from '../domain/loudness.js';
import type { Database } from '../store/database.js';

/** One version of a model over windows that start at or after `since`. */
export interface Place {
  readonly model: string;
  readonly version: string;
  readonly since: Date;
}

/** Windows a chart can show; of more, the newest. */
const MOST_WINDOWS_READ = 2000;
const IN_RANGE =
  "model = {model:String} AND version = {version:String} AND window_from >= toDateTime({since:UInt32}, 'UTC')";

/** What a judgement is newer by than another, as one number: a revision, and of that when it was judged, ms. */
const NEWNESS =
  'bitOr(bitShiftLeft(toUInt64(r.revision), 42), toUInt64(toUnixTimestamp64Milli(r.evaluated_at)))';
const REJUDGED = '(toUnixTimestamp(window_from) IN {rejudged:Array(UInt32)})';

function paramsOf({ model, version, since }: Place) {
  return {
    model,
    version,
    since: Math.max(0, Math.floor(since.getTime() / 1000)),
    limit: MOST_WINDOWS_READ,
  };
}

/** What a chart can show of a place. */
export interface Shown extends Place {
  /** Starts of windows with more than one judgement of a check, epoch seconds: of all others nothing is older than anything else. */
  readonly rejudged: readonly number[];
}

/** The same place from where a chart can begin: where it has more windows than that shows, at the oldest of those. */
export async function shownPart<Of extends Place>(database: Database, place: Of): Promise<Of & Shown> {
  const [first] = await database.query<{ from: number }>(
    `SELECT toUnixTimestamp(min(at)) * 1000 AS from
     FROM (SELECT DISTINCT window_from AS at FROM windows WHERE ${IN_RANGE} ORDER BY at DESC LIMIT {limit:UInt32})`,
    { params: paramsOf(place) },
  );
  const shown = { ...place, since: new Date(Math.max(place.since.getTime(), first?.from ?? 0)) };
  const rows = await database.query<{ at: number }>(
    `SELECT DISTINCT toUnixTimestamp(window_from) AS at
     FROM (SELECT window_from FROM check_results AS r WHERE ${IN_RANGE} GROUP BY window_from, check HAVING min(${NEWNESS}) != max(${NEWNESS}))`,
    { params: paramsOf(shown) },
  );
  return { ...shown, rejudged: rows.map(({ at }) => at) };
}

/** End of the newest judged window of a version, epoch ms; null before the first. */
export async function readJudgedTo(
  database: Database,
  { model, version }: Pick<Place, 'model' | 'version'>,
): Promise<number | null> {
  const [row] = await database.query<{ readonly to: number }>(
    `SELECT toUnixTimestamp(window_to) * 1000 AS to FROM windows
     WHERE model = {model:String} AND version = {version:String} ORDER BY window_from DESC LIMIT 1`,
    { params: { model, version } },
  );
  return row?.to ?? null;
}

/** A judged window. Instants are epoch milliseconds. */
export interface WindowPoint {
  readonly from: number;
  readonly to: number;
  readonly revision: number;
  readonly predictions: number;
  readonly labelled: number;
  /** The largest evidence of any series in it; null where none was judged. */
  readonly evidence: number | null;
}

/**
 * The largest of each window. Where a window was judged once, of its results themselves, for there are thousands of windows of hundreds; else of the newest of every series, which is
 * known by a hash.
 */
const EVIDENCE = `SELECT window_from, maxOrNullIf(newest, isFinite(newest)) AS evidence
  FROM (SELECT window_from, r.evidence AS newest FROM check_results AS r WHERE ${IN_RANGE} AND NOT ${REJUDGED}
        UNION ALL
        SELECT window_from, argMax(r.evidence, ${NEWNESS}) AS newest
        FROM check_results AS r WHERE ${IN_RANGE} AND ${REJUDGED} GROUP BY window_from, cityHash64(check, feature, statistic, segment))
  GROUP BY window_from`;

/** Oldest first. */
export async function readWindowPoints(database: Database, place: Shown): Promise<readonly WindowPoint[]> {
  const points = await database.query<WindowPoint>(
    `SELECT toUnixTimestamp(w.window_from) * 1000 AS from, toUnixTimestamp(w.window_to) * 1000 AS to, w.revision AS revision,
       w.predictions AS predictions, w.labelled AS labelled, e.evidence AS evidence
     FROM (SELECT window_from, window_to, revision, predictions, labelled FROM v_windows WHERE ${IN_RANGE}) AS w
     LEFT JOIN (${EVIDENCE}) AS e
       ON w.window_from = e.window_from
     ORDER BY w.window_from DESC LIMIT {limit:UInt32}`,
    { params: { ...paramsOf(place), rejudged: place.rejudged } },
  );
  return points.toReversed();
}

/** One statistic in one window. */
export interface ResultPoint {
  readonly from: number;
  readonly check: CheckName;
  readonly statistic: string;
  readonly state: CheckState;
  readonly value: number | null;
  readonly n: number;
  readonly evidence: number | null;
  readonly effect: number | null;
  readonly explanation: string;
}

const RESULT =
  'toUnixTimestamp(window_from) * 1000 AS from, check, statistic, state, value, n, evidence, effect, explanation';

/** Every statistic of one feature over time, oldest first. */
export async function readResultPoints(
  database: Database,
  place: Place,
  feature: string,
): Promise<readonly ResultPoint[]> {
  return readPoints(database, { ...paramsOf(place), feature }, 'feature = {feature:String}');
}

const PERFORMANCE = "check IN ('performance', 'concept_drift')";
/** Results about groups of people stand under the group's name where others have a feature's. */
const GROUPS = "check IN ('fairness', 'group_errors')";

/** Every metric of a model over time, oldest first. */
export async function readPerformancePoints(
  database: Database,
  place: Place,
): Promise<readonly ResultPoint[]> {
  return readPoints(database, paramsOf(place), `feature = '' AND ${PERFORMANCE}`);
}

async function readPoints(
  database: Database,
  params: Readonly<Record<string, unknown>>,
  which: string,
): Promise<readonly ResultPoint[]> {
  return database.query<ResultPoint>(
    `SELECT ${RESULT} FROM v_check_results WHERE ${IN_RANGE} AND ${which}
       AND window_from IN (SELECT window_from FROM v_windows WHERE ${IN_RANGE} ORDER BY window_from DESC LIMIT {limit:UInt32})
     ORDER BY window_from, check, statistic`,
    { params },
  );
}

export interface FeatureResult extends ResultPoint {
  readonly feature: string;
}

/** Every result of every feature in the newest window that has any. */
export async function readNewestResults(database: Database, place: Place): Promise<readonly FeatureResult[]> {
  return database.query<FeatureResult>(
    `SELECT feature, ${RESULT} FROM v_check_results
     WHERE ${IN_RANGE} AND feature != '' AND NOT ${GROUPS}
       AND window_from = (SELECT max(window_from) FROM check_results WHERE ${IN_RANGE} AND feature != '' AND NOT ${GROUPS})
     ORDER BY feature, check, statistic`,
    { params: paramsOf(place) },
  );
}

/** The loudest that was said of a feature in a window, or in windows beside each other. */
export interface HeatCell {
  readonly feature: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly state: CheckState;
}

/** Columns of a heat map: of more windows, several beside each other share one. */
export const HEAT_COLUMNS = 48;
/** The same from the quietest on, so that the greatest place is the loudest. */
const LOUDEST_LAST = `[${LOUDEST_FIRST.toReversed().map((state) => `'${state}'`).join(', ')}]`; // prettier-ignore

const LOUDNESS = `toUInt8(indexOf(${LOUDEST_LAST}, r.state))`;

/** Every feature in the windows shown, the loudest of each column. */
export async function readHeatCells(database: Database, place: Shown): Promise<readonly HeatCell[]> {
  return database.query<HeatCell>(
    `SELECT feature, toUnixTimestamp(first) * 1000 AS from, arrayElement(${LOUDEST_LAST}, max(loudness)) AS state
     FROM (
       SELECT r.window_from AS window_from, r.feature AS feature, max(${LOUDNESS}) AS loudness
       FROM check_results AS r WHERE ${IN_RANGE} AND feature != '' AND NOT ${GROUPS} AND NOT ${REJUDGED} GROUP BY r.window_from, r.feature
       UNION ALL
       SELECT r.window_from AS window_from, r.feature AS feature, argMax(${LOUDNESS}, ${NEWNESS}) AS loudness
       FROM check_results AS r WHERE ${IN_RANGE} AND feature != '' AND NOT ${GROUPS} AND ${REJUDGED}
       GROUP BY r.window_from, r.feature, cityHash64(r.check, r.statistic, r.segment)
     ) AS r
     INNER JOIN (
       SELECT window_from, min(window_from) OVER (PARTITION BY column) AS first FROM (
         SELECT window_from, intDiv(row_number() OVER (ORDER BY window_from) - 1, intDiv(count() OVER () + ${HEAT_COLUMNS - 1}, ${HEAT_COLUMNS})) AS column
         FROM (SELECT DISTINCT window_from FROM v_windows WHERE ${IN_RANGE} ORDER BY window_from DESC LIMIT {limit:UInt32}))
     ) AS c ON r.window_from = c.window_from
     GROUP BY feature, first ORDER BY feature, first`,
    { params: { ...paramsOf(place), rejudged: place.rejudged } },
  );
}

export interface SegmentResult extends ResultPoint {
  readonly segment: string;
}

/** The newest result of every series of every segment. */
export async function readSegmentResults(
  database: Database,
  place: Place,
): Promise<readonly SegmentResult[]> {
  return database.query<SegmentResult>(
    `SELECT segment, ${RESULT} FROM v_check_results WHERE ${IN_RANGE} AND segment != ''
     ORDER BY window_from DESC, segment, check, statistic LIMIT 1 BY segment, check, statistic`,
    { params: paramsOf(place) },
  );
}

/** The newest result of every other series of the whole model: volume, rules of the rows, many features together, groups of people. */
export async function readWholeResults(database: Database, place: Place): Promise<readonly ResultPoint[]> {
  return database.query<ResultPoint>(
    `SELECT * REPLACE (if(group = '', statistic, concat(statistic, ' of ', group)) AS statistic)
     FROM (SELECT feature AS group, ${RESULT} FROM v_check_results WHERE ${IN_RANGE} AND segment = '' AND (feature = '' AND NOT ${PERFORMANCE} OR ${GROUPS}))
     ORDER BY from DESC, check, statistic LIMIT 1 BY check, statistic`,
    { params: paramsOf(place) },
  );
}

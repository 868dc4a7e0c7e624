import { groupBy } from '../domain/group-by.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import type { MeasureRow } from './measure-row.js';
import {
  COUNTED,
  FEATURE_COLUMNS,
  FEATURE_SUMS,
  MEASURE_SUMS,
  MERGE_SETTINGS,
  performanceSums,
} from './merge-minutes.js';
import { profilesByBucket, type PerformanceRow, type ProfileRow } from './profile-row.js';

/** Consecutive windows of one model version, `[from, to)` on window boundaries; epoch ms. */
export interface AskedSpan {
  readonly model: string;
  readonly version: string;
  /** Id of the baseline; null while the model is learning. */
  readonly baseline: string | null;
  readonly from: number;
  readonly to: number;
  readonly widthMs: number;
}

const LISTS =
  '{places:Array(UInt32)}, {models:Array(String)}, {versions:Array(String)}, {baselines:Array(String)}, {since:Array(UInt32)}, {until:Array(UInt32)}';
const ASKED = `SELECT asked.1 AS place, asked.2 AS model, asked.3 AS version, asked.4 AS baseline, asked.5 AS since, asked.6 AS until
  FROM (SELECT arrayJoin(arrayZip(${LISTS})) AS asked)`;

/** Minutes of all that is asked for, each with the place of who asked. */
function minutesOf(table: string, columns: string, keys: readonly string[]): string {
  const same = keys.map((key) => `m.${key} = w.${key}`).join(' AND ');
  return `FROM (
    SELECT w.place AS place, intDiv(toUnixTimestamp(m.minute), {width:UInt32}) * {width:UInt32} AS bucket, ${columns}
    FROM (
      SELECT * FROM ${table} FINAL WHERE (${keys.join(', ')}) IN (SELECT ${keys.join(', ')} FROM (${ASKED}))
        AND minute >= {from:DateTime} AND minute < {to:DateTime}
    ) AS m INNER JOIN (${ASKED}) AS w ON ${same}
    WHERE toUnixTimestamp(m.minute) >= w.since AND toUnixTimestamp(m.minute) < w.until
  )`;
}

const OF_BASELINE = ['model', 'version', 'baseline'];
const PROFILES = `SELECT place, '' AS version, bucket, feature, ${FEATURE_SUMS}
  ${minutesOf('profiles_1m', FEATURE_COLUMNS, OF_BASELINE)} GROUP BY place, bucket, feature`;
const MEASURES = `SELECT place, '' AS version, bucket, rule, ${MEASURE_SUMS}
  ${minutesOf('measures_1m', 'rule, kind, sums', OF_BASELINE)} GROUP BY place, bucket, rule ORDER BY place, bucket, rule`;
const PERFORMANCE = `SELECT place, '' AS version, bucket, ${performanceSums('p')}
  FROM (SELECT * ${minutesOf('performance_1m', COUNTED.map((name) => `m.${name} AS ${name}`).join(', '), ['model', 'version'])}) AS p
  GROUP BY place, bucket`;

type Placed<Row> = Row & { readonly place: number };

/**
 * Window profiles of many model versions by the start of the window (epoch seconds), in the order asked: three statements for those of one width that are
 * near in time, however many versions they are of.
 */
export async function readWindowsOf(
  database: Database,
  asked: readonly AskedSpan[],
): Promise<readonly ReadonlyMap<number, WindowProfile>[]> {
  const found: ReadonlyMap<number, WindowProfile>[] = asked.map(() => new Map());
  for (const places of nearInTime(asked)) {
    const spans = places.flatMap((place) => asked[place] ?? []);
    const read = await readNear(database, spans);
    places.forEach((place, i) => (found[place] = read[i] ?? new Map()));
  }
  return found;
}

async function readNear(
  database: Database,
  spans: readonly AskedSpan[],
): Promise<readonly ReadonlyMap<number, WindowProfile>[]> {
  const seconds = (of: (span: AskedSpan) => number) => spans.map((span) => Math.floor(of(span) / 1000));
  const [since, until] = [seconds(({ from }) => from), seconds(({ to }) => to)];
  const params = {
    places: spans.map((_, i) => i),
    models: spans.map(({ model }) => model),
    versions: spans.map(({ version }) => version),
    baselines: spans.map(({ baseline }) => baseline ?? ''),
    since,
    until,
    width: (spans[0]?.widthMs ?? 0) / 1000,
    from: sqlSecond(new Date(1000 * since.reduce((a, b) => Math.min(a, b)))),
    to: sqlSecond(new Date(1000 * until.reduce((a, b) => Math.max(a, b)))),
  };
  const options = { params, settings: MERGE_SETTINGS, timeoutMs: 120_000 };
  const byPlace = async <Row>(sql: string) =>
    groupBy(await database.query<Placed<Row>>(sql, options), ({ place }) => place);
  const [features, performance, measures] = await Promise.all([
    byPlace<ProfileRow>(PROFILES),
    byPlace<PerformanceRow>(PERFORMANCE),
    byPlace<MeasureRow>(MEASURES),
  ]);
  return spans.map((_, i) => {
    const of = <Row>(rows: ReadonlyMap<number, readonly Row[]>) => rows.get(i) ?? [];
    return profilesByBucket(of(features), of(performance), of(measures));
  });
}

/** Windows apart that are still read together: the time between is read too. */
const MOST_WIDTHS_APART = 3;

/** Places of spans of one width that begin within a few windows of one another. */
function nearInTime(asked: readonly AskedSpan[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const [widthMs, places] of groupBy(asked.keys(), (place) => asked[place]?.widthMs ?? 0)) {
    let first = -Infinity;
    for (const place of places.toSorted((a, b) => (asked[a]?.from ?? 0) - (asked[b]?.from ?? 0))) {
      const from = asked[place]?.from ?? 0;
      if (from - first > MOST_WIDTHS_APART * widthMs) {
        first = from;
        groups.push([]);
      }
      groups.at(-1)?.push(place);
    }
  }
  return groups;
}

import type { CheckName, CheckResult, CheckState } from '../domain/check-result.js';
import { groupBy } from '../domain/group-by.js';
import { readInterpretations } from '../domain/interpretation.js';
import type { Database } from '../store/database.js';
import type { RecordedWindow } from '../windows/recorded-windows.js';

/** A judged window at its newest revision. Times are epoch milliseconds. */
export interface WindowRow {
  readonly model: string;
  readonly version: string;
  readonly from: number;
  readonly to: number;
  readonly revision: number;
  readonly predictions: number;
  readonly labelled: number;
}

export interface WindowQuery {
  readonly model: string;
  readonly version: string | null;
  /** Windows that start in `[since, until)`, epoch ms. */
  readonly since: number;
  readonly until: number;
  /** Only windows after this place in the list (newest first). */
  readonly after: { readonly from: number; readonly version: string } | null;
  readonly limit: number;
}

const LAST_SECOND = 4_294_967_295;
const second = (ms: number) => Math.min(LAST_SECOND, Math.max(0, Math.floor(ms / 1000)));

/** What of `windows` is asked for, whatever the page. */
const ASKED = `model = {model:String} AND ({version:String} = '' OR version = {version:String})
       AND window_from >= toDateTime({since:UInt32}, 'UTC') AND window_from < toDateTime({until:UInt32}, 'UTC')`;

/** How many windows a model has on all pages. */
export async function countWindows(
  database: Database,
  { model, version, since, until }: Omit<WindowQuery, 'after' | 'limit'>,
): Promise<number> {
  const params = { model, version: version ?? '', since: second(since), until: second(until) };
  const [row] = await database.query<{ readonly windows: number }>(
    `SELECT uniqExact(version, window_from) AS windows FROM windows WHERE ${ASKED}`,
    { params },
  );
  return row?.windows ?? 0;
}

/** Windows of a model, newest first. Counts are the newest known: labels that came after the judgement are in. */
export async function readWindows(database: Database, query: WindowQuery): Promise<readonly WindowRow[]> {
  const { model, version, after } = query;
  const params = {
    model,
    version: version ?? '',
    since: second(query.since),
    until: second(query.until),
    afterFrom: after ? second(after.from) : LAST_SECOND,
    afterVersion: after?.version ?? '',
    limit: query.limit,
  };
  return database.query<WindowRow>(
    `SELECT model, version, toUnixTimestamp(window_from) * 1000 AS from, toUnixTimestamp(any(window_to)) * 1000 AS to, max(w.revision) AS revision,
       max(w.predictions) AS predictions, max(w.labelled) AS labelled
     FROM windows AS w FINAL
     WHERE ${ASKED}
       AND (toUnixTimestamp(window_from) < {afterFrom:UInt32} OR (toUnixTimestamp(window_from) = {afterFrom:UInt32} AND version > {afterVersion:String}))
     GROUP BY model, version, window_from ORDER BY window_from DESC, version LIMIT {limit:UInt32}`,
    { params },
  );
}

/** Whether a verdict that is recorded is in the store, its results with it: the row of the window is stored last. */
export async function isWindowStored(
  database: Database,
  window: { readonly model: string; readonly version: string } & Pick<
    RecordedWindow,
    'from' | 'track' | 'revision'
  >,
): Promise<boolean> {
  const params = { ...window, from: second(window.from) };
  const rows = await database.query(
    `SELECT 1 FROM windows FINAL WHERE model = {model:String} AND version = {version:String} AND track = {track:String}
       AND window_from = toDateTime({from:UInt32}, 'UTC') AND revision >= {revision:UInt32}`,
    { params },
  );
  return rows.length > 0;
}

export interface ResultQuery {
  readonly model: string;
  readonly windows: readonly { readonly version: string; readonly from: number }[];
  readonly feature: string | null;
  readonly check: string | null;
}

interface ResultRow {
  readonly version: string;
  readonly from: number;
  readonly check: CheckName;
  readonly feature: string;
  readonly segment: string;
  readonly statistic: string;
  readonly value: number | null;
  readonly n: number;
  readonly state: CheckState;
  readonly evidence: number | null;
  readonly effect: number | null;
  readonly since: number | null;
  readonly restsFrom: number | null;
  readonly explanation: string;
  readonly readAs: string;
  readonly explainedBy: readonly string[];
}

/** Columns of a result, of a table called `r`. */
const RESULT = `version, toUnixTimestamp(window_from) * 1000 AS from, check, feature, segment, statistic, if(isNaN(r.value), NULL, r.value) AS value, n, state,
       if(isNaN(r.evidence), NULL, r.evidence) AS evidence, if(isNaN(r.effect), NULL, r.effect) AS effect, toUnixTimestamp(r.since) * 1000 AS since, toUnixTimestamp(r.rests_from) * 1000 AS restsFrom, explanation, explained_by AS explainedBy, read_as AS readAs`;

/** Results of one window as each of its judgements left them, by revision, in the order that they were judged in. */
export async function resultsByRevision(
  database: Database,
  window: { readonly model: string; readonly version: string; readonly from: number },
): Promise<ReadonlyMap<number, readonly CheckResult[]>> {
  const rows = await database.query<ResultRow & { readonly revision: number }>(
    `SELECT ${RESULT}, revision FROM check_results AS r FINAL
     WHERE model = {model:String} AND version = {version:String} AND window_from = toDateTime({from:UInt32}, 'UTC') ORDER BY revision, place`,
    { params: { ...window, from: second(window.from) } },
  );
  const found = groupBy(rows, ({ revision }) => revision);
  return new Map(
    [...found].map(([revision, own]) => [
      revision,
      own.map(({ revision: _revision, ...row }) => resultOf(row)),
    ]),
  );
}

/** Results of windows, each at the newest revision that has it, by `version` and start (`<version>\0<epoch ms>`). */
export async function readResults(
  database: Database,
  query: ResultQuery,
): Promise<Map<string, CheckResult[]>> {
  const found = new Map<string, CheckResult[]>();
  if (query.windows.length === 0) return found;
  const params = {
    model: query.model,
    versions: [...new Set(query.windows.map((window) => window.version))],
    starts: [...new Set(query.windows.map((window) => second(window.from)))],
    feature: query.feature ?? '',
    check: query.check ?? '',
  };
  const rows = await database.query<ResultRow>(
    `SELECT ${RESULT}
     FROM check_results AS r FINAL
     WHERE model = {model:String} AND version IN {versions:Array(String)} AND toUnixTimestamp(window_from) IN {starts:Array(UInt32)}
       AND ({feature:String} = '' OR feature = {feature:String}) AND ({check:String} = '' OR check = {check:String})
     ORDER BY window_from, check, feature, segment, statistic, revision DESC LIMIT 1 BY version, window_from, check, feature, segment, statistic`,
    { params },
  );
  for (const row of rows) {
    const key = windowKey(row);
    const list = found.get(key);
    if (list) list.push(resultOf(row));
    else found.set(key, [resultOf(row)]);
  }
  return found;
}

export function windowKey({ version, from }: { readonly version: string; readonly from: number }): string {
  return `${version}\0${from}`;
}

function resultOf({
  version: _version,
  from: _from,
  explainedBy,
  segment,
  restsFrom,
  readAs,
  ...row
}: ResultRow): CheckResult {
  const read = readAs === '' ? [] : readInterpretations(JSON.parse(readAs));
  return {
    ...row,
    ...(restsFrom === null ? {} : { restsFrom: new Date(restsFrom) }),
    ...(segment === '' ? {} : { segment }),
    ...(explainedBy.length > 0 ? { explainedBy } : {}),
    ...(read.length > 0 ? { readAs: read } : {}),
    feature: row.feature === '' ? null : row.feature,
    since: row.since === null ? null : new Date(row.since),
    explanation: row.explanation === '' ? null : row.explanation,
  };
}

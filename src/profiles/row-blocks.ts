import { versionPlace } from '../domain/version-place.js';
import { addAll } from '../domain/add-all.js';
import { IN_SPAN, SPAN, unrepeated } from './own-rows.js';
import type { Constraint } from '../domain/constraint.js';
import { environmentNames, type Model } from '../domain/model.js';
import { kindOf } from '../constraints/catalogue.js';
import type { Carried } from '../constraints/constraint-kind.js';
import type { RowBlock } from '../constraints/row-block.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { asDeclaredBy, type Declared, declaredOf } from './declared-types.js';
import { labelsOfRows, NEWEST_LABEL } from './newest-label.js';
import { scoreBin } from './performance-sql.js';
import { CLIP } from '../constraints/judgement.js';
import { ANSWERED } from '../constraints/answered.js';

/** Minutes of one model version to be read: epoch seconds, ascending. */
export interface AskedMinutes {
  readonly model: Model;
  readonly version: string;
  readonly minutes: readonly number[];
}

/** What is asked for beside the features. */
export interface Wanted {
  readonly protected: boolean;
  readonly attributions: boolean;
  readonly scores: boolean;
  /** How calls went: where the source has failed ones too. */
  readonly calls: boolean;
  /** The minute of each row: where a block is longer than a minute. */
  readonly minutes: boolean;
  readonly segment: boolean;
  /** Features as their model files declare them, whatever they were sent as. */
  readonly declared: boolean;
}

/** The columns that only some constraints read. */
export function wantedBy(rules: readonly Constraint[]): Pick<Wanted, Carried> {
  const carried = new Set(rules.map((rule) => kindOf(rule).carried?.(rule) ?? null));
  return {
    protected: carried.has('protected'),
    attributions: carried.has('attributions'),
    scores: carried.has('scores'),
    segment: carried.has('segment'),
  };
}

const ASKED = `SELECT asked.1, asked.2, asked.3, toDateTime(arrayJoin(asked.4), 'UTC')
  FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {environments:Array(String)}, {minutes:Array(Array(UInt32))})) AS asked)`;
/** Rows of the minutes asked for, as {@link bound} binds them. */
export const WHERE = `${IN_SPAN} AND (model, version, environment, toStartOfMinute(ts)) IN (${ASKED})
  AND ${unrepeated(SPAN)}`;
const SCORE = `least(greatest(score, ${CLIP}), ${1 - CLIP})`;

const half = (hash: string, part: 'low' | 'high') =>
  part === 'low' ? `toUInt32(bitAnd(${hash}, 4294967295))` : `toUInt32(bitShiftRight(${hash}, 32))`;

/** Rows to be read as blocks: a FROM clause that gives columns of `predictions` with `labelled`, `actual` and `actual_value` beside. */
interface BlockSource {
  readonly from: string;
  /** Start of the stretch that a row lies in, epoch seconds, over `ts`; it splits no minute. */
  readonly bucket: string;
  /** Whether rows of different model versions are told apart. */
  readonly apart: boolean;
}

/** One statement for rows of any number of models: a line a stretch of time, layout and model version. */
function blocksOf({ from, bucket, apart }: BlockSource, wanted: Omit<Wanted, 'declared'>): string {
  const carried = (name: 'protected' | 'attributions' | 'scores' | 'segment') =>
    wanted[name] ? `, groupArray(${name}) AS ${name}` : `, [] AS ${name}`;
  const stream = apart ? 'model, version, ' : '';
  return `SELECT ${apart ? stream : `'' AS model, '' AS version, `}start AS minute, keys AS numbers, terms AS words, nulls, failed, count() AS rows,
    uniqExact((second, content)) AS contents,
    groupArray(mapValues(num)) AS numberValues, groupArray(mapValues(cat)) AS wordValues, groupArray(label) AS label, groupArray(score) AS score,
    groupArray(value) AS value, groupArray(${half('id', 'low')}) AS idLow, groupArray(${half('id', 'high')}) AS idHigh,
    groupArray(${half('hash', 'low')}) AS valuesLow, groupArray(${half('hash', 'high')}) AS valuesHigh, groupArray(has_label) AS labelled, groupArray(truth) AS actual,
    groupArrayIf([truth_value, toFloat64(log_odds), toFloat64(equal), loss_positive, loss_negative, loss_class], has_label) AS judged,
    ${wanted.calls ? 'groupArray(toFloat64(latency_ms))' : '[]'} AS latency, ${wanted.minutes ? 'groupArray(second)' : '[]'} AS minutes,
    toString(now64(6)) AS readAt${carried('protected')}${carried('attributions')}${carried('scores')}${carried('segment')}
  FROM (
    SELECT *, ${bucket} AS start, toUnixTimestamp(toStartOfMinute(ts)) AS second, mapKeys(num) AS keys, mapKeys(cat) AS terms,
      cityHash64(num, cat, nulls) AS content, cityHash64(mapValues(num), mapValues(cat)) AS hash, cityHash64(prediction_id) AS id,
      ${wanted.calls ? `NOT (${ANSWERED})` : 'toUInt8(0)'} AS failed, labelled AND NOT failed AS has_label, toString(actual) AS truth, actual_value AS truth_value,
      ${scoreBin('logOdds')} AS log_odds, ${scoreBin('equal')} AS equal, -log(${SCORE}) AS loss_positive, -log(1 - ${SCORE}) AS loss_negative,
      if(empty(scores), nan, -log(greatest(scores[actual], ${CLIP}))) AS loss_class
    ${from}
  ) GROUP BY ${stream}start, keys, terms, nulls, failed ORDER BY ${stream}start`;
}

/** Rows of the minutes of all that is asked for, with their newest label. */
function askedRows({ declared: isDeclared }: Wanted): string {
  const lists = {
    numbers: declared('declaredNumbers'),
    words: declared('declaredWords'),
    booleans: declared('declaredBooleans'),
  };
  const restated = isDeclared ? `* REPLACE (${asDeclaredBy(lists)})` : '*';
  return withLabels(`SELECT ${restated} FROM (
      SELECT model, version, ts, prediction_id, num, cat, nulls, label, score, value, scores, status, latency_ms, protected, attributions, segment
      FROM predictions FINAL WHERE ${WHERE}
    )`);
}

/** Rows of the minutes asked for with their newest label, as a FROM clause: `labelled`, `actual`, `actual_value` and `actual_at` beside their columns. */
export function withLabels(rows: string): string {
  return `FROM (
      SELECT p.*, l.actual != '' OR isNotNull(l.seen) AS labelled, l.actual AS actual, l.actual_value AS actual_value, l.actual_at AS actual_at
      FROM (${rows}) AS p
      LEFT ANY JOIN (
        SELECT model, prediction_id, ${NEWEST_LABEL}, max(labelled_at) AS actual_at, toNullable(1) AS seen
        FROM labels WHERE ${labelsOfRows('model, prediction_id', `FROM predictions WHERE ${WHERE}`)} GROUP BY model, prediction_id
      ) AS l ON p.model = l.model AND p.prediction_id = l.prediction_id
    )`;
}

/** A model's declared features, out of a list by model. */
const declared = (name: string) => `{${name}:Map(String, Array(String))}[toString(model)]`;

const SETTINGS = { max_query_size: 10_000_000 } as const;

/** How many rows each stream has in the minutes asked for, in the order asked. */
export async function rowsAsked(
  database: Database,
  asked: readonly AskedMinutes[],
): Promise<readonly number[]> {
  const found = await database.query<{ model: string; version: string; rows: number }>(
    `SELECT model, version, count() AS rows FROM predictions WHERE ${WHERE} GROUP BY model, version`,
    { params: bound(asked), settings: SETTINGS, timeoutMs: 120_000 },
  );
  const rows = new Map(found.map((one) => [versionPlace(one.model, one.version), one.rows]));
  return asked.map(({ model, version }) => rows.get(versionPlace(model.key, version)) ?? 0);
}

/** The rows of many streams, by minute and layout. */
export async function readBlocks(
  database: Database,
  asked: readonly AskedMinutes[],
  wanted: Wanted,
): Promise<readonly RowBlock[]> {
  const params = { ...bound(asked), ...(wanted.declared ? declaredLists(asked) : {}) };
  const source = { from: askedRows(wanted), bucket: 'toUnixTimestamp(toStartOfMinute(ts))', apart: true };
  return database.query<RowBlock>(blocksOf(source, wanted), {
    params,
    settings: SETTINGS,
    timeoutMs: 120_000,
  });
}

/** The rows of a reference, by stretch and layout, part by part: one of `parts` at a time, rows of the same content in the same. */
export async function readReferenceBlocks(
  database: Database,
  {
    from,
    bucket,
    params,
  }: Omit<BlockSource, 'apart'> & { readonly params: Readonly<Record<string, unknown>> },
  wanted: Omit<Wanted, 'declared'>,
  parts: number,
): Promise<readonly RowBlock[]> {
  const found: RowBlock[] = [];
  for (let part = 0; part < parts; part += 1) {
    const rows = `FROM (SELECT * ${from}) WHERE cityHash64(num, cat, nulls) % ${parts} = ${part}`;
    const sql = blocksOf({ from: rows, bucket, apart: false }, wanted);
    addAll(found, await database.query<RowBlock>(sql, { params, settings: SETTINGS, timeoutMs: 600_000 }));
  }
  return found;
}

export function bound(asked: readonly AskedMinutes[]) {
  const lines = asked.flatMap(({ model, version, minutes }) =>
    environmentNames(model).map((environment) => ({ model: model.key, version, environment, minutes })),
  );
  let [first, last] = [Infinity, 0];
  for (const { minutes } of asked) {
    first = Math.min(first, minutes[0] ?? Infinity);
    last = Math.max(last, minutes.at(-1) ?? 0);
  }
  return {
    models: lines.map(({ model }) => model),
    versions: lines.map(({ version }) => version),
    environments: lines.map(({ environment }) => environment),
    minutes: lines.map(({ minutes }) => minutes),
    from: sqlSecond(new Date((Number.isFinite(first) ? first : 0) * 1000)),
    to: sqlSecond(new Date((last + 60) * 1000)),
  };
}

function declaredLists(asked: readonly AskedMinutes[]) {
  const by = (names: keyof Declared) =>
    new Map(asked.map(({ model }) => [model.key, declaredOf(model)[names]]));
  return { declaredNumbers: by('numbers'), declaredWords: by('words'), declaredBooleans: by('booleans') };
}

import { addAll } from '../domain/add-all.js';
import { boundedGroups, groupBy } from '../domain/group-by.js';
import { environmentNames, type Model } from '../domain/model.js';
import { closeTogether } from '../store/close-together.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { labelsOfRows, NEWEST, NEWEST_LABEL } from './newest-label.js';
import { IN_SPAN, SPAN, unrepeated, type Arrived } from './own-rows.js';
import { MARK_GROUPS, markSql, marksSql } from './row-marks.js';

/** A window whose rows are asked for: its start, epoch ms. */
export interface AskedRows {
  readonly model: Model;
  readonly version: string;
  readonly from: number;
  /** What had arrived by then is summed apart as well; null where nobody asks. */
  readonly by: Arrived | null;
}

/** What a number of rows or labels hold. */
export interface RowsDigest {
  readonly count: number;
  /** Sum of the SHA-256 of each, modulo 2^256, hex: the same in whatever order and part of the table they lie. */
  readonly digest: string;
  /** When the last of them arrived, epoch ms; 0 where there is none. */
  readonly arrived: number;
}

/** What the labels of a window's rows say now. */
export interface FoundLabels extends RowsDigest {
  /** Of all that are stored, also of rows that do not count, as text (row-marks.ts). */
  readonly marks: string;
  /** Of those that had arrived by the instant that was asked. */
  readonly marksBefore: string;
}

/** What the rows of a window hold now. */
export interface FoundRows extends FoundLabels {
  /** Of them, those that had arrived by the instant that was asked. */
  readonly before: Pick<RowsDigest, 'count' | 'digest'>;
}

/** Everything that a sender says of a prediction; how and when it came is left out, for the same one may come twice. */
const COLUMNS =
  'model, version, environment, ts, prediction_id, num, cat, nulls, label, score, value, scores, segment, protected, attributions, subject, status, latency_ms, tags';
const hashed = (columns: string) => `reinterpretAsUInt256(SHA256(formatRow('RowBinary', ${columns})))`;
const hex = (sum: string) => `lower(leftPad(hex(${sum}), 64, '0'))`;

const STREAM = `concat(toString(model), '@', toString(version))`;
const WIDTH = `transform(${STREAM}, {streams:Array(String)}, {widths:Array(UInt32)}, toUInt32(1))`;
const START = `intDiv(toUnixTimestamp(ts), ${WIDTH}) * ${WIDTH}`;
const PLACE = `concat(${STREAM}, '@', toString(${START}))`;
const WHERE = `model IN {models:Array(String)} AND version IN {versions:Array(String)} AND ${IN_SPAN} AND ${PLACE} IN {places:Array(String)}`;
/** Rows that count. Others are marked as well: a row may come to be one of those without anybody's writing the store. */
const COUNTS = `concat(toString(model), '@', toString(environment)) IN {environments:Array(String)} AND ${unrepeated(SPAN, 'model IN {models:Array(String)}')}`;
const GROUP = `toUInt16(cityHash64(prediction_id) % ${MARK_GROUPS})`;
/** Where a row came from, and when: one that is sent again comes from elsewhere, one that is edited where it lies does not. */
const SOURCE = 'prediction_id, topic, partition, offset, ingested_at';
const PLACED = `cityHash64(${SOURCE})`;
/** How a row of `predictions` is marked, in SQL: the group of its id, where it came from, what it says (as `UInt256`). */
export const ROW_MARK = { group: GROUP, source: PLACED, said: hashed(COLUMNS) } as const;
/** What a label `l` of {@link newestLabels} says, in SQL. */
export const LABEL_SAID = hashed('l.prediction_id, l.actual, l.actual_value');

/** The newest label of each of the predictions that a statement `FROM predictions …` finds, in SQL: when it came, where from, and when it was given. */
export function newestLabels(rows: string, more = ''): string {
  return `SELECT toString(model) AS model, prediction_id, ${NEWEST_LABEL}, max(ingested_at) AS came,
          argMax((cityHash64(${SOURCE}, labelled_at), ingested_at, labelled_at${more}), ${NEWEST}) AS newest
        FROM labels WHERE ${labelsOfRows('model, prediction_id', rows)} GROUP BY model, prediction_id`;
}

const hadCome = (came: string, by: 'by' | 'labelsBy') =>
  `toUnixTimestamp64Milli(${came}) <= transform(place, {places:Array(String)}, {${by}:Array(Int64)}, toInt64(0))`;
/** Of groups of a window, so that one statement gives the digest of all and the mark of each. */
const GROUPED = `place, grouped, countIf(isOwn) AS ownCount, sumWithOverflowIf(said, isOwn) AS ownSum, toUnixTimestamp64Milli(maxIf(came, isOwn)) AS newest`;
const DIGESTED = `place, sum(ownCount) AS count, ${hex('sumWithOverflow(ownSum)')} AS digest, max(newest) AS arrived, ${marksSql('mark')} AS marks, ${marksSql('markBefore')} AS marksBefore`;
const MARKS = `${marked('true')} AS mark, ${marked('isBefore AND {asksBefore:Bool}')} AS markBefore`;

function marked(isIn: string): string {
  return markSql('grouped', { places: 'source', contents: 'toUInt64(said)' }, `isMarked AND ${isIn}`);
}

const ROWS = `
  SELECT ${DIGESTED}, sum(ownCountBefore) AS countBefore, ${hex('sumWithOverflow(ownSumBefore)')} AS digestBefore
  FROM (
    SELECT ${GROUPED}, countIf(isOwn AND isBefore) AS ownCountBefore, sumWithOverflowIf(said, isOwn AND isBefore) AS ownSumBefore, ${MARKS}
    FROM (
      SELECT ${PLACE} AS place, ${ROW_MARK.group} AS grouped, ${ROW_MARK.source} AS source, ${ROW_MARK.said} AS said, ingested_at AS came, true AS isMarked,
        ${COUNTS} AS isOwn, ${hadCome('ingested_at', 'by')} AS isBefore
      FROM predictions FINAL WHERE ${WHERE}
    ) GROUP BY place, grouped
  ) GROUP BY place`;
/** Labels that were given before the window began are not marked: what is deleted for its age is told by that of its window. */
const LABELS = `
  SELECT ${DIGESTED}
  FROM (
    SELECT ${GROUPED}, ${MARKS}
    FROM (
      SELECT p.place AS place, p.grouped AS grouped, p.isOwn AS isOwn, l.newest.1 AS source, l.came AS came, toUnixTimestamp(l.newest.3) >= p.start AS isMarked,
        p.hadCome AND ${hadCome('l.newest.2', 'labelsBy')} AS isBefore, ${LABEL_SAID} AS said
      FROM (
        SELECT toString(model) AS model, prediction_id, ${PLACE} AS place, ${START} AS start, ${GROUP} AS grouped, ${COUNTS} AS isOwn, ${hadCome('ingested_at', 'by')} AS hadCome
        FROM predictions FINAL WHERE ${WHERE}
      ) AS p
      INNER JOIN (
        ${newestLabels(`FROM predictions WHERE ${WHERE}`)}
      ) AS l ON p.model = l.model AND p.prediction_id = l.prediction_id
    ) GROUP BY place, grouped
  ) GROUP BY place`;

const NONE: FoundLabels = { count: 0, digest: '0'.repeat(64), arrived: 0, marks: '', marksBefore: '' };
/** So many windows in one statement, whose text may not be longer than 256 KiB. */
const DIGESTED_AT_ONCE = 500;

type LabelsLine = FoundLabels & { readonly place: string };
type RowsLine = LabelsLine & { readonly countBefore: number; readonly digestBefore: string };

/** What the stored rows of windows hold, in the order asked: each row is read once, whole. */
export async function digestRows(
  database: Database,
  asked: readonly AskedRows[],
): Promise<readonly FoundRows[]> {
  const found = await read<RowsLine>(database, asked, ROWS);
  return asked.map((one) => {
    const line = found.get(placeOf(one));
    const before = { count: line?.countBefore ?? 0, digest: line?.digestBefore ?? NONE.digest };
    return { ...labelsOf(line), before };
  });
}

/** What the newest labels of the rows of windows say, in the order asked. */
export async function digestLabels(
  database: Database,
  asked: readonly AskedRows[],
): Promise<readonly FoundLabels[]> {
  const found = await read<LabelsLine>(database, asked, LABELS);
  return asked.map((one) => labelsOf(found.get(placeOf(one))));
}

function labelsOf({ count, digest, arrived, marks, marksBefore }: FoundLabels = NONE): FoundLabels {
  return { count, digest, arrived, marks, marksBefore };
}

async function read<Line extends { readonly place: string }>(
  database: Database,
  asked: readonly AskedRows[],
  sql: string,
): Promise<ReadonlyMap<string, Line>> {
  const lines: Line[] = [];
  for (const near of closeTogether(asked, ({ from }) => from))
    for (const some of boundedGroups(near, () => 1, DIGESTED_AT_ONCE))
      addAll(lines, await database.query<Line>(sql, { params: bound(some), timeoutMs: 300_000 }));
  return new Map(lines.map((line) => [line.place, line]));
}

function bound(asked: readonly AskedRows[]): Readonly<Record<string, unknown>> {
  const streams = groupBy(asked, streamOf);
  const models = [...new Map(asked.map(({ model }) => [model.key, model])).values()];
  const starts = asked.map(({ from }) => from);
  const ends = asked.map(({ from, model }) => from + model.window);
  return {
    models: models.map(({ key }) => key),
    versions: [...new Set(asked.map(({ version }) => version))],
    environments: models.flatMap((model) => environmentNames(model).map((name) => `${model.key}@${name}`)),
    streams: [...streams.keys()],
    widths: [...streams.values()].map(([one]) => (one?.model.window ?? 1000) / 1000),
    places: asked.map(placeOf),
    by: asked.map(({ by }) => by?.rows ?? Number.MAX_SAFE_INTEGER),
    labelsBy: asked.map(({ by }) => by?.labels ?? Number.MAX_SAFE_INTEGER),
    asksBefore: asked.some(({ by }) => by !== null),
    from: sqlSecond(new Date(Math.min(...starts))),
    to: sqlSecond(new Date(Math.max(...ends))),
  };
}

function streamOf({ model, version }: AskedRows): string {
  return `${model.key}@${version}`;
}

function placeOf(asked: AskedRows): string {
  return `${streamOf(asked)}@${Math.floor(asked.from / 1000)}`;
}

import { addAll } from '../domain/add-all.js';
import { boundedGroups, groupBy } from '../domain/group-by.js';
import { environmentNames, type Model } from '../domain/model.js';
import { closeTogether } from '../store/close-together.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { labelsOfRows, NEWEST_LABEL } from './newest-label.js';
import { IN_SPAN, SPAN, unrepeated } from './own-rows.js';

/** A window whose rows are asked for: its start, epoch ms. */
export interface AskedRows {
  readonly model: Model;
  readonly version: string;
  readonly from: number;
  /** The rows that had arrived by then (epoch ms) are summed apart as well; null where nobody asks. */
  readonly by: number | null;
}

/** What a number of rows or labels hold. */
export interface RowsDigest {
  readonly count: number;
  /** Sum of the SHA-256 of each, modulo 2^256, hex: the same in whatever order and part of the table they lie. */
  readonly digest: string;
  /** When the last of them arrived, epoch ms; 0 where there is none. */
  readonly arrived: number;
}

/** What the rows of a window hold now. */
export interface FoundRows extends RowsDigest {
  /** Of them, those that had arrived by the instant that was asked. */
  readonly before: Pick<RowsDigest, 'count' | 'digest'>;
}

/** Everything that a sender says of a prediction; how and when it came is left out, for the same one may come twice. */
const SAID =
  'model, version, environment, ts, prediction_id, num, cat, nulls, label, score, value, scores, segment, protected, attributions, subject, status, latency_ms, tags';
const hashed = (columns: string) => `reinterpretAsUInt256(SHA256(formatRow('RowBinary', ${columns})))`;
const hex = (sum: string) => `lower(leftPad(hex(${sum}), 64, '0'))`;

const STREAM = `concat(toString(model), '@', toString(version))`;
const WIDTH = `transform(${STREAM}, {streams:Array(String)}, {widths:Array(UInt32)}, toUInt32(1))`;
const PLACE = `concat(${STREAM}, '@', toString(intDiv(toUnixTimestamp(ts), ${WIDTH}) * ${WIDTH}))`;
const WHERE = `model IN {models:Array(String)} AND version IN {versions:Array(String)} AND ${IN_SPAN}
  AND concat(toString(model), '@', toString(environment)) IN {environments:Array(String)} AND ${PLACE} IN {places:Array(String)}
  AND ${unrepeated(SPAN, 'model IN {models:Array(String)}')}`;
const ROWS = `
  SELECT place, count() AS count, ${hex('sumWithOverflow(own)')} AS digest, toUnixTimestamp64Milli(max(came)) AS arrived,
    countIf(isBefore) AS countBefore, ${hex('sumWithOverflowIf(own, isBefore)')} AS digestBefore
  FROM (
    SELECT ${PLACE} AS place, ${hashed(SAID)} AS own, ingested_at AS came,
      toUnixTimestamp64Milli(ingested_at) <= transform(place, {places:Array(String)}, {by:Array(Int64)}, toInt64(0)) AS isBefore
    FROM predictions FINAL WHERE ${WHERE}
  ) GROUP BY place`;
const LABELS = `
  SELECT p.place AS place, count() AS count, ${hex(`sumWithOverflow(${hashed('l.prediction_id, l.actual, l.actual_value')})`)} AS digest,
    toUnixTimestamp64Milli(max(l.came)) AS arrived
  FROM (SELECT toString(model) AS model, prediction_id, ${PLACE} AS place FROM predictions FINAL WHERE ${WHERE}) AS p
  INNER JOIN (
    SELECT toString(model) AS model, prediction_id, ${NEWEST_LABEL}, max(ingested_at) AS came
    FROM labels WHERE ${labelsOfRows('model, prediction_id', `FROM predictions WHERE ${WHERE}`)} GROUP BY model, prediction_id
  ) AS l ON p.model = l.model AND p.prediction_id = l.prediction_id
  GROUP BY p.place`;

const NONE: RowsDigest = { count: 0, digest: '0'.repeat(64), arrived: 0 };
/** So many windows in one statement, whose text may not be longer than 256 KiB. */
const DIGESTED_AT_ONCE = 500;

interface RowsLine extends RowsDigest {
  readonly place: string;
  readonly countBefore: number;
  readonly digestBefore: string;
}

/** What the stored rows of windows hold, in the order asked: each row is read once, whole. */
export async function digestRows(
  database: Database,
  asked: readonly AskedRows[],
): Promise<readonly FoundRows[]> {
  const found = await read<RowsLine>(database, asked, ROWS);
  return asked.map((one) => {
    const { countBefore, digestBefore, ...line } = found.get(placeOf(one)) ?? NO_LINE;
    const { count, digest, arrived } = line;
    return { count, digest, arrived, before: { count: countBefore, digest: digestBefore } };
  });
}

const NO_LINE: RowsLine = { ...NONE, place: '', countBefore: 0, digestBefore: NONE.digest };

/** What the newest labels of the rows of windows say, in the order asked. */
export async function digestLabels(
  database: Database,
  asked: readonly AskedRows[],
): Promise<readonly RowsDigest[]> {
  const found = await read<RowsDigest & { readonly place: string }>(database, asked, LABELS);
  return asked.map((one) => {
    const { count, digest, arrived } = found.get(placeOf(one)) ?? NONE;
    return { count, digest, arrived };
  });
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
    by: asked.map(({ by }) => by ?? Number.MAX_SAFE_INTEGER),
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

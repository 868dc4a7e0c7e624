import { addAll } from '../domain/add-all.js';
import type { Database } from '../store/database.js';
import { LEAST_HELD } from './booked-version.js';
import {
  NEWEST,
  STORED,
  type OpenMinutes,
  type StoredVersion,
  type StoredWindow,
} from './window.repository.js';

/** Numbers of a version's judged windows, and the start of the first that can still change, epoch ms. */
export interface VersionTotals extends StoredVersion {
  readonly heldFrom: number;
  /** How many were judged from then on, and of how many the labels were. */
  readonly held: { readonly judged: number; readonly labels: number };
}

/** Starts of windows of a version, epoch seconds: judged ones, and those whose labels were. */
export interface HeldStarts {
  readonly judged: readonly number[];
  readonly labels: readonly number[];
}

/** A version, and from when on something of it is wanted, epoch ms. */
export interface WantedFrom {
  readonly model: string;
  readonly version: string;
  readonly from: number;
}

interface TotalsRow extends Omit<VersionTotals, 'judged' | 'held'> {
  readonly inputs: number;
  readonly labels: number;
  readonly heldJudged: number;
  readonly heldLabels: number;
}

const start = (bitmap: string, end: 'Min' | 'Max') =>
  `if(bitmapCardinality(${bitmap}) = 0, NULL, toInt64(bitmap${end}(${bitmap})) * 1000)`;
const since = (bitmap: string, second: string) =>
  `bitmapSubsetInRange(${bitmap}, toUInt32(${second}), toUInt32(4294967295))`;
/** All models where none is named. */
const TOTALS = `
  SELECT model, version, toInt64(closed) * 1000 AS closedTo, toInt64(widths) * 1000 AS widthMs, mark AS watermark,
    ${start('filled', 'Min')} AS firstRow, ${start('filled', 'Max')} AS lastRow, ${start('truths', 'Min')} AS firstLabelled,
    bitmapCardinality(filled) AS inputs, bitmapAndCardinality(truths, known) AS labels,
    toInt64(least(bitmapMin(subBitmap(starts, toUInt64(greatest(0, toInt64(bitmapCardinality(starts)) - ${LEAST_HELD})), ${LEAST_HELD})),
      if(bitmapAndnotCardinality(starts, known) = 0, 4294967295, bitmapMin(bitmapAndnot(starts, known))))) * 1000 AS heldFrom,
    bitmapCardinality(${since('starts', 'intDiv(heldFrom, 1000)')}) AS heldJudged, bitmapCardinality(${since('known', 'intDiv(heldFrom, 1000)')}) AS heldLabels
  FROM (
    SELECT t.model AS model, t.version AS version, max(t.closed_to) AS closed, argMaxMerge(t.width) AS widths, max(toUnixTimestamp64Milli(t.watermark)) AS mark,
      groupBitmapMergeState(t.judged) AS starts, groupBitmapMergeState(t.judged_labels) AS known, groupBitmapMergeState(t.with_rows) AS filled, groupBitmapMergeState(t.with_labels) AS truths
    FROM window_totals AS t WHERE empty({models:Array(String)}) OR has({models:Array(String)}, t.model) GROUP BY t.model, t.version
  )`;

const STARTS = `
  SELECT bitmapToArray(${since('groupBitmapMergeState(judged)', '{from:Int64}')}) AS judged, bitmapToArray(${since('groupBitmapMergeState(judged_labels)', '{from:Int64}')}) AS labels
  FROM window_totals WHERE model = {model:String} AND version = {version:String}`;

const ASKED =
  'SELECT asked.1 AS model, asked.2 AS version, asked.3 AS since FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {sinces:Array(UInt32)})) AS asked)';
const OF_ASKED = (alias: string) =>
  `INNER JOIN (${ASKED}) AS a ON ${alias}.model = a.model AND ${alias}.version = a.version WHERE (${alias}.model, ${alias}.version) IN (SELECT model, version FROM (${ASKED}))`;
const HELD = `SELECT ${STORED} FROM windows AS w FINAL ${OF_ASKED('w')}
  AND w.window_from >= fromUnixTimestamp({from:Int64}) AND toUnixTimestamp(w.window_from) >= a.since ${NEWEST}`;
const UNJUDGED = `SELECT m.model AS model, m.version AS version, arraySort(groupUniqArray(toUnixTimestamp(m.minute))) AS minutes
  FROM performance_1m AS m ${OF_ASKED('m')} AND m.minute >= fromUnixTimestamp({from:Int64}) AND toUnixTimestamp(m.minute) >= a.since GROUP BY m.model, m.version`;

/** So far apart in time may versions be that are read for together: one that ended long ago must not have the others' past read. */
const GROUP_SPAN_MS = 31 * 86_400_000;
const TOTALS_WITHIN_MS = 120_000;

/** What a start needs of judged windows: by statements that read what can still change, and of all the rest one row a version. */
export class WindowTotals {
  constructor(private readonly database: Database) {}

  /** Numbers of everything that was judged, by version; of some models, or of all for null. */
  async versions(models: readonly string[] | null): Promise<readonly VersionTotals[]> {
    const params = { models: models ?? [] };
    const rows = await this.database.query<TotalsRow>(TOTALS, { params, timeoutMs: TOTALS_WITHIN_MS });
    return rows.map(({ inputs, labels, heldJudged, heldLabels, ...row }) => ({
      ...row,
      judged: { inputs, labels },
      held: { judged: heldJudged, labels: heldLabels },
    }));
  }

  /** Windows of a version that start at an instant, epoch ms, or later, as they were once stored. */
  async startsSince({ model, version, from }: WantedFrom): Promise<HeldStarts> {
    const params = { model, version, from: seconds(from) };
    const [row] = await this.database.query<HeldStarts>(STARTS, { params });
    return row ?? { judged: [], labels: [] };
  }

  /** The newest judgement of every window and track of versions that can still change: from the first whose labels wait on, and the newest in any case. */
  async changeable(versions: readonly VersionTotals[]): Promise<readonly StoredWindow[]> {
    const wanted = versions.map(({ model, version, heldFrom }) => ({ model, version, from: heldFrom }));
    return this.read<StoredWindow>(HELD, wanted);
  }

  /** Minutes with rows of versions from an instant on, epoch seconds: what no judged window holds yet. */
  async unjudged(wanted: readonly WantedFrom[]): Promise<readonly OpenMinutes[]> {
    return this.read<OpenMinutes>(UNJUDGED, wanted);
  }

  private async read<Row>(sql: string, wanted: readonly WantedFrom[]): Promise<readonly Row[]> {
    const found: Row[] = [];
    for (const some of closeInTime(wanted)) {
      const params = {
        models: some.map(({ model }) => model),
        versions: some.map(({ version }) => version),
        sinces: some.map(({ from }) => seconds(from)),
        from: seconds(some[0]?.from ?? 0),
      };
      const settings = { do_not_merge_across_partitions_select_final: 1 };
      addAll(found, await this.database.query<Row>(sql, { params, settings, timeoutMs: TOTALS_WITHIN_MS }));
    }
    return found;
  }
}

const seconds = (ms: number) => Math.floor(ms / 1000);

/** Versions in groups, each in order of time and close together. */
export function closeInTime<One extends Pick<WantedFrom, 'from'>>(
  wanted: readonly One[],
): readonly (readonly One[])[] {
  const groups: One[][] = [];
  for (const one of wanted.toSorted((a, b) => a.from - b.from)) {
    const group = groups.at(-1);
    if (group?.[0] && one.from - group[0].from <= GROUP_SPAN_MS) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

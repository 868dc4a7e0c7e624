import { addAll } from '../domain/add-all.js';
import { closeTogether } from '../store/close-together.js';
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

/** What was never judged, of a version whose numbers say that it was; epoch ms. */
export interface NeverJudged {
  /** Nothing that starts later was. */
  readonly newest: number;
  readonly judged: Iterable<number>;
  readonly labels: Iterable<number>;
}

/** The newest revision of a window on a track that is one; -1 where none is. */
export interface MostRevision extends Pick<StoredWindow, 'from' | 'track'> {
  readonly most: number;
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
const totals = (bitmaps: string) => `
  SELECT model, version, toInt64(closed) * 1000 AS closedTo, toInt64(widths) * 1000 AS widthMs, mark AS watermark,
    ${start('filled', 'Min')} AS firstRow, ${start('filled', 'Max')} AS lastRow, ${start('truths', 'Min')} AS firstLabelled,
    bitmapCardinality(filled) AS inputs, bitmapAndCardinality(truths, known) AS labels,
    toInt64(least(bitmapMin(subBitmap(starts, toUInt64(greatest(0, toInt64(bitmapCardinality(starts)) - ${LEAST_HELD})), ${LEAST_HELD})),
      if(bitmapAndnotCardinality(starts, known) = 0, 4294967295, bitmapMin(bitmapAndnot(starts, known))))) * 1000 AS heldFrom,
    bitmapCardinality(${since('starts', 'intDiv(heldFrom, 1000)')}) AS heldJudged, bitmapCardinality(${since('known', 'intDiv(heldFrom, 1000)')}) AS heldLabels
  FROM (${bitmaps})`;
const MERGED = `
  SELECT t.model AS model, t.version AS version, max(t.closed_to) AS closed, argMaxMerge(t.width) AS widths, max(toUnixTimestamp64Milli(t.watermark)) AS mark,
    groupBitmapMergeState(t.judged) AS starts, groupBitmapMergeState(t.judged_labels) AS known, groupBitmapMergeState(t.with_rows) AS filled, groupBitmapMergeState(t.with_labels) AS truths
  FROM window_totals AS t`;
/** All models where none is named. */
const TOTALS = totals(
  `${MERGED} WHERE empty({models:Array(String)}) OR has({models:Array(String)}, t.model) GROUP BY t.model, t.version`,
);
/** Of a bitmap what begins before an instant and is not among some starts. */
const less = (bitmap: string, never: string) =>
  `bitmapAndnot(bitmapSubsetInRange(${bitmap}, toUInt32(0), {until:UInt32}), bitmapBuild({${never}:Array(UInt32)})) AS ${bitmap}`;
/** Of one version, without windows that were never judged. */
const TOTALS_WITHOUT = totals(`
  SELECT model, version, closed, widths, mark, ${less('starts', 'judged')}, ${less('known', 'labels')}, ${less('filled', 'judged')}, ${less('truths', 'judged')}
  FROM (${MERGED} WHERE t.model = {model:String} AND t.version = {version:String} GROUP BY t.model, t.version)`);

const STARTS = `
  SELECT bitmapToArray(${since('groupBitmapMergeState(judged)', '{from:Int64}')}) AS judged, bitmapToArray(${since('groupBitmapMergeState(judged_labels)', '{from:Int64}')}) AS labels
  FROM window_totals WHERE model = {model:String} AND version = {version:String}`;

const ASKED =
  'SELECT asked.1 AS model, asked.2 AS version, asked.3 AS since FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {sinces:Array(UInt32)})) AS asked)';
const OF_ASKED = (alias: string) =>
  `INNER JOIN (${ASKED}) AS a ON ${alias}.model = a.model AND ${alias}.version = a.version WHERE (${alias}.model, ${alias}.version) IN (SELECT model, version FROM (${ASKED}))`;
const HELD = `SELECT ${STORED} FROM windows AS w FINAL ${OF_ASKED('w')}
  AND w.window_from >= fromUnixTimestamp({from:Int64}) AND toUnixTimestamp(w.window_from) >= a.since ${NEWEST}`;
/** Of one version, at no later revision than is known to be one. */
const HELD_UP_TO = `SELECT ${STORED} FROM windows AS w FINAL WHERE w.model = {model:String} AND w.version = {version:String} AND w.window_from >= fromUnixTimestamp({from:Int64})
  AND NOT arrayExists((start, track, most) -> start = toUnixTimestamp(w.window_from) AND track = w.track AND w.revision > most, {starts:Array(Int64)}, {tracks:Array(String)}, {mosts:Array(Int64)}) ${NEWEST}`;
const SEALS = `SELECT w.model AS model, w.version AS version, toUnixTimestamp(w.window_from) * 1000 AS from, w.track AS track, w.revision AS revision, w.rows AS rows
  FROM windows AS w FINAL WHERE w.window_from >= fromUnixTimestamp({from:Int64}) AND w.window_from <= fromUnixTimestamp({to:Int64})
  AND (w.model, w.version, toUInt32(toUnixTimestamp(w.window_from)), w.track, w.revision) IN (SELECT asked.1, asked.2, asked.3, asked.4, asked.5 FROM (
    SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {starts:Array(UInt32)}, {tracks:Array(String)}, {revisions:Array(UInt32)})) AS asked))`;
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
    return rows.map(totalsOf);
  }

  /** Numbers of one version without what was never judged; null where nothing is left. */
  async without({ model, version }: Version, never: NeverJudged): Promise<VersionTotals | null> {
    const starts = { judged: [...never.judged].map(seconds), labels: [...never.labels].map(seconds) };
    const params = { model, version, until: seconds(never.newest) + 1, ...starts };
    const [row] = await this.database.query<TotalsRow>(TOTALS_WITHOUT, { params });
    return row && row.heldJudged > 0 ? totalsOf(row) : null;
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

  /** The same of one version, without revisions of windows that are none. */
  async changeableUpTo({ model, version, heldFrom }: VersionTotals, limits: readonly MostRevision[]): Promise<readonly StoredWindow[]> {
    const [starts, tracks, mosts] = [limits.map(({ from }) => seconds(from)), limits.map(({ track }) => track), limits.map(({ most }) => most)];
    const params = { model, version, from: seconds(heldFrom), starts, tracks, mosts };
    return this.database.query<StoredWindow>(HELD_UP_TO, { params, timeoutMs: TOTALS_WITHIN_MS });
  } // prettier-ignore

  /** Some judgements with what their rows were, as it is sealed. */
  async sealed(lines: readonly StoredWindow[]): Promise<readonly SealedLine[]> {
    const found: SealedLine[] = [];
    for (const some of closeInTime(lines)) {
      const starts = some.map(({ from }) => seconds(from));
      const names = { models: some.map(({ model }) => model), versions: some.map(({ version }) => version), tracks: some.map(({ track }) => track) };
      const params = { ...names, starts, revisions: some.map(({ revision }) => revision), from: starts[0] ?? 0, to: starts.at(-1) ?? 0 };
      addAll(found, await this.database.query<SealedLine>(SEALS, { params, timeoutMs: TOTALS_WITHIN_MS }));
    }
    return found;
  } // prettier-ignore

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

type Version = Pick<StoredVersion, 'model' | 'version'>;
/** A judgement, and what its rows were as it is kept beside it. */
export type SealedLine = Pick<StoredWindow, 'model' | 'version' | 'from' | 'track' | 'revision'> & {
  readonly rows: string;
};

const seconds = (ms: number) => Math.floor(ms / 1000);

function totalsOf({ inputs, labels, heldJudged, heldLabels, ...row }: TotalsRow): VersionTotals {
  return { ...row, judged: { inputs, labels }, held: { judged: heldJudged, labels: heldLabels } };
}

/** Versions, or judgements, in groups that are close in time, each in order of it. */
export function closeInTime<One extends WantedFrom>(wanted: readonly One[]): readonly (readonly One[])[] {
  return closeTogether(wanted, ({ from }) => from, GROUP_SPAN_MS);
}

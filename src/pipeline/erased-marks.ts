import { createHash } from 'node:crypto';
import { groupBy } from '../domain/group-by.js';
import { canonicalJson } from '../ledger/canonical-json.js';
import type { Ledger } from '../ledger/ledger.js';
import { addMarks, readMarks } from '../profiles/row-marks.js';
import type { Erasures } from '../records/erasures.js';
import type { Database } from '../store/database.js';
import type { StoredWindow } from '../windows/window.repository.js';
import type { ErasedCount } from './deleted-since.js';
import { erasedCount, type ErasedMarks } from './judged-rows.js';
import { EXACT_ONES, TAKEN } from './erased-marks-sql.js';

/** What of a judged window was of people who were erased. */
interface TakenRows extends ErasedMarks {
  /** The newest entry that says so; null while the erasure goes on. */
  readonly seq: number | null;
}

/** A judgement whose marks an erasure took rows of: `start` in epoch seconds, marks as text. */
interface TakenLine {
  readonly model: string;
  readonly version: string;
  readonly track: string;
  readonly start: number;
  readonly revision: number;
  readonly rows: string;
  readonly labels: string;
}

/** Names of what an erasure took of the windows of a day (UTC), by model and day. */
export type MarkNames = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** By which an erasure is known in the store. */
export const erasureId = (hash: string): string => hash.slice(0, 32);

const WHOLE_TABLE_MS = 3_600_000;
const DAY_S = 86_400;

/** What an erasure that is being done takes of judged windows, kept in the store; its names are for the ledger. Null where an older release began it. */
export async function keepTaken(database: Database, erasure: string): Promise<MarkNames | null> {
  const asked = { params: { erasures: [erasure] }, timeoutMs: WHOLE_TABLE_MS };
  if ((await database.query(EXACT_ONES, asked)).length === 0) return null;
  const lines = await database.query<TakenLine>(TAKEN, asked);
  const names: Record<string, Record<string, string>> = {};
  for (const own of groupBy(lines, ({ model, start }) => `${model} ${dayOf(start)}`).values()) {
    const [{ model, start } = { model: '', start: 0 }] = own;
    const name = nameOf(own);
    (names[model] ??= {})[dayOf(start)] = name;
    const rows = own.map(({ start: from, ...line }) => ({ name, window_from: from, ...line }));
    await database.insert('erased_marks', rows);
  }
  return names;
}

function dayOf(second: number): string {
  return new Date(Math.floor(second / DAY_S) * DAY_S * 1000).toISOString().slice(0, 10);
}

function nameOf(lines: readonly TakenLine[]): string {
  const texts = lines.map(({ model, version, track, start, revision, rows, labels }) =>
    canonicalJson([model, version, track, start, revision, rows, labels]),
  );
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex').slice(0, 32);
}

interface Ground {
  readonly database: Database;
  readonly ledger: Pick<Ledger, 'refresh'>;
  readonly erasures: Pick<Erasures, 'list' | 'marksOf' | 'version'>;
}

type Place = Pick<StoredWindow, 'model' | 'version' | 'track'>;

/**
 * What erasures took of judged windows of a version on a track, by start (epoch ms); `revisions` are those of the judgements that are asked for. What the store holds of it counts where the
 * ledger names it, and, while an erasure goes on, what is noted of it.
 */
export async function takenOf(
  ground: Ground,
  place: Place,
  revisions: ReadonlyMap<number, number>,
  isOf = (revision: number, asked: number | undefined) => revision === asked,
): Promise<ReadonlyMap<number, TakenRows>> {
  const { ledger, erasures } = ground;
  if (revisions.size === 0) return new Map();
  for (;;) {
    await ledger.refresh(); // what another process deleted it recorded before
    const { version } = erasures;
    const lines = [...(await recorded(ground, place, revisions)), ...(await underWay(ground, place))];
    await ledger.refresh();
    // Notes go when an erasure is done: what ended meanwhile is in the ledger now.
    const own = lines.filter(({ start, revision }) => isOf(revision, revisions.get(start * 1000)));
    if (erasures.version === version) return byStart(own);
  }
}

type SeenLine = TakenLine & { readonly seq: number | null };

async function recorded(
  { database, erasures }: Ground,
  { model, version, track }: Place,
  revisions: ReadonlyMap<number, number>,
): Promise<readonly SeenLine[]> {
  const days = new Set([...revisions.keys()].map((from) => dayOf(from / 1000)));
  const named = erasures.marksOf(model).filter(({ day }) => days.has(day));
  if (named.length === 0) return [];
  const sql = `SELECT DISTINCT name, toString(model) AS model, toString(version) AS version, toString(track) AS track, toUnixTimestamp(window_from) AS start, revision, rows, labels
    FROM erased_marks WHERE name IN {names:Array(String)}`;
  const params = { names: named.map(({ name }) => name) };
  const found = groupBy(await database.query<TakenLine & { readonly name: string }>(sql, { params }), ({ name }) => name);
  return named.flatMap(({ name, seq }) => {
    const lines = found.get(name) ?? [];
    if (nameOf(lines) !== name) return [];
    return lines.filter((line) => line.version === version && line.track === track).map((line) => ({ ...line, seq }));
  });
} // prettier-ignore

async function underWay({ database, erasures }: Ground, place: Place): Promise<readonly SeenLine[]> {
  const params = { erasures: underWayIn(erasures) };
  if (params.erasures.length === 0) return [];
  const lines = await database.query<TakenLine>(TAKEN, { params, timeoutMs: WHOLE_TABLE_MS });
  const isOwn = ({ model, version, track }: TakenLine) =>
    model === place.model && version === place.version && track === place.track;
  return lines.filter(isOwn).map((line) => ({ ...line, seq: null }));
}

/** By which those that go on are known in the store. */
function underWayIn(erasures: Pick<Erasures, 'list'>): readonly string[] {
  return erasures.list().flatMap(({ state, hash }) => (state === 'RUNNING' ? [erasureId(hash)] : []));
}

function byStart(lines: readonly SeenLine[]): ReadonlyMap<number, TakenRows> {
  const merged = [...groupBy(lines, ({ start }) => start)].map(([start, some]) => {
    const seqs = some.flatMap(({ seq }) => (seq === null ? [] : [seq]));
    const marksOf = (of: 'rows' | 'labels') => addMarks(some.map((line) => readMarks(line[of])));
    const seq = seqs.length === 0 ? null : Math.max(...seqs);
    return [start * 1000, { rows: marksOf('rows'), labels: marksOf('labels'), seq }] as const;
  });
  return new Map(merged);
}

/** How many rows, or labels, of a window went with people who were erased, also before it was judged last: sums of minutes hold them still. */
export async function takenCount(
  ground: Ground,
  place: Place,
  start: number,
  revision: number,
): Promise<ErasedCount> {
  const isUntil = (one: number, asked = 0) => one <= asked;
  const taken = (await takenOf(ground, place, new Map([[start, revision]]), isUntil)).get(start);
  return { rows: taken ? erasedCount(taken) : 0, seq: taken?.seq ?? null };
}

/** Whether an erasure goes on that does not note what it takes of windows, since an older release began it. */
export async function isInexactUnderWay({ database, erasures }: Ground): Promise<boolean> {
  const params = { erasures: underWayIn(erasures) };
  if (params.erasures.length === 0) return false;
  const exact = new Set((await database.query<{ erasure: string }>(EXACT_ONES, { params })).map(({ erasure }) => erasure));
  const [{ noted } = { noted: [] }] = await database.query<{ noted: string[] }>('SELECT groupUniqArray(erasure) AS noted FROM erasing WHERE erasure IN {erasures:Array(String)}', { params });
  return noted.some((erasure) => !exact.has(erasure));
} // prettier-ignore

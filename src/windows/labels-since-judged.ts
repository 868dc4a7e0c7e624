import { groupBy } from '../domain/group-by.js';
import { versionPlace } from '../domain/version-place.js';
import type { Database } from '../store/database.js';
import type { AskedWindows, OpenMinutes, VersionCounts, WindowRepository } from './window.repository.js'; // prettier-ignore

/** A version, and how long its windows are, ms. */
export interface LabelledStream {
  readonly model: string;
  readonly version: string;
  readonly widthMs: number;
}

/** Labels that wait to be looked at wait for a day, or for a window that is longer, and for their turn. */
const DAY_MS = 86_400_000;
const OVERDUE_MS = 3_600_000;

/** Windows of which labels were counted of late: of what was judged before, nothing else can be news. */
const COUNTED = `SELECT p.model AS model, p.version AS version, s.width * 1000 AS widthMs, arraySort(groupUniqArray(toUInt64(intDiv(toUnixTimestamp(p.minute), s.width) * s.width) * 1000)) AS starts
  FROM (SELECT model, version, minute FROM performance_1m WHERE computed_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND labelled > 0 AND model IN {models:Array(String)}) AS p
  INNER JOIN (SELECT asked.1 AS model, asked.2 AS version, asked.3 AS width FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {widths:Array(UInt32)})) AS asked)) AS s
  ON p.model = s.model AND p.version = s.version GROUP BY p.model, p.version, s.width`;

const WITHIN_MS = 120_000;

/**
 * First minutes of judged windows whose labels say something else by now than their newest judgement saw: they came, and waited to be looked at when the process ended. `since`: when
 * something was counted last, epoch ms by the store's clock. Reads of history when its minutes were counted, and of the rest what was counted a day before that or later.
 */
export async function labelsSinceJudged(
  { database, windows }: { readonly database: Database; readonly windows: WindowRepository },
  streams: readonly LabelledStream[],
  since: number,
): Promise<readonly OpenMinutes[]> {
  return othersAmong(windows, await countedLately(database, streams, since));
}

async function countedLately(
  database: Database,
  streams: readonly LabelledStream[],
  since: number,
): Promise<readonly AskedWindows[]> {
  const widths = streams.map(({ widthMs }) => widthMs);
  const params = {
    models: streams.map(({ model }) => model),
    versions: streams.map(({ version }) => version),
    widths: widths.map((ms) => ms / 1000),
    since: Math.max(0, since - Math.max(DAY_MS, ...widths) - OVERDUE_MS),
  };
  return database.query<AskedWindows>(COUNTED, { params, timeoutMs: WITHIN_MS });
}

/** Of windows those whose labels are others than were judged. */
async function othersAmong(
  windows: WindowRepository,
  asked: readonly AskedWindows[],
): Promise<readonly OpenMinutes[]> {
  const [now, judged] = await Promise.all([windows.countsOf(asked), windows.labelsJudgedOf(asked)]);
  const before = new Map(judged.map((one) => [placeOf(one), one]));
  const isOther = (one: VersionCounts): boolean => {
    const saw = before.get(placeOf(one));
    return saw !== undefined && (saw.labelled !== one.labelled || (saw.truths !== 0 && saw.truths !== one.truths));
  };
  const byVersion = groupBy(now.filter(isOther), ({ model, version }) => versionPlace(model, version));
  return [...byVersion.values()].flatMap((own) => own.slice(0, 1).map(({ model, version }) => ({ model, version, minutes: own.map(({ from }) => from / 1000) })));
} // prettier-ignore

const placeOf = ({ model, version, from }: Pick<VersionCounts, 'model' | 'version' | 'from'>): string =>
  `${versionPlace(model, version)}\0${from}`;

import { addAll } from '../domain/add-all.js';
import type { Database } from '../store/database.js';
import { boundParts } from './bound-parts.js';
import { TRUTHS, type OpenMinutes } from './window.repository.js';

/** A version, and how long its windows are, ms. */
export interface LabelledStream {
  readonly model: string;
  readonly version: string;
  readonly widthMs: number;
}

/** Labels that wait to be looked at wait for a day, or for a window that is longer, and for their turn. */
const WAITS_S = 86_400;
const TURN_S = 3_600;

const STREAMS = `SELECT asked.1 AS model, asked.2 AS version, asked.3 AS width FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {widths:Array(UInt32)})) AS asked)`;
const START = 'toUInt32(intDiv(toUnixTimestamp(p.minute), s.width) * s.width)';
/** Windows of which labels were counted of late: of what was judged before, nothing else can be news. */
const COUNTED = `SELECT DISTINCT p.model AS model, p.version AS version, ${START} AS start
  FROM performance_1m AS p INNER JOIN (${STREAMS}) AS s ON p.model = s.model AND p.version = s.version
  WHERE (p.model, p.version) IN (SELECT model, version FROM (${STREAMS})) AND p.labelled > 0
    AND p.computed_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') - toIntervalSecond(greatest(${WAITS_S}, s.width) + ${TURN_S})`;
const FIRST = `SELECT toInt64(min(start)) AS first, count() AS windows FROM (${COUNTED})`;
const NOW = `SELECT p.model AS model, p.version AS version, ${START} AS start, sum(p.labelled) AS labelled, ${TRUTHS} AS truths
  FROM (SELECT * FROM performance_1m FINAL WHERE (model, version) IN (SELECT model, version FROM (${STREAMS})) AND minute >= fromUnixTimestamp({first:Int64})) AS p
  INNER JOIN (${STREAMS}) AS s ON p.model = s.model AND p.version = s.version
  WHERE (p.model, p.version, ${START}) IN (${COUNTED}) GROUP BY model, version, start`;
/** What their newest judgement saw: that of the labels, else that of the rows. */
const JUDGED = `SELECT w.model AS model, w.version AS version, toUInt32(toUnixTimestamp(w.window_from)) AS start, w.labelled AS labelled, w.truths AS truths FROM windows AS w FINAL
  WHERE (w.model, w.version, toUInt32(toUnixTimestamp(w.window_from))) IN (${COUNTED}) AND w.window_from >= fromUnixTimestamp({first:Int64})
  ORDER BY model, version, start, track = 'labels' DESC, revision DESC LIMIT 1 BY model, version, start`;
const OTHERS = `SELECT n.model AS model, n.version AS version, arraySort(groupArray(n.start)) AS minutes
  FROM (${NOW}) AS n INNER JOIN (${JUDGED}) AS j ON n.model = j.model AND n.version = j.version AND n.start = j.start
  WHERE n.labelled != j.labelled OR (j.truths != 0 AND n.truths != j.truths)
  GROUP BY model, version ORDER BY model, version`;

const WITHIN_MS = 120_000;

/**
 * First minutes of judged windows whose labels say something else by now than their newest judgement saw: they came, and waited to be looked at when the process ended. `since`: when
 * something was counted last, epoch ms by the store's clock. Reads of history when its minutes were counted, and of the rest what was counted a day before that or later.
 */
export async function labelsSinceJudged(
  database: Database,
  streams: readonly LabelledStream[],
  since: number,
): Promise<readonly OpenMinutes[]> {
  const found: OpenMinutes[] = [];
  for (const some of boundParts(streams)) addAll(found, await labelsOfSome(database, some, since));
  return found;
}

async function labelsOfSome(
  database: Database,
  streams: readonly LabelledStream[],
  since: number,
): Promise<readonly OpenMinutes[]> {
  const params = {
    models: streams.map(({ model }) => model),
    versions: streams.map(({ version }) => version),
    widths: streams.map(({ widthMs }) => widthMs / 1000),
    since,
  };
  const [counted] = await database.query<{ first: number; windows: number }>(FIRST, { params, timeoutMs: WITHIN_MS }); // prettier-ignore
  if (!counted || counted.windows === 0) return [];
  const bound = { ...params, first: counted.first };
  return database.query<OpenMinutes>(OTHERS, { params: bound, timeoutMs: WITHIN_MS });
}

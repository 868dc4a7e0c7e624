import { ANSWERED } from '../constraints/answered.js';
import { addAll } from '../domain/add-all.js';
import { boundedGroups } from '../domain/group-by.js';
import { closeTogether } from '../store/close-together.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { labelsOfRows } from './newest-label.js';
import { IN_SPAN, SPAN, unrepeated } from './own-rows.js';

/** A minute of a model version in an environment that counts; epoch seconds. */
interface AskedMinute {
  readonly model: string;
  readonly version: string;
  readonly environment: string;
  readonly minute: number;
}

const ASKED = `SELECT asked.1, asked.2, asked.3, toDateTime(asked.4, 'UTC')
  FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {environments:Array(String)}, {minutes:Array(UInt32)})) AS asked)`;
const WHERE = `${IN_SPAN} AND (model, version, environment, toStartOfMinute(ts)) IN (${ASKED}) AND ${unrepeated(SPAN)}`;
const LABELLED = `SELECT cityHash64(model, prediction_id) FROM labels WHERE ${labelsOfRows('model, prediction_id', `FROM predictions WHERE ${WHERE}`)}`;
const WITH_MORE = `
  SELECT s.model AS model, s.version AS version, s.minute AS minute
  FROM (
    SELECT model, version, toUnixTimestamp(toStartOfMinute(ts)) AS minute, count() AS rows,
      countIf(${ANSWERED} AND cityHash64(model, prediction_id) IN (${LABELLED})) AS truths
    FROM predictions FINAL WHERE ${WHERE} GROUP BY model, version, minute
  ) AS s
  LEFT JOIN (
    SELECT model, version, toUnixTimestamp(minute) AS minute, predictions, labelled
    FROM performance_1m FINAL WHERE minute >= toStartOfMinute(${SPAN.from}) AND minute < ${SPAN.to}
  ) AS p ON s.model = p.model AND s.version = p.version AND s.minute = p.minute
  WHERE s.rows > p.predictions OR s.truths > p.labelled`;

/** The engine reads no longer text of parameters than 256 KiB. */
const MINUTES_ASKED = 2_000;

/** Those of some minutes that hold more rows, or more labels of them, than were summed. */
export async function minutesWithMore(
  database: Database,
  asked: readonly AskedMinute[],
): Promise<readonly Omit<AskedMinute, 'environment'>[]> {
  const found: Omit<AskedMinute, 'environment'>[] = [];
  for (const near of closeTogether(asked, ({ minute }) => minute * 1000))
    for (const some of boundedGroups(near, () => 1, MINUTES_ASKED)) {
      const params = {
        models: some.map(({ model }) => model),
        versions: some.map(({ version }) => version),
        environments: some.map(({ environment }) => environment),
        minutes: some.map(({ minute }) => minute),
        from: sqlSecond(new Date((some[0]?.minute ?? 0) * 1000)),
        to: sqlSecond(new Date(((some.at(-1)?.minute ?? 0) + 60) * 1000)),
      };
      addAll(found, await database.query(WITH_MORE, { params, timeoutMs: 120_000 }));
    }
  return found;
}

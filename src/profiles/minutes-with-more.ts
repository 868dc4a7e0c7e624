import { ANSWERED } from '../constraints/answered.js';
import { versionPlace } from '../domain/version-place.js';
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

/** Of minutes one by one, and of everything in the span of some versions. */
const ASKED = `(model, version, environment, toStartOfMinute(ts)) IN (SELECT asked.1, asked.2, asked.3, toDateTime(asked.4, 'UTC')
  FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {environments:Array(String)}, {minutes:Array(UInt32)})) AS asked))`;
const OF_VERSIONS = `(model, version, environment) IN arrayZip({models:Array(String)}, {versions:Array(String)}, {environments:Array(String)})`;

function withMore(asked: string): string {
  const where = `${IN_SPAN} AND ${asked} AND ${unrepeated(SPAN)}`;
  const labelled = `SELECT cityHash64(model, prediction_id) FROM labels WHERE ${labelsOfRows('model, prediction_id', `FROM predictions WHERE ${where}`)}`;
  return `
  SELECT s.model AS model, s.version AS version, s.minute AS minute
  FROM (
    SELECT model, version, toUnixTimestamp(toStartOfMinute(ts)) AS minute, count() AS rows,
      countIf(${ANSWERED} AND cityHash64(model, prediction_id) IN (${labelled})) AS truths
    FROM predictions FINAL WHERE ${where} GROUP BY model, version, minute
  ) AS s
  LEFT JOIN (
    SELECT model, version, toUnixTimestamp(minute) AS minute, predictions, labelled
    FROM performance_1m FINAL WHERE minute >= toStartOfMinute(${SPAN.from}) AND minute < ${SPAN.to}
  ) AS p ON s.model = p.model AND s.version = p.version AND s.minute = p.minute
  WHERE s.rows > p.predictions OR s.truths > p.labelled`;
}

const FEW = withMore(ASKED);
const MANY = withMore(OF_VERSIONS);
/** The engine reads no longer text of parameters than 256 KiB: more minutes than so many are not named, and what is found of others is left out. */
const MINUTES_NAMED = 2_000;
/** Minutes in one statement: a start after months were sent at once asks for hundreds of thousands. */
const MINUTES_ASKED = 50_000;
/** Versions whose names fit into a statement. */
const VERSIONS_NAMED = 2_000;

/** Those of some minutes that hold more rows, or more labels of them, than were summed. */
export async function minutesWithMore(
  database: Database,
  asked: readonly AskedMinute[],
): Promise<readonly Omit<AskedMinute, 'environment'>[]> {
  const found: Omit<AskedMinute, 'environment'>[] = [];
  for (const near of closeTogether(asked, ({ minute }) => minute * 1000))
    for (const some of boundedGroups(near, () => 1, MINUTES_ASKED)) {
      const span = {
        from: sqlSecond(new Date((some[0]?.minute ?? 0) * 1000)),
        to: sqlSecond(new Date(((some.at(-1)?.minute ?? 0) + 60) * 1000)),
      };
      addAll(found, await (some.length <= MINUTES_NAMED ? few : many)(database, some, span));
    }
  return found;
}

type Found = readonly Omit<AskedMinute, 'environment'>[];
type Span = Readonly<Record<'from' | 'to', string>>;

async function few(database: Database, asked: readonly AskedMinute[], span: Span): Promise<Found> {
  const params = { ...namesOf(asked), minutes: asked.map(({ minute }) => minute), ...span };
  return database.query(FEW, { params, timeoutMs: 120_000 });
}

async function many(database: Database, asked: readonly AskedMinute[], span: Span): Promise<Found> {
  const minutes = new Set(asked.map(minuteName));
  const versions = [
    ...new Map(
      asked.map((one) => [`${versionPlace(one.model, one.version)}\0${one.environment}`, one]),
    ).values(),
  ];
  const found: Omit<AskedMinute, 'environment'>[] = [];
  for (const some of boundedGroups(versions, () => 1, VERSIONS_NAMED)) {
    const params = { ...namesOf(some), ...span };
    const rows = await database.query<Found[number]>(MANY, { params, timeoutMs: 120_000 });
    addAll(
      found,
      rows.filter((row) => minutes.has(minuteName(row))),
    );
  }
  return found;
}

function namesOf(asked: readonly AskedMinute[]) {
  return {
    models: asked.map(({ model }) => model),
    versions: asked.map(({ version }) => version),
    environments: asked.map(({ environment }) => environment),
  };
}

/** A minute of a model version as one name. */
export function minuteName({ model, version, minute }: Found[number]): string {
  return `${versionPlace(model, version)}\0${minute}`;
}

import { meansOk } from '../domain/call-status.js';
import { CodedError } from '../domain/coded-error.js';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { storedFeatureName } from '../domain/feature-name.js';
import type { BaselineSource, Model } from '../domain/model.js';
import { isLevel, NO_QUANTILE, overOneText } from '../domain/scores-of-one.js';
import { someOf } from '../domain/wording.js';
import type { Database } from '../store/database.js';
import { mappingText, proposedColumns } from '../tables/propose-columns.js';
import { openTable } from '../tables/open-table.js';
import { readRows, type TypedRow, type TypedRows } from '../tables/read-rows.js';
import { TableError } from '../tables/table-error.js';
import type { ColumnRole } from '../tables/column-role.js';
import type { ReferenceCalls } from '../constraints/reference-calls.js';
import { literal } from '../store/sql-text.js';
import { ReferenceStaging } from './reference-staging.js';

/** A reference file that cannot be used; the message says what to change. */
export class ReferenceFileError extends CodedError {
  override readonly name = 'ReferenceFileError';
  readonly code = 'bad_reference';
}

type FileSource = Extract<BaselineSource, { file: string }>;

/** A staged reference: rows of the shape of `predictions` with `labelled`, `actual`, `actual_value` beside. */
export interface StagedReference {
  readonly table: string;
  readonly timed: boolean;
  /** Which parts of the service its rows speak of. */
  readonly knows: ReferenceCalls['knows'];
  /** What a person should know of how the file was read. */
  readonly remarks: readonly string[];
  drop(): Promise<void>;
}

/**
 * Loads a Parquet, delimited or JSON file into a staging table: a column a feature, or Tidewatch's own events. `prediction_label`,
 * `prediction_score`, `prediction_scores`, `prediction_value` and `actual_label` are outputs and truth; `ts` (or the one named) is event time.
 * Throws ReferenceFileError.
 */
export async function stageReferenceFile(
  database: Database,
  model: Model,
  source: FileSource,
): Promise<StagedReference> {
  const staging = new ReferenceStaging(database, tableName(model, source.file), model);
  try {
    return {
      table: staging.table,
      ...(await load(database, staging, { model, source })),
      drop: async () => staging.drop(),
    };
  } catch (error) {
    await staging.drop();
    if (!(error instanceof TableError)) throw error;
    throw new ReferenceFileError(`baseline.file: ${error.message}`, { cause: error });
  }
}

async function load(
  database: Database,
  staging: ReferenceStaging,
  { model, source }: { readonly model: Model; readonly source: FileSource },
): Promise<Pick<StagedReference, 'timed' | 'knows' | 'remarks'>> {
  const table = await openTable(resolve(source.file));
  try {
    const { timestamp, columns, timezone: zone = 'UTC' } = source;
    const rows = await readRows(table, { model, timestamp, columns, zone, zoneFix: zoneFix(model, source) });
    usable(rows, model, source);
    const has = (name: ColumnRole) => rows.parts.some(({ role }) => role === name);
    const timed = has('ts');
    await staging.create();
    for await (const batch of rows.batches()) {
      if (model.task === 'regression') demandLevels(batch.rows, source);
      else demandProbabilities(batch.rows, source);
      demandCalls(batch.rows, source);
      await staging.add(rows.features, batch.rows, timed);
    }
    await staging.end();
    await demandClasses(database, staging.table, model);
    if (timed && staging.rows === 0 && staging.untimed > 0)
      throw new TableError(
        `${source.file}: no row has a time that can be read; ${rows.remarks().join('; ')}`,
      );
    if (staging.rows === 0 && staging.failed > 0)
      throw new TableError(
        `${source.file}: by its column status none of the ${staging.failed} calls has an answer ("ok"); if it is a feature, write features: { status: { type: categorical } }`,
      );
    const knows = { failed: has('status'), slow: has('latency_ms') };
    return { timed, knows, remarks: [...rows.remarks(), ...absentRemark(rows, model), ...staging.remarks()] };
  } finally {
    await table.close();
  }
}

/** Features that are declared and not in the file. */
function absentRemark({ features }: TypedRows, model: Model): readonly string[] {
  const there = new Set(features.map(storedFeatureName));
  const absent = Object.keys(model.features).filter((name) => !there.has(name));
  if (absent.length === 0) return [];
  return [`no column for what the model file declares: ${someOf(absent, 20)}; nothing of it is watched until a reference has it`];
} // prettier-ignore

/** Files of UTC times without a zone are common, so the zone of the seasons is not taken for theirs unasked. */
function zoneFix({ timezone }: Model, source: FileSource): string | undefined {
  if (source.timezone !== undefined) return undefined;
  const other = timezone === 'UTC' ? 'Europe/Berlin' : timezone;
  return `; if they are of another, write baseline: { timezone: ${other} }`;
}

/** Throws TableError that names the first call whose status means ok in other words, or that took less than no time. */
function demandCalls(rows: readonly TypedRow[], source: FileSource): void {
  for (const { number, status, latency } of rows) {
    if (status !== null && meansOk(status))
      throw new TableError(`${source.file}: row ${number}, column ${columnOf('status', source)}: "${status}" would count as a failed call: write ok or nothing for one that was answered`);
    if (typeof latency === 'number' && latency < 0)
      throw new TableError(`${source.file}: row ${number}, column ${columnOf('latency_ms', source)}: ${latency} ms is below 0, which no call takes: leave it empty where it is not known`);
  }
} // prettier-ignore

/** A column as the file calls it. */
function columnOf(role: string, { columns }: FileSource): string {
  const own = columns?.[role as keyof typeof columns];
  return own === undefined ? role : `${own} (${role})`;
}

/** Throws TableError that names the first score of a regression that is no quantile, as events are refused. */
function demandLevels(rows: readonly TypedRow[], source: FileSource): void {
  for (const { number, scores } of rows) {
    const odd = Object.keys(scores ?? {}).find((name) => !isLevel(name));
    if (odd === undefined) continue;
    throw new TableError(`${source.file}: row ${number}, column ${columnOf('prediction_scores', source)}: ${odd.slice(0, 64)} ${NO_QUANTILE}`);
  }
} // prettier-ignore

/** Throws TableError that names the first score that is no probability, and the first row whose scores are those of no one answer, as events are refused. */
function demandProbabilities(rows: readonly TypedRow[], source: FileSource): void {
  for (const { number, score, scores } of rows) {
    const over = overOneText(Object.values(scores ?? {}));
    if (over !== null && !Object.values(scores ?? {}).some((one) => one > 1))
      throw new TableError(`${source.file}: row ${number}, column ${columnOf('prediction_scores', source)}: prediction_scores ${over}`);
    const all = [['prediction_score', score] as const, ...Object.entries(scores ?? {}).map(([name, one]) => [`prediction_scores, ${name}`, one] as const)];
    const [role, value] = all.find(([, one]) => typeof one === 'number' && (one < 0 || one > 1)) ?? [];
    if (role === undefined) continue;
    throw new TableError(`${source.file}: row ${number}, column ${columnOf(role, source)}: ${value} is no probability: write scores between 0 and 1`);
  }
} // prettier-ignore

/** Labels of a reference are among the classes the model file names, as those of events are. Throws TableError that names those that are not. */
async function demandClasses(database: Database, table: string, { classes }: Model): Promise<void> {
  if (!classes) return;
  const strays = await database.query<{ role: string; name: string; n: number }>(
    `SELECT arrayJoin([('prediction_label', label), ('actual_label', actual)]) AS said, said.1 AS role, said.2 AS name, toFloat64(count()) AS n FROM ${table}
     WHERE name != '' AND NOT has([${classes.map(literal).join(', ')}], name) GROUP BY said ORDER BY n DESC, name, role LIMIT 5`,
  );
  if (strays.length === 0) return;
  const found = strays.map(({ role, name, n }) => `"${name}" (${role}, ${n} times)`).join(', ');
  throw new TableError(
    `labels are none of the classes of the model file: ${found}; it lists ${classes.join(', ')}`,
  );
}

function tableName({ key }: Model, file: string): string {
  const place = createHash('sha256')
    .update(`${key}\0${resolve(file)}`)
    .digest('hex')
    .slice(0, 16);
  return `reference_${place}`;
}

/** Throws TableError for a file from which no reference can be made, with what to write instead. */
function usable(
  { count, parts, columnNames, problems }: TypedRows,
  model: Model,
  { file }: FileSource,
): void {
  const seen = `it has ${columnNames.slice(0, 50).join(', ')}`;
  // Readers of the model see this: the one line of a file that is no table at all may be a secret.
  if (count === 0)
    throw new TableError(`${file} has no rows, only a header (of ${columnNames.length} columns)`);
  if (problems.length > 0) throw new TableError(`${file}: ${problems.join('; ')}`);
  if (
    parts.some(
      ({ role }) => role === 'scores' || (role?.startsWith('prediction_') && role !== 'prediction_id'),
    )
  )
    return;
  const proposed = proposedColumns(columnNames, model.task);
  if (Object.keys(proposed).length === 0) return;
  throw new TableError(
    `${file} has no prediction_label, prediction_score or prediction_value; ${seen}. If that is what they are, write ` +
      `baseline: { file: ${file}, columns: { ${mappingText(proposed).replaceAll('=', ': ').replaceAll(',', ', ')} } }`,
  );
}

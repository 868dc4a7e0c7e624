import { costRemarks } from './cost-remarks.js';
import { CodedError } from '../domain/coded-error.js';
import type { WholeBaseline, ReferenceWindow } from '../domain/baseline.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import type { BaselinePeriod, BaselineSource, Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { fitFeatures } from './baseline-features.js';
import type { RowSource } from '../constraints/row-source.js';
import { saveReferenceSample } from './classifiers.js';
import { freezeClassifier } from './classify-reference.js';
import { fingerprintOf } from './fingerprint.js';
import { asDeclared, differsFromDeclared } from './declared-types.js';
import { limitsReached } from './limits-reached.js';
import { mineConstraints } from './mine-constraints.js';
import type { Copies } from '../registry/beside.js';
import { answeredRows, ownRows } from './own-rows.js';
import { chosenRows, NO_ANSWER } from './chosen-rows.js';
import { labelledPredictions } from './performance-sql.js';
import { ANSWERED } from '../constraints/answered.js';
import { stageReferenceFile } from './reference-file.js';
import { summariseReference, type ReferenceSummary } from './summarise-reference.js';
import { zoneHint } from './zone-hint.js';

/** A baseline that cannot be frozen; the message says what is missing. */
export class BaselineError extends CodedError {
  override readonly name = 'BaselineError';
  readonly code = 'bad_baseline';
}

/** Which stored rows and labels a reference is made of. */
export interface ReferenceRows {
  /** Labels of stored rows count up to here: of later rows only those may be there that come first. */
  readonly labelsIn: Date;
  /** Rows of versions beside those that answer: what they were asked was asked before, and what they say is nobody's norm. */
  readonly onTrial: readonly Copies[];
}

/**
 * Freezes a baseline from a file or a past period (`learn` becomes a period once it is over). Throws BaselineError, ReferenceFileError.
 */
export async function pinBaseline(
  database: Database,
  model: Model,
  source: BaselineSource,
  now: Date,
  rows: ReferenceRows = { labelsIn: now, onTrial: [] },
): Promise<WholeBaseline> {
  if ('learn' in source)
    throw new BaselineError('baseline.learn: still learning; it is pinned when the period is over');
  if ('since' in source)
    return freeze(database, model, source, await period(database, model, source, rows), now);
  const staged = await stageReferenceFile(database, model, source);
  try {
    const all = { from: `FROM ${staged.table} WHERE 1`, params: {} };
    const rows = { from: `FROM ${staged.table} WHERE ${ANSWERED}`, params: {} };
    const { timed, remarks, knows } = staged;
    const calls = { source: all, knows };
    return await freeze(database, model, source, { rows, calls, judged: rows.from, timed, remarks }, now);
  } finally {
    await staged.drop();
  }
}

async function period(
  database: Database,
  model: Model,
  source: BaselinePeriod,
  { labelsIn, onTrial }: ReferenceRows,
): Promise<ReferenceSummary> {
  const { since, until } = source;
  if (until <= since) throw new BaselineError('baseline: `until` must be after `since`');
  const bounds = { from: '{since:DateTime64(3)}', to: '{until:DateTime64(3)}' };
  const stretch = `ts >= ${bounds.from} AND ts < ${bounds.to} AND ${chosenRows(source, onTrial)}`;
  const range = `${answeredRows(model, bounds)} AND ${stretch}`;
  const params = {
    model: model.key,
    since: sqlMillisecond(since),
    until: sqlMillisecond(until),
    labelsIn: sqlMillisecond(labelsIn),
  };
  const odd = await differsFromDeclared(database, model, null, {
    where: `model = {model:String} AND ${range}`,
    params,
  });
  // All versions that answer are one reference: the version column is blanked, around the rows, for what they are chosen by knows their version.
  const unanswered = source.inputsOnly === true ? `, ${NO_ANSWER}` : '';
  const restated = `'' AS version${odd ? `, ${asDeclared(model)}` : ''}${unanswered}`;
  const columns = `* REPLACE (${restated})`;
  const from = `FROM (SELECT ${columns} FROM (SELECT * FROM predictions FINAL WHERE model = {model:String} AND ${range})) WHERE 1`;
  const judged = `FROM (SELECT * REPLACE (${restated}, ${source.inputsOnly === true ? '0' : 'labelled AND ts < {labelsIn:DateTime64(3)}'} AS labelled) ${labelledPredictions('*', range)})`;
  const answerers = `FROM (SELECT version, labelled AND ts < {labelsIn:DateTime64(3)} AS labelled ${labelledPredictions('version, prediction_id, ts, status', range)})`;
  const all = `FROM (SELECT ${columns} FROM (SELECT * FROM predictions FINAL WHERE model = {model:String} AND ${ownRows(model, bounds)} AND ${stretch})) WHERE 1`;
  const knows = { failed: true, slow: true };
  const calls = source.inputsOnly === true ? null : { source: { from: all, params }, knows };
  return { rows: { from, params }, calls, judged, answerers, timed: true, remarks: [] };
}

async function freeze(
  database: Database,
  model: Model,
  source: BaselineSource,
  reference: ReferenceSummary,
  now: Date,
): Promise<WholeBaseline> {
  const { rows, timed } = reference;
  const width = model.window / 1000;
  const counted = await countRows(database, model, rows);
  await demandProbabilities(database, model, rows);
  const { features, unwatched } = await fitFeatures(database, model, rows, counted.rows);
  const learnt = await mineConstraints(database, {
    model,
    features,
    source: rows,
    judged: { from: reference.judged, params: rows.params },
    ...(reference.answerers === undefined
      ? {}
      : { answerers: { from: reference.answerers, params: rows.params } }),
    calls: reference.calls,
    rows: counted.rows,
    rowsPerWindow: counted.rows / counted.windows,
    windowSeconds: width,
    timed,
  });
  const { rules } = learnt;
  const remarks = [...reference.remarks, ...learnt.remarks, ...limitsReached(model, features, rules)];
  const notes = { unwatched, remarks };
  const frozen = { database, model, reference, features, rules, notes, count: counted.rows };
  const summarised = await summariseReference(frozen);
  const windows: ReferenceWindow[] = [...summarised.windows].map(([start, profile]) => ({
    from: new Date(start * 1000),
    to: new Date((start + width) * 1000),
    profile,
  }));
  const ground = { model, features, source: rows, rows: counted.rows, windows };
  const classified = await freezeClassifier(database, ground);
  const content = {
    features,
    rules: classified ? [...rules, classified.rule] : rules,
    reference: summarised.whole,
    windows: classified ? withMeasures(windows, classified) : windows,
  };
  const fingerprint = await fingerprintOf(content);
  const id = `${model.key}@${fingerprint.slice(0, 12)}`;
  await saveReferenceSample(database, id, classified?.sample ?? []);
  const made = { id, model: model.key, source, fingerprint, pinnedAt: now, rows: counted.rows };
  const later = [
    zoneHint(model, content.windows) ?? [],
    costRemarks(model, features, summarised.whole.performance),
  ].flat();
  return { ...made, notes: { unwatched, remarks: [...remarks, ...later] }, ...content };
}

/** How many rows and windows a reference has. Throws BaselineError where it has none. */
async function countRows(database: Database, { key, window }: Model, { from, params }: RowSource) {
  const [counted] = await database.query<{ rows: number; windows: number }>(
    `SELECT count() AS rows, uniqExact(intDiv(toUnixTimestamp(ts), ${window / 1000})) AS windows ${from}`,
    { params, timeoutMs: 120_000 },
  );
  if (!counted || counted.rows === 0)
    throw new BaselineError(`baseline of ${key}: the reference has no rows`);
  return counted;
}

/** Scores of a reference are probabilities, as those of events are. Throws BaselineError that says how many are not, and one of them. */
async function demandProbabilities(
  database: Database,
  model: Model,
  { from, params }: RowSource,
): Promise<void> {
  if (model.task === 'regression') return;
  const outside = '(p < 0 OR p > 1)';
  const [found] = await database.query<{ n: number; one: number | null }>(
    `SELECT countIf(${outside}) AS n, anyIf(p, ${outside}) AS one
     FROM (SELECT arrayJoin(arrayPushBack(mapValues(scores), score)) AS p ${from})`,
    { params, timeoutMs: 120_000 },
  );
  if (found && found.n > 0)
    throw new BaselineError(
      `baseline of ${model.key}: ${found.n} scores are not probabilities, such as ${found.one}: write them between 0 and 1`,
    );
}

function withMeasures(
  windows: readonly ReferenceWindow[],
  { rule, measures }: { readonly rule: Constraint; readonly measures: ReadonlyMap<number, Measure> },
): ReferenceWindow[] {
  return windows.map((window) => {
    const measure = measures.get(window.from.getTime());
    if (!measure) return window;
    const { profile } = window;
    return { ...window, profile: { ...profile, measures: { ...profile.measures, [rule.name]: measure } } };
  });
}

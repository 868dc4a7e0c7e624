import type { Model } from '../domain/model.js';
import { labelledPredictions } from '../profiles/performance-sql.js';
import { literal } from '../store/sql-text.js';
import { RowLayouts } from '../profiles/row-layout.js';
import type { RowLayout } from '../constraints/row-layout.js';
import { notOf, ownRows, sqlMoment } from '../profiles/own-rows.js';
import type { Copies } from '../registry/beside.js';
import { ANSWERED } from '../constraints/answered.js';
import type { ManifestColumn, TrainingManifest } from '../retraining/manifest.js';
import type { TrainingPlan } from '../retraining/training-plan.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';

/** Which rows of `predictions` a training is about. */
export interface TrainingScope {
  readonly model: Model;
  /** Rows of versions beside those that answer: copies of the same requests. */
  readonly onTrial: readonly Copies[];
  readonly exclude: TrainingPlan['exclude'];
}

/** Names of features as the rows have them. */
export interface FeatureNames {
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  readonly nulls: readonly string[];
}

const BOUNDS = { from: '{from:DateTime64(3)}', to: '{to:DateTime64(3)}' };
export const IN_PERIOD = `ts >= ${BOUNDS.from} AND ts < ${BOUNDS.to}`;

/** Rows of the period that are the model's, excluded or not. */
export function ofModel({ model, onTrial }: TrainingScope): string {
  return `${ownRows(model, BOUNDS)} AND ${notOf(onTrial)} AND ${IN_PERIOD}`;
}

function isExcluded(exclude: TrainingScope['exclude']): string {
  const moment = (time: string) => sqlMoment(new Date(time));
  const each = exclude.map(({ from, to }) => `(ts >= ${moment(from)} AND ts < ${moment(to)})`);
  return each.length === 0 ? 'false' : `(${each.join(' OR ')})`;
}

/** Rows of the model by minute (epoch seconds), those to be learnt from and the others. Parameters: model, from, to, mature. */
export function rowsByMinute(scope: TrainingScope): string {
  const excluded = isExcluded(scope.exclude);
  return `SELECT toUnixTimestamp(toStartOfMinute(ts)) AS minute, count() AS total, countIf(${excluded}) AS excluded,
      countIf(NOT ${excluded} AND NOT ${ANSWERED}) AS failed, countIf(subject != '') AS subjects,
      countIf(NOT ${excluded} AND ${ANSWERED} AND ts < {mature:DateTime64(3)}) AS mature
    FROM predictions FINAL WHERE model = {model:String} AND ${ofModel(scope)} GROUP BY minute ORDER BY minute`;
}

/** Every name under which a feature was sent. Parameters: model, from, to. */
export function featureNames(scope: TrainingScope): string {
  const names = (column: string) => `arraySort(groupUniqArrayArray(${MOST_FEATURES})(${column}))`;
  return `SELECT ${names('mapKeys(num)')} AS numbers, ${names('mapKeys(cat)')} AS words, ${names('nulls')} AS nulls
    FROM predictions WHERE model = {model:String} AND ${ofModel(scope)}`;
}
const MOST_FEATURES = 5000;

/** In which order all rows that may be learnt from name their features; null where not all do it alike. */
export async function rowLayoutOf(
  database: Database,
  scope: TrainingScope,
  { from, to }: TrainingManifest['period'],
): Promise<RowLayout | null> {
  const bounds = { from: sqlMillisecond(new Date(from)), to: sqlMillisecond(new Date(to)) };
  const params = { model: scope.model.key, ...bounds };
  const where = `model = {model:String} AND ${learnable(scope)}`;
  return new RowLayouts(database).of(scope.model.key, { where, params });
}

/** A row of `labelCounts`. */
export interface LabelCount {
  readonly truth: string;
  readonly rows: number;
  readonly mature: number;
  readonly total: number;
  readonly least: number;
  readonly most: number;
}

/** Labelled rows of a source by label; a regression's are summed up. Parameters: those of the source, mature. */
export function labelCounts(task: Model['task'], source: string): string {
  const label = task === 'regression' ? `''` : 'toString(actual)';
  return `SELECT ${label} AS truth, count() AS rows, countIf(ts < {mature:DateTime64(3)}) AS mature,
      sum(actual_value) AS total, min(actual_value) AS least, max(actual_value) AS most ${source} GROUP BY truth`;
}

/** When the newest label about a row of the model was given. Parameters: model. */
export const NEWEST_LABEL =
  'SELECT toUnixTimestamp64Milli(max(labelled_at)) AS at, count() AS n FROM labels WHERE model = {model:String}';

/** Rows of the period that may be learnt from. */
export function learnable(scope: TrainingScope): string {
  return `${ofModel(scope)} AND ${ANSWERED} AND NOT ${isExcluded(scope.exclude)}`;
}

/** Names that a feature of a file cannot have: they are those of the row itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'prediction_id',
  'ts',
  'model_version',
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'actual_label',
]);

/** The columns of a file of training rows, in their order. */
export function trainingColumns(
  model: Model,
  names: FeatureNames,
  attributes: readonly string[],
): readonly ManifestColumn[] {
  const plain = (name: string, holds: ManifestColumn['holds'], type: ManifestColumn['type']) => ({
    name,
    source: null,
    holds,
    type,
    unit: null,
  });
  const own = (name: string, prefix: string) => (RESERVED.has(name) ? `${prefix}.${name}` : name);
  const features = [
    ...new Set([...names.numbers, ...names.words, ...names.nulls, ...Object.keys(model.features)]),
  ];
  const outputs: readonly (readonly [string, ManifestColumn['type']])[] =
    model.task === 'regression'
      ? [['prediction_value', 'number']]
      : [
          ['prediction_label', 'text'],
          ...(model.task === 'binary' ? [['prediction_score', 'number'] as const] : []),
        ];
  const label = model.task === 'regression' ? 'number' : 'text';
  return [
    plain('prediction_id', 'prediction_id', 'text'),
    plain('ts', 'ts', 'time'),
    plain('model_version', 'version', 'text'),
    ...features.toSorted().map((name) => ({
      ...plain(own(name, 'feature'), 'feature', typeOf(model, names, name)),
      source: name,
      unit: model.features[name]?.unit ?? null,
    })),
    ...attributes
      .filter((name) => !features.includes(name))
      .map((name) => ({ ...plain(own(name, 'protected'), 'protected', 'text'), source: name })),
    ...outputs.map(([name, type]) => plain(name, 'output', type)),
    plain('actual_label', 'label', label),
  ];
}

function typeOf({ features }: Model, { numbers, words }: FeatureNames, name: string): 'number' | 'text' {
  const declared = features[name]?.type;
  if (declared) return declared === 'numeric' ? 'number' : 'text';
  return numbers.includes(name) || !words.includes(name) ? 'number' : 'text';
}

/** Where the rows of a file come from, and how their features are read. */
export interface TrainingRowSource {
  /** Gives predictions with their labels: by themselves, or from labels that are staged. */
  readonly rows: (columns: string, where: string) => string;
  /** Where all rows name their features alike, values are read by position. */
  readonly layout: RowLayout | null;
}

/**
 * The rows of a file, oldest first; a feature that a row does not have is null. Parameters: model, from, to, and those of the source.
 */
export function trainingRows(
  scope: TrainingScope,
  columns: readonly ManifestColumn[],
  names: FeatureNames,
  { rows, layout }: TrainingRowSource = { rows: labelledPredictions, layout: null },
): string {
  const features = layout ? byPosition(layout) : byName(names);
  // Features may be called like columns of the store: they get their names outside, where there are no others.
  const read = columns.map((column, i) => `${expressionOf(column, scope.model, features)} AS tidewatch_${i}`);
  const named = columns.map(({ name }, i) => `tidewatch_${i} AS ${quoted(name)}`);
  const [id, time] = [
    columns.findIndex(({ holds }) => holds === 'prediction_id'),
    columns.findIndex(({ holds }) => holds === 'ts'),
  ];
  const held = layout ? 'num.values, cat.values' : 'num, cat';
  const kept = new Set([`prediction_id, ts, status, version, ${held}`, ...outputColumns(columns)]);
  return `SELECT ${named.join(', ')}
    FROM (SELECT ${read.join(', ')} ${rows([...kept].join(', '), learnable(scope))} WHERE labelled)
    ORDER BY tidewatch_${time}, tidewatch_${id}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

function outputColumns(columns: readonly ManifestColumn[]): readonly string[] {
  return columns.flatMap(({ holds, name }) =>
    holds === 'output' ? [name.replace('prediction_', '')] : holds === 'protected' ? ['protected'] : [],
  );
}

function expressionOf(column: ManifestColumn, model: Model, features: Features): string {
  const { holds, name } = column;
  const key = literal(column.source ?? name);
  switch (holds) {
    case 'version':
      return 'version';
    case 'output':
      return name.replace('prediction_', '');
    case 'label':
      return model.task === 'regression' ? 'actual_value' : 'toString(actual)';
    case 'protected':
      return `if(mapContains(protected, ${key}), toString(protected[${key}]), NULL)`;
    case 'feature':
      return featureOf(column, features);
    default:
      return name;
  }
}

/** How a feature is read from a row where it was sent as a number, or as a word; null where no row sent it so. */
interface Features {
  readonly number: (name: string) => string | null;
  readonly word: (name: string) => string | null;
}

function byName({ numbers, words }: FeatureNames): Features {
  const of = (map: 'num' | 'cat', name: string, read: (value: string) => string) =>
    `if(mapContains(${map}, ${literal(name)}), ${read(`${map}[${literal(name)}]`)}, NULL)`;
  return {
    number: (name) => (numbers.includes(name) ? of('num', name, (value) => value) : null),
    word: (name) => (words.includes(name) ? of('cat', name, (value) => `toString(${value})`) : null),
  };
}

function byPosition({ numbers, words }: RowLayout): Features {
  const of = (all: readonly string[], name: string, read: (place: number) => string) =>
    all.includes(name) ? `toNullable(${read(all.indexOf(name) + 1)})` : null;
  return {
    number: (name) => of(numbers, name, (place) => `num.values[${place}]`),
    word: (name) => of(words, name, (place) => `toString(cat.values[${place}])`),
  };
}

/** As the column's type says, whichever way a row sent it. */
function featureOf({ name: column, source, type }: ManifestColumn, features: Features): string {
  const name = source ?? column;
  const number = features.number(name);
  const word = features.word(name);
  const ways =
    type === 'number'
      ? [number, word && `toFloat64OrNull(trimBoth(${word}))`]
      : [word, number && `toString(${number})`];
  const there = ways.filter((way) => way !== null);
  if (there.length === 0)
    return type === 'number' ? "CAST(NULL, 'Nullable(Float64)')" : "CAST(NULL, 'Nullable(String)')";
  return there.length === 1 ? (there[0] ?? '') : `coalesce(${there.join(', ')})`;
}

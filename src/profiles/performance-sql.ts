import type { Model } from '../domain/model.js';
import { SCORE_LAYOUTS, type ScoreLayout } from '../domain/profile.js';
import { ANSWERED } from '../constraints/answered.js';
import { judgement } from '../constraints/judgement.js';
import { literal } from '../store/sql-text.js';
import { labelsOfRows, NEWEST_LABEL } from './newest-label.js';

/** Which rows are judged, and how their scores are counted. */
export interface JudgedRows {
  /** A FROM clause that gives rows of `predictions` with `labelled`, `actual`, `actual_value` beside. */
  readonly source: string;
  /** An expression over `ts`. */
  readonly bucket: string;
  readonly layout: ScoreLayout;
  /** Labels that are no news; null where none is reported. */
  readonly labels: readonly string[] | null;
}

/** The bin of a row's score, or of another expression for a probability; a row without one is counted nowhere. */
export function scoreBin(layout: ScoreLayout, of = 'score'): string {
  const score = `ifNotFinite(${of}, 0)`;
  const place =
    layout === 'equal'
      ? `${score} * 100`
      : `floor((log(greatest(${score}, 0)) - log1p(-least(${score}, 1))) * 8 + 128)`;
  return `toUInt8(least(greatest(${place}, 0), ${SCORE_LAYOUTS[layout] - 1}))`;
}

/**
 * One SELECT that counts rows and judges the labelled ones, a row per version and bucket, with the columns of `performance_1m` but the
 * model. `known` are the features not to report; null reports none.
 */
export function performanceSelect(
  model: Model,
  known: readonly string[] | null,
  { source, bucket, layout, labels }: JudgedRows,
): string {
  const is = judgement(model.task, literal(model.positive ?? ''));
  const binary = model.task === 'binary';
  const histogram = (condition: string) =>
    binary
      ? `countResampleIf(0, ${SCORE_LAYOUTS[layout]}, 1)(score_bin, has_label AND NOT isNaN(score) AND ${condition})`
      : 'emptyArrayUInt64()';
  const newLabels = newLabelsOf(model.task === 'regression' ? null : labels);
  return `SELECT version, bucket, count() AS predictions,
    ${unknownNames(known)} AS unknown_features,
    countIf(has_label) AS labelled, countIf(has_label AND is_correct) AS correct,
    countIf(has_label AND is_positive AND says_positive) AS true_positives, countIf(has_label AND NOT is_positive AND says_positive) AS false_positives,
    countIf(has_label AND NOT is_positive AND NOT says_positive) AS true_negatives, countIf(has_label AND is_positive AND NOT says_positive) AS false_negatives,
    countIf(has_loss) AS loss_rows, sumIf(loss, has_loss) AS loss_sum, sumIf(loss * loss, has_loss) AS loss_squares,
    countIf(has_error) AS error_rows, sumIf(error * error, has_error) AS squared_error_sum,
    sumIf(error * error * error * error, has_error) AS squared_error_squares,
    ${histogram('is_positive')} AS positive_scores, ${histogram('NOT is_positive')} AS negative_scores,
    ${newLabels} AS new_labels
  FROM (
    SELECT version, ${bucket} AS bucket, labelled AS has_label, score,
      ${is.positive} AS is_positive, ${is.predicted} AS says_positive, ${is.correct} AS is_correct, ${is.loss} AS loss, ${is.error} AS error,
      has_label AND NOT isNaN(loss) AS has_loss, has_label AND NOT isNaN(error) AS has_error, ${scoreBin(layout)} AS score_bin,
      ${namesOf(known)} AS names, actual AS truth
    ${source}
  ) GROUP BY version, bucket`;
}

/** So many unknown names of a minute are kept; whoever sends more sends values for names. */
export const MOST_NAMES = 1000;

/** More labels than these in a minute are no classes. */
export const MOST_LABELS = 1000;

function newLabelsOf(labels: readonly string[] | null): string {
  if (labels === null) return `CAST(map(), 'Map(String, UInt32)')`;
  const isNew = `has_label AND truth != '' AND NOT has(CAST([${labels.map(literal).join(', ')}], 'Array(String)'), toString(truth))`;
  const counted = `sumMapIf(map(toString(truth), toUInt32(1)), ${isNew})`;
  return `CAST(if(length(${counted}) > ${MOST_LABELS}, map(), ${counted}), 'Map(String, UInt32)')`;
}

function unknownNames(known: readonly string[] | null): string {
  if (known === null) return `CAST([], 'Array(String)')`;
  return `arrayFilter(name -> NOT has([${known.map(literal).join(', ')}], name), groupUniqArrayArray(${MOST_NAMES + known.length})(names))`;
}

/** Every row's names would cost as much as all the rest: rows with more than the known ones, and one in eight of the others. */
function namesOf(known: readonly string[] | null): string {
  if (known === null) return '0';
  const suspicious = `length(num) + length(cat) + length(nulls) > ${known.length} OR cityHash64(prediction_id) % 8 = 0`;
  return `if(${suspicious}, arrayConcat(mapKeys(num), mapKeys(cat), nulls), [])`;
}

/**
 * Predictions of one model in `[from, to)` with their newest label, whichever source gave it. Columns of `predictions` plus `labelled`,
 * `actual`, `actual_value`, `actual_at`. A failed call has no label. `columns` hold `status`. Parameters: model, from, to. Of labels those count that `which` holds for.
 */
export function labelledPredictions(columns: string, where: string, which = 'true'): string {
  const rows = `SELECT ${columns} FROM predictions FINAL WHERE model = {model:String} AND ${where}`;
  const own = labelsOfRows('prediction_id', `FROM predictions WHERE model = {model:String} AND ${where}`);
  return `FROM (
      SELECT p.*, (l.actual != '' OR isNotNull(l.seen)) AND ${ANSWERED} AS labelled, l.actual AS actual, l.actual_value AS actual_value, l.actual_at AS actual_at
      FROM (${rows}) AS p
      LEFT ANY JOIN (
        SELECT prediction_id, ${NEWEST_LABEL}, max(labelled_at) AS actual_at, toNullable(1) AS seen
        FROM labels WHERE model = {model:String} AND ${own} AND ${which} GROUP BY prediction_id
      ) AS l ON p.prediction_id = l.prediction_id
    )`;
}

import type { Model } from '../domain/model.js';
import { DELAY_BINS } from '../stats/delay-distribution.js';
import { scoreBin } from './performance-sql.js';
import { judgement } from '../constraints/judgement.js';
import { ANSWERED } from '../constraints/answered.js';

/** More pairs of classes than these in a minute are no classes. */
const MOST_CELLS = 10_000;
/** Probabilities of more classes than these are not kept by class: each row would be as many entries. */
const MOST_RANKED_CLASSES = 30;
const NO_COUNTS = `CAST(map(), 'Map(String, UInt32)')`;

/** Columns of `outcomes_1m` that the statement computes. */
export const OUTCOME_COLUMNS =
  'attribute, segment, task, answered, labelled, sums, cells, positives, negatives, scores, answers, answer_scores, class_rows, class_hits, delays';

const sumOf = (value: string, condition: string) => [
  `countIf(${condition})`,
  `sumIf(${value}, ${condition})`,
  `sumIf(${value} * ${value}, ${condition})`,
];
const DELAYS = sumOf('delay', 'known AND delay > 0');

/**
 * The quantile loss of a row, averaged over the quantiles that it was answered with: its `scores`, whose keys are levels between 0 and 1. NaN where it has none
 * (Koenker and Bassett 1978).
 */
const LEVELS = 'arrayMap(level -> toFloat64OrZero(toString(level)), mapKeys(scores))';
const PINBALL = `if(notEmpty(scores) AND arrayAll(q -> q > 0 AND q < 1, ${LEVELS}), arrayAvg((q, answer) -> greatest(q * (actual_value - answer), (q - 1) * (actual_value - answer)), ${LEVELS}, mapValues(scores)), nan)`;

/** What an answer of a model of several classes claims: the probability of its own class; NaN where it sends none. */
const CONFIDENCE = `if(notEmpty(scores) AND label != '', toFloat64(scores[label]), nan)`;
/** The squared distance of all probabilities from the truth, over all classes (Brier 1950): from 0 to 2. NaN without them. */
const DISTANCE = `if(notEmpty(scores), arraySum(p -> p * p, mapValues(scores)) - 2 * scores[actual] + 1, nan)`;
/** Classes whose probabilities are kept, with the true one of a row; one that it gives none for has 0. */
const RANKED = `if(length(scores) BETWEEN 1 AND ${MOST_RANKED_CLASSES}, arrayDistinct(arrayPushBack(mapKeys(scores), actual)), [])`;
const placeOf = (name: string) =>
  `concat(${name}, char(0), toString(${scoreBin('logOdds', `scores[${name}]`)}))`;

/** In the order of OUTCOME_SUMS (domain/outcome.ts). */
const SUMS: Readonly<Record<Model['task'], readonly string[]>> = {
  binary: [
    'countIf(known AND is_positive AND says_positive)',
    'countIf(known AND NOT is_positive AND says_positive)',
    'countIf(known AND is_positive AND NOT says_positive)',
    'countIf(known AND NOT is_positive AND NOT says_positive)',
    ...sumOf('loss', 'known AND NOT isNaN(loss)'),
    ...sumOf('error * error', 'known AND NOT isNaN(error)'),
    ...DELAYS,
  ],
  multiclass: [
    'countIf(known AND is_correct)',
    ...sumOf('loss', 'known AND NOT isNaN(loss)'),
    ...DELAYS,
    ...sumOf('distance', 'known AND isFinite(distance)'),
  ],
  regression: [
    ...sumOf('error', 'known AND NOT isNaN(error)'),
    'sumIf(abs(error), known AND NOT isNaN(error))',
    'sumIf(pow(error, 4), known AND NOT isNaN(error))',
    ...sumOf('abs(error / truth_value)', 'known AND NOT isNaN(error) AND truth_value != 0'),
    'countIf(known AND NOT isNaN(error) AND truth_value = 0)',
    'sumIf(truth_value, known AND NOT isNaN(error))',
    'sumIf(truth_value * truth_value, known AND NOT isNaN(error))',
    ...DELAYS,
    ...sumOf('pinball', 'known AND isFinite(pinball)'),
  ],
};

/**
 * One SELECT over labelled rows of models of one task (set-outcome-sql.ts): a row per model, version, minute and segment with the columns of
 * `outcomes_1m`. `positive` is an expression for the positive class, `places` for all that a row is counted under: the whole, and its segments. Failed calls are no answers.
 */
export function outcomeSelect(
  task: Model['task'],
  {
    source,
    positive,
    places,
  }: { readonly source: string; readonly positive: string; readonly places: string },
): string {
  const is = judgement(task, positive);
  const isMulticlass = task === 'multiclass';
  return `SELECT model, version, bucket, place.1 AS attribute, place.2 AS segment, '${task}' AS task, count() AS answered, countIf(known) AS labelled,
    [${SUMS[task].map((sum) => `toFloat64(${sum})`).join(', ')}] AS sums,
    ${isMulticlass ? cells() : NO_COUNTS} AS cells, ${HISTOGRAMS[task]()},
    ${isMulticlass ? classHistograms() : `${NO_COUNTS} AS class_rows, ${NO_COUNTS} AS class_hits`}, ${delaysOf(task)} AS delays
  FROM (
    SELECT model, version, toStartOfMinute(ts) AS bucket, labelled AS known, score, ${is.positive} AS is_positive, ${is.predicted} AS says_positive,
      ${is.correct} AS is_correct, ${is.loss} AS loss, ${is.error} AS error, actual AS truth, label AS answer, actual_value AS truth_value, ${task === 'regression' ? PINBALL : 'nan'} AS pinball,
      ${isMulticlass ? `${CONFIDENCE} AS confidence, ${DISTANCE} AS distance, known ? arrayMap(name -> ${placeOf('name')}, ${RANKED}) : [] AS ranked, if(empty(ranked), [], [${placeOf('actual')}]) AS hit,` : ''}
      ${scoreBin('logOdds', isMulticlass ? 'confidence' : 'score')} AS bin, ifNotFinite(${isMulticlass ? 'confidence' : 'score'}, 0) AS scored, dateDiff('millisecond', ts, actual_at) / 3600000 AS delay,
      arrayJoin(${places}) AS place
    ${source} WHERE ${ANSWERED}
  ) GROUP BY model, version, bucket, place`;
}

function cells(): string {
  const counted = `sumMapIf(map(concat(toString(truth), char(0), toString(answer)), toUInt32(1)), known)`;
  return `CAST(if(length(${counted}) > ${MOST_CELLS}, map(), ${counted}), 'Map(String, UInt32)')`;
}

/** Each label by its class and how long it took. */
function delaysOf(task: Model['task']): string {
  const name = { binary: `if(is_positive, '1', '0')`, multiclass: 'toString(truth)', regression: `''` }[task];
  const bin = `toUInt16(floor(${DELAY_BINS} * log(greatest(delay * 3600, 1))))`;
  const counted = `sumMapIf(map(concat(${name}, char(0), toString(${bin})), toUInt32(1)), known)`;
  return `CAST(if(length(${counted}) > ${MOST_CELLS}, map(), ${counted}), 'Map(String, UInt32)')`;
}

const count = (condition: string) => mapped('map(toUInt16(bin), toUInt32(1))', condition, 'UInt32');
const sum = (condition: string) => mapped('map(toUInt16(bin), toFloat64(scored))', condition, 'Float64');

function histograms(): string {
  const known = 'known AND NOT isNaN(score)';
  return `${count(`${known} AND is_positive`)} AS positives, ${count(`${known} AND NOT is_positive`)} AS negatives,
    ${sum(known)} AS scores, ${count('NOT isNaN(score)')} AS answers, ${sum('NOT isNaN(score)')} AS answer_scores`;
}

/** Of several classes: answers that were right and wrong, by what they claim. */
function confidenceHistograms(): string {
  const known = 'known AND NOT isNaN(confidence)';
  return `${count(`${known} AND is_correct`)} AS positives, ${count(`${known} AND NOT is_correct`)} AS negatives,
    ${sum(known)} AS scores, CAST(map(), 'Map(UInt16, UInt32)') AS answers, CAST(map(), 'Map(UInt16, Float64)') AS answer_scores`;
}

/** Each class against the rest: rows by its probability, and those of them that are of it. */
function classHistograms(): string {
  const counted = (places: string) => `sumMap(${places}, arrayMap(place -> toUInt32(1), ${places}))`;
  const rows = counted('ranked');
  const mapOf = (found: string) =>
    `CAST(if(length(${rows}.1) > ${MOST_CELLS}, map(), mapFromArrays(${found}.1, ${found}.2)), 'Map(String, UInt32)')`;
  return `${mapOf(rows)} AS class_rows, ${mapOf(counted('hit'))} AS class_hits`;
}

/** Most minutes fill few bins. */
function mapped(entry: string, condition: string, type: string): string {
  return `CAST(sumMapIf(${entry}, ${condition}), 'Map(UInt16, ${type})')`;
}

function noHistograms(): string {
  const none = (type: string) => `CAST(map(), 'Map(UInt16, ${type})')`;
  return `${none('UInt32')} AS positives, ${none('UInt32')} AS negatives, ${none('Float64')} AS scores, ${none('UInt32')} AS answers, ${none('Float64')} AS answer_scores`;
}

const HISTOGRAMS: Readonly<Record<Model['task'], () => string>> = {
  binary: histograms,
  multiclass: confidenceHistograms,
  regression: noHistograms,
};

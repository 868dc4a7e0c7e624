import type { Model } from '../domain/model.js';
import { SCORE_LAYOUTS, type ScoreLayout } from '../domain/profile.js';
import { MOST_LABELS, MOST_NAMES } from './performance-sql.js';
import type { PerformanceRow } from './profile-row.js';
import { JUDGED, type RowBlock } from '../constraints/row-block.js';

/** What is counted of the rows of one minute, without where that is. */
export type PerformanceCounts = Omit<
  PerformanceRow,
  'version' | 'bucket' | 'loss_sum' | 'loss_squares' | 'squared_error_sum' | 'squared_error_squares'
> &
  Readonly<Record<'loss_sum' | 'loss_squares' | 'squared_error_sum' | 'squared_error_squares', number>>;

/** How a model's rows are judged; as {@link ./performance-sql.js} is told. */
export interface JudgedBy {
  readonly model: Model;
  /** Features not to report; null reports none. */
  readonly known: readonly string[] | null;
  readonly layout: ScoreLayout;
  /** Labels that are no news; null where none is reported. */
  readonly labels: readonly string[] | null;
}

interface JudgedRow {
  readonly positive: boolean;
  readonly saysPositive: boolean;
  readonly correct: boolean;
  readonly loss: number;
  readonly error: number;
}

/** The rows of one minute counted and the labelled ones judged: the same numbers as `performanceSelect` makes in the engine. */
export function tallyPerformance(by: JudgedBy, blocks: readonly RowBlock[]): PerformanceCounts {
  const tally = new PerformanceTally(by);
  for (const block of blocks) {
    let judged = 0;
    for (let row = 0; row < block.rows; row += 1) {
      if (!block.labelled[row]) continue;
      tally.add(block, row, block.judged[judged] ?? []);
      judged += 1;
    }
  }
  return tally.result(blocks);
}

class PerformanceTally {
  private readonly binary: boolean;
  private readonly places: number;
  private readonly positives: number[];
  private readonly negatives: number[];
  private readonly newLabels = new Map<string, number>();
  private readonly known: ReadonlySet<string> | null;
  private labelled = 0;
  private correct = 0;
  private readonly confusion = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  private readonly loss = { rows: 0, sum: 0, squares: 0 };
  private readonly error = { rows: 0, sum: 0, squares: 0 };

  constructor(private readonly by: JudgedBy) {
    this.binary = by.model.task === 'binary';
    this.places = this.binary ? SCORE_LAYOUTS[by.layout] : 0;
    this.positives = Array.from({ length: this.places }, () => 0);
    this.negatives = [...this.positives];
    this.known = by.model.task === 'regression' || by.labels === null ? null : new Set(by.labels);
  }

  add(block: RowBlock, row: number, numbers: readonly (number | null)[]): void {
    const { positive, saysPositive, correct, loss, error } = judge(this.by.model, block, row, numbers);
    this.labelled += 1;
    if (correct) this.correct += 1;
    const truth = positive === saysPositive ? 'true' : 'false';
    this.confusion[`${truth}${saysPositive ? 'Positives' : 'Negatives'}`] += 1;
    if (!Number.isNaN(loss)) addTo(this.loss, loss);
    if (!Number.isNaN(error)) addTo(this.error, error * error);
    if (this.binary && block.score[row] !== null) {
      const place = numbers[this.by.layout === 'equal' ? JUDGED.equal : JUDGED.logOdds] ?? 0;
      const bins = positive ? this.positives : this.negatives;
      bins[place] = (bins[place] ?? 0) + 1;
    }
    const actual = block.actual[row] ?? '';
    if (this.known !== null && actual !== '' && !this.known.has(actual))
      this.newLabels.set(actual, (this.newLabels.get(actual) ?? 0) + 1);
  }

  result(blocks: readonly RowBlock[]): PerformanceCounts {
    const { truePositives, falsePositives, trueNegatives, falseNegatives } = this.confusion;
    const news = this.newLabels.size > MOST_LABELS ? [] : [...this.newLabels];
    return {
      predictions: blocks.reduce((sum, block) => sum + block.rows, 0),
      unknown_features: unknownIn(blocks, this.by.known),
      labelled: this.labelled,
      correct: this.correct,
      true_positives: truePositives,
      false_positives: falsePositives,
      true_negatives: trueNegatives,
      false_negatives: falseNegatives,
      loss_rows: this.loss.rows,
      loss_sum: this.loss.sum,
      loss_squares: this.loss.squares,
      error_rows: this.error.rows,
      squared_error_sum: this.error.sum,
      squared_error_squares: this.error.squares,
      positive_scores: this.positives,
      negative_scores: this.negatives,
      new_labels: Object.fromEntries(news),
    };
  }
}

function addTo(sums: { rows: number; sum: number; squares: number }, x: number): void {
  sums.rows += 1;
  sums.sum += x;
  sums.squares += x * x;
}

function judge(model: Model, block: RowBlock, row: number, numbers: readonly (number | null)[]): JudgedRow {
  const [label, actual] = [block.label[row] ?? '', block.actual[row] ?? ''];
  const number = (place: number) => numbers[place] ?? NaN;
  const neither = { positive: false, saysPositive: false };
  if (model.task === 'regression') {
    const error = (block.value[row] ?? NaN) - number(JUDGED.actualValue);
    return { ...neither, correct: false, loss: Math.abs(error), error };
  }
  if (model.task === 'multiclass')
    return { ...neither, correct: label === actual, loss: number(JUDGED.lossClass), error: NaN };
  const score = block.score[row] ?? NaN;
  const positive = actual === (model.positive ?? '');
  const saysPositive = label === '' ? score >= 0.5 : label === (model.positive ?? '');
  const loss = Number.isNaN(score) ? NaN : number(positive ? JUDGED.lossPositive : JUDGED.lossNegative);
  return {
    positive,
    saysPositive,
    correct: positive === saysPositive,
    loss,
    error: score - Number(positive),
  };
}

/** As the engine looks for them: in rows with more names than are known, and in one in eight of the others. */
function unknownIn(blocks: readonly RowBlock[], known: readonly string[] | null): string[] {
  if (known === null) return [];
  const names = new Set<string>();
  for (const { numbers, words, nulls, idLow } of blocks) {
    const looked =
      numbers.length + words.length + nulls.length > known.length || idLow.some((id) => id % 8 === 0);
    if (!looked) continue;
    for (const name of [...numbers, ...words, ...nulls])
      if (names.size < MOST_NAMES + known.length) names.add(name);
  }
  for (const name of known) names.delete(name);
  return [...names];
}

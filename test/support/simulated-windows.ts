import type { Estimated } from '../../src/checks/expected-counts.js';
import { CELL_SEPARATOR, NO_ANSWERS, type Outcome } from '../../src/domain/outcome.js';
import { NO_LABELS } from '../../src/domain/profile.js';
import { isotonicFit, isotonicValue } from '../../src/stats/isotonic.js';
import { lcg } from '../../src/stats/lcg.js';

/** What an answer is, what it says and with which probability. */
interface Row {
  readonly score: number;
  readonly is: boolean;
  readonly says: boolean;
}

/** Answers of a binary model whose scores are what they claim: the log odds are normal, and an answer is positive from a threshold on. */
export interface Population {
  readonly title: string;
  readonly rows: readonly [least: number, most: number];
  readonly centre: number;
  readonly spread: number;
  readonly threshold: number;
}

/** Windows as most models have them: from hundreds of rows of both classes down to a few dozen of which few are positive. */
export const POPULATIONS: readonly Population[] = [
  { title: '400 rows, three in ten positive', rows: [400, 400], centre: -1.4, spread: 1.8, threshold: 0.5 },
  { title: '60 to 200 rows, one in five', rows: [60, 200], centre: -2.1, spread: 1.7, threshold: 0.4 },
  { title: '20 to 80 rows, one in six', rows: [20, 80], centre: -2.3, spread: 1.7, threshold: 0.35 },
];

export interface SimulatedWindow {
  readonly outcome: Outcome;
  /** What the engine measures of it before labels come, by the calibrator that a reference taught. */
  readonly measured: Estimated;
}

/** Windows of a population, one seed one stream; `usual` and `calibrator` are what so many labelled rows of a reference taught. */
export function simulator(population: Population, seed: number, taught: number) {
  const random = lcg(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const draw = (): Row => {
    const score = 1 / (1 + Math.exp(-(population.centre + population.spread * normal())));
    return { score, is: random() < score, says: score >= population.threshold };
  };
  const rowsOf = (n: number) => Array.from({ length: n }, draw);
  const reference = rowsOf(taught);
  const fit = isotonicFit(reference.map(({ score }) => score), reference.map(({ is }) => Number(is)));
  const calibrate = (score: number) => isotonicValue(fit, score);
  const [least, most] = population.rows;
  const { sums } = outcomeOf(reference);
  return {
    usual: {
      ...NO_LABELS, labelled: taught, lossRows: taught, lossSum: sums.loss ?? 0, lossSquares: sums.lossSquares ?? 0,
      errorRows: taught, squaredErrorSum: sums.brier ?? 0, squaredErrorSquares: sums.brierSquares ?? 0,
    },
    calibrator: {
      from: fit.blocks.map(({ from }) => from),
      to: fit.blocks.map(({ to }) => to),
      value: fit.blocks.map(({ value }) => value),
    },
    window: (n = least + Math.floor(random() * (most - least + 1))): SimulatedWindow => {
      const rows = rowsOf(n);
      return { outcome: outcomeOf(rows), measured: measuredOf(rows, calibrate) };
    },
  };
} // prettier-ignore

/** Bins of the log odds, as the engine counts them. */
function binOf(score: number): string {
  return String(Math.min(255, Math.max(0, Math.floor(Math.log(score / (1 - score)) * 8 + 128))));
}

function outcomeOf(rows: readonly Row[]): Outcome {
  const sums = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0, losses: 0, loss: 0, lossSquares: 0, scored: 0, brier: 0, brierSquares: 0 };
  const [positives, negatives, scores, answers] = [{}, {}, {}, {}] as Record<string, number>[] as [Record<string, number>, Record<string, number>, Record<string, number>, Record<string, number>];
  const add = (to: Record<string, number>, place: string, amount: number) => (to[place] = (to[place] ?? 0) + amount);
  for (const { score, is, says } of rows) {
    sums[`${is === says ? 'true' : 'false'}${says ? 'Positives' : 'Negatives'}`] += 1;
    const loss = -Math.log(is ? score : 1 - score);
    const error = (Number(is) - score) ** 2;
    sums.losses += 1;
    sums.loss += loss;
    sums.lossSquares += loss * loss;
    sums.scored += 1;
    sums.brier += error;
    sums.brierSquares += error * error;
    const bin = binOf(score);
    add(is ? positives : negatives, bin, 1);
    add(scores, bin, score);
    add(answers, bin, 1);
  }
  return { ...NO_ANSWERS, answered: rows.length, labelled: rows.length, sums, positives, negatives, scores, answers, answerScores: scores };
} // prettier-ignore

function measuredOf(rows: readonly Row[], calibrate: (score: number) => number): Estimated {
  const found = { kind: 'estimate' as const, n: 0, sum: 0, sumSquares: 0, positives: 0, positiveSum: 0, positiveSquares: 0 };
  for (const { score, says } of rows) {
    const chance = calibrate(score);
    const loss = says ? 1 - chance : chance;
    found.n += 1;
    found.sum += loss;
    found.sumSquares += loss * loss;
    if (!says) continue;
    found.positives += 1;
    found.positiveSum += loss;
    found.positiveSquares += loss * loss;
  }
  return found;
} // prettier-ignore

/** Windows of three classes, of which one is rare; four in five are answered right. */
export function classWindows(seed: number) {
  const random = lcg(seed);
  const names = ['ant', 'bee', 'cat'];
  const draw = () => (random() < 0.65 ? 0 : random() < 0.75 ? 1 : 2);
  return (rows: number): Outcome => {
    const cells: Record<string, number> = {};
    let correct = 0;
    for (let i = 0; i < rows; i += 1) {
      const is = draw();
      const says = random() < 0.7 ? is : draw();
      if (is === says) correct += 1;
      const pair = `${names[is] ?? ''}${CELL_SEPARATOR}${names[says] ?? ''}`;
      cells[pair] = (cells[pair] ?? 0) + 1;
    }
    return { ...NO_ANSWERS, answered: rows, labelled: rows, cells, sums: { correct } };
  };
}

/** Windows of a regression whose errors are normal about a bias. */
export function errorWindows(seed: number) {
  const random = lcg(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return (rows: number): Outcome => {
    const sums = { errors: rows, error: 0, errorSquares: 0, absolute: 0, fourth: 0, truth: 0, truthSquares: 0, percents: rows, percent: 0, percentSquares: 0, zeros: 0 };
    for (let i = 0; i < rows; i += 1) {
      const truth = 1000 + 200 * normal();
      const error = 20 + 110 * normal();
      sums.error += error;
      sums.absolute += Math.abs(error);
      sums.errorSquares += error ** 2;
      sums.fourth += error ** 4;
      sums.truth += truth;
      sums.truthSquares += truth ** 2;
      sums.percent += Math.abs(error / truth);
      sums.percentSquares += (error / truth) ** 2;
    }
    return { ...NO_ANSWERS, answered: rows, labelled: rows, sums };
  };
} // prettier-ignore

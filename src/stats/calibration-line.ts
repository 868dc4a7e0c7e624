export interface CalibrationLine {
  /** Log-odds added at a predicted probability of ½; 0 when calibrated, positive when the model predicts too little. */
  readonly intercept: number;
  /** 1 when calibrated; below 1 the model is over-confident. */
  readonly slope: number;
  readonly interceptVariance: number;
  readonly slopeVariance: number;
}

const MOST_STEPS = 100;
const MOST_HALVINGS = 30;
const EXACT = 1e-10;

/**
 * Calibration intercept and slope: the logistic regression of the label on the log-odds of the prediction. A sentence where there is none: one class alone,
 * predictions that do not vary, or that separate the labels, whose slope is infinite.
 *
 * Lies: a curve can be bent and still have slope 1. Probabilities are kept 1e-12 from 0 and 1. Rows that are alike may be given once: `labels` is then their mean, `weights` how
 * many they are. A Newton step that would make the labels less likely is halved: from a slope of 1 a whole one overshoots where the true one is far below. Cost: O(n) for each of about six steps.
 * Source: Cox (1958), Biometrika 45.
 *
 * @example calibrationLine([0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8], [0, 0, 1, 0, 1, 1, 0, 1]).slope // 0.7924812503605781
 */
export function calibrationLine(
  probabilities: readonly number[],
  labels: readonly number[],
  weights?: readonly number[],
): CalibrationLine | string {
  const rows = { logits: probabilities.map(logitOf), labels, weights };
  const none = noLine(rows);
  if (none !== null) return none;
  let line: Line = { intercept: 0, slope: 0 };
  let own = likelihood(rows, line);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const move = newtonStep(own);
    const size = Math.abs(move.intercept) + Math.abs(move.slope);
    if (size < EXACT * (1 + Math.abs(line.intercept) + Math.abs(line.slope))) break;
    for (let part = 1, halved = 0; halved < MOST_HALVINGS; part /= 2, halved += 1) {
      const next = { intercept: line.intercept + part * move.intercept, slope: line.slope + part * move.slope };
      const found = likelihood(rows, next);
      if (!(found.value >= own.value)) continue;
      [line, own] = [next, found];
      break;
    }
  }
  const [i00, i01, i11] = own.information;
  const determinant = i00 * i11 - i01 * i01;
  return { ...line, interceptVariance: i11 / determinant, slopeVariance: i00 / determinant };
} // prettier-ignore

interface Rows {
  readonly logits: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[] | undefined;
}

function logitOf(p: number): number {
  const kept = Math.min(1 - 1e-12, Math.max(1e-12, p));
  return Math.log(kept) - Math.log1p(-kept);
}

/** Why the likelihood has no maximum; null where it has one. */
function noLine({ logits, labels }: Rows): string | null {
  const ends = (of: (label: number) => boolean) => {
    const own = logits.filter((_, i) => of(labels[i] ?? 0));
    return [own.reduce((a, b) => Math.min(a, b), Infinity), own.reduce((a, b) => Math.max(a, b), -Infinity)] as const;
  };
  const [lowest, highest] = ends((label) => label > 0);
  const [least, most] = ends((label) => label < 1);
  if (lowest > highest) return 'no label is positive';
  if (least > most) return 'no label is negative';
  if (Math.max(highest, most) - Math.min(lowest, least) < 1e-9) return 'the scores do not vary';
  return lowest >= most || highest <= least ? 'the scores separate the labels' : null;
} // prettier-ignore

function newtonStep({ gradient, information: [i00, i01, i11] }: Likelihood): Line {
  const determinant = i00 * i11 - i01 * i01;
  return {
    intercept: (i11 * gradient[0] - i01 * gradient[1]) / determinant,
    slope: (i00 * gradient[1] - i01 * gradient[0]) / determinant,
  };
}

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

interface Likelihood {
  /** Its logarithm. */
  readonly value: number;
  readonly gradient: readonly [number, number];
  readonly information: readonly [number, number, number];
}

function likelihood({ logits, labels, weights }: Rows, { intercept, slope }: Line): Likelihood {
  let [value, g0, g1, i00, i01, i11] = [0, 0, 0, 0, 0, 0];
  logits.forEach((x, i) => {
    const z = intercept + slope * x;
    const p = 1 / (1 + Math.exp(-z));
    const [rows, label] = [weights?.[i] ?? 1, labels[i] ?? 0];
    const residual = rows * (label - p);
    const weight = rows * p * (1 - p);
    value += rows * (label * z - Math.max(z, 0) - Math.log1p(Math.exp(-Math.abs(z))));
    g0 += residual;
    g1 += residual * x;
    i00 += weight;
    i01 += weight * x;
    i11 += weight * x * x;
  });
  return { value, gradient: [g0, g1], information: [i00, i01, i11] };
}

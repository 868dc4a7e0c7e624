export interface CalibrationLine {
  /** Log-odds added at a predicted probability of ½; 0 when calibrated, positive when the model predicts too little. */
  readonly intercept: number;
  /** 1 when calibrated; below 1 the model is over-confident. */
  readonly slope: number;
  readonly interceptVariance: number;
  readonly slopeVariance: number;
}

/**
 * Calibration intercept and slope: the logistic regression of the label on the log-odds of the prediction.
 *
 * Lies: a curve can be bent and still have slope 1; infinite when the classes separate (RangeError). Probabilities are
 * kept 1e-12 from 0 and 1. Rows that are alike may be given once: `labels` is then their mean, `weights` how many they are. Cost: O(n) for each of about six Newton steps. Source: Cox (1958), Biometrika 45.
 *
 * @example calibrationLine([0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8], [0, 0, 1, 0, 1, 1, 0, 1]).slope // 0.7924812503605781
 */
export function calibrationLine(
  probabilities: readonly number[],
  labels: readonly number[],
  weights?: readonly number[],
): CalibrationLine {
  const logits = probabilities.map((p) => {
    const kept = Math.min(1 - 1e-12, Math.max(1e-12, p));
    return Math.log(kept) - Math.log1p(-kept);
  });
  let intercept = 0;
  let slope = 1;
  for (let step = 0; step < 50; step += 1) {
    const { gradient, information } = likelihood(logits, { labels, weights }, { intercept, slope });
    const [i00, i01, i11] = information;
    const determinant = i00 * i11 - i01 * i01;
    if (!(determinant > 1e-12))
      throw new RangeError('calibration line: the predictions do not vary, or separate the labels');
    const moveIntercept = (i11 * gradient[0] - i01 * gradient[1]) / determinant;
    const moveSlope = (i00 * gradient[1] - i01 * gradient[0]) / determinant;
    intercept += moveIntercept;
    slope += moveSlope;
    if (Math.abs(moveIntercept) + Math.abs(moveSlope) < 1e-12) {
      return { intercept, slope, interceptVariance: i11 / determinant, slopeVariance: i00 / determinant };
    }
  }
  throw new RangeError(
    'calibration line: no maximum of the likelihood found; the predictions may separate the labels',
  );
}

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

function likelihood(
  logits: readonly number[],
  {
    labels,
    weights,
  }: { readonly labels: readonly number[]; readonly weights: readonly number[] | undefined },
  { intercept, slope }: Line,
): { gradient: readonly [number, number]; information: readonly [number, number, number] } {
  let g0 = 0;
  let g1 = 0;
  let i00 = 0;
  let i01 = 0;
  let i11 = 0;
  logits.forEach((x, i) => {
    const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
    const rows = weights?.[i] ?? 1;
    const residual = rows * ((labels[i] ?? 0) - p);
    const weight = rows * p * (1 - p);
    g0 += residual;
    g1 += residual * x;
    i00 += weight;
    i01 += weight * x;
    i11 += weight * x * x;
  });
  return { gradient: [g0, g1], information: [i00, i01, i11] };
}

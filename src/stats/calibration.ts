/** One bin of a reliability diagram: rows, sum of predicted probabilities, sum of 0/1 labels. */
export interface CalibrationBin {
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
}

/**
 * Expected calibration error: the row-weighted mean gap between predicted and observed rate over the bins.
 *
 * Lies: biased upwards, the more the fewer rows a bin holds; compare with {@link expectedErrorWhenCalibrated}, and alert on the
 * signed Spiegelhalter z (spiegelhalter.ts) instead. Cost: O(bins). Source: Naeini, Cooper and Hauskrecht (2015), AAAI.
 *
 * @example expectedCalibrationError([{ rows: 10, predicted: 2, observed: 3 }, { rows: 10, predicted: 8, observed: 8 }]) // 0.05
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  if (!(rows > 0)) throw new RangeError('calibration needs at least one row');
  return bins.reduce((sum, bin) => sum + Math.abs(bin.predicted - bin.observed), 0) / rows;
}

/**
 * The calibration error that sampling alone gives a perfectly calibrated model: Σ w √(2 p(1 − p) / πn).
 *
 * Subtract it from {@link expectedCalibrationError} to remove most of that figure's bias. Lies: the normal limit needs
 * np(1 − p) above about 5 in a bin. Cost: O(bins). Source: mean of |N(0, p(1 − p)/n)|.
 *
 * @example expectedErrorWhenCalibrated([{ rows: 100, predicted: 50, observed: 50 }]) // 0.039894228040143274
 */
export function expectedErrorWhenCalibrated(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.reduce((sum, bin) => {
    if (bin.rows === 0) return sum;
    const p = bin.predicted / bin.rows;
    return sum + (bin.rows / rows) * Math.sqrt((2 * p * (1 - p)) / (Math.PI * bin.rows));
  }, 0);
}

/**
 * Reliability bins of equal width over [0, 1], each holding (lower, upper]; 0 joins the first.
 *
 * @example equalWidthBins([0.1, 0.9], [0, 1], 2)[1] // { rows: 1, predicted: 0.9, observed: 1 }
 */
export function equalWidthBins(
  probabilities: readonly number[],
  labels: readonly number[],
  count: number,
): CalibrationBin[] {
  const binOf = (p: number): number => Math.min(count, Math.max(1, Math.ceil(p * count))) - 1;
  return gather(probabilities.map(binOf), probabilities, labels, count);
}

/**
 * Reliability bins of (nearly) equal mass, by rank of the probability; ties may straddle a border.
 *
 * @example equalMassBins([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 2)[0].rows // 2
 */
export function equalMassBins(
  probabilities: readonly number[],
  labels: readonly number[],
  count: number,
): CalibrationBin[] {
  const places: number[] = Array.from({ length: probabilities.length }, () => 0);
  const order = probabilities.map((p, i) => [p, i] as const).sort(([x], [y]) => x - y);
  order.forEach(([, i], rank) => (places[i] = Math.floor((rank * count) / probabilities.length)));
  return gather(places, probabilities, labels, count);
}

/**
 * Neighbouring bins joined until each holds about the same number of rows; a bin is never split.
 *
 * @example massBins([{ rows: 1, predicted: 0.1, observed: 0 }, { rows: 1, predicted: 0.2, observed: 0 }, { rows: 2, predicted: 1, observed: 1 }], 2)[0].rows // 2
 */
export function massBins(bins: readonly CalibrationBin[], count: number): CalibrationBin[] {
  const total = bins.reduce((sum, { rows }) => sum + rows, 0);
  const joined: CalibrationBin[] = [];
  let place = -1;
  let before = 0;
  for (const bin of bins) {
    const own = Math.floor((before * count) / total);
    const last = joined.at(-1);
    if (last && own === place) {
      const { rows, predicted, observed } = last;
      joined[joined.length - 1] = {
        rows: rows + bin.rows,
        predicted: predicted + bin.predicted,
        observed: observed + bin.observed,
      };
    } else joined.push(bin);
    place = own;
    before += bin.rows;
  }
  return joined;
}

function gather(
  places: readonly number[],
  probabilities: readonly number[],
  labels: readonly number[],
  count: number,
): CalibrationBin[] {
  const bins = Array.from({ length: count }, () => ({ rows: 0, predicted: 0, observed: 0 }));
  places.forEach((place, i) => {
    const bin = bins[place];
    if (!bin) return;
    bin.rows += 1;
    bin.predicted += probabilities[i] ?? 0;
    bin.observed += labels[i] ?? 0;
  });
  return bins;
}

import type { Auc } from './auc.js';
import { studentTQuantile } from './student-quantile.js';
import type { Interval } from './wilson.js';

/** Rows of a class whose spread the model of it counts like: of a few rows their own says next to nothing. */
const MODEL_ROWS = 3;
const STEPS = 60;
/** Two-sided 95 %. */
const TAIL = 0.025;

/**
 * Interval of an area under the ROC curve that holds with few rows of a class, and where all are ranked right: the areas from which the found one is not further than Student's t of their own deviations (by the rows of the smaller class).
 * The deviation is that of areas of exponential scores, times how much more or less the rows spread (DeLong's components, of few rows drawn towards those of the model).
 *
 * Lies: as DeLong's, of which it is the score interval with many rows. Cost: two bisections, O(1).
 * Source: Newcombe (2006), Statistics in Medicine 25, method 5; Hanley and McNeil (1982) for the exponential model; DeLong et al. (1988) for the components.
 *
 * @example aucInterval({ auc: 1, variance: 0, positiveSpread: 0, negativeSpread: 0 }, { positives: 5, negatives: 20 }).upper // 1
 */
export function aucInterval(
  { auc, positiveSpread, negativeSpread }: Auc,
  { positives, negatives }: { readonly positives: number; readonly negatives: number },
): Interval {
  const z = studentTQuantile(TAIL, Math.min(positives, negatives) - 1 + MODEL_ROWS);
  const kept = Math.min(1 - 1 / (4 * positives * negatives), Math.max(1 / (4 * positives * negatives), auc));
  const model = spreadsAt(kept);
  const drawn = (own: number, rows: number, ofModel: number) =>
    ((rows - 1) * own + MODEL_ROWS * ofModel) / (rows - 1 + MODEL_ROWS);
  const varianceOf = (ofPositives: number, ofNegatives: number) =>
    ofPositives / positives + ofNegatives / negatives;
  const found = varianceOf(
    drawn(positiveSpread, positives, model.ofPositives),
    drawn(negativeSpread, negatives, model.ofNegatives),
  );
  // where all are ranked right, their own spread is none and says nothing
  const isPerfect = positiveSpread === 0 && negativeSpread === 0;
  const times = isPerfect ? 1 : found / varianceOf(model.ofPositives, model.ofNegatives);
  const isNear = (area: number) => {
    const { ofPositives, ofNegatives } = spreadsAt(area);
    return (auc - area) ** 2 <= z * z * times * varianceOf(ofPositives, ofNegatives);
  };
  return { lower: end(auc, 0, isNear), upper: end(auc, 1, isNear) };
}

/** How much rows of each class vary in the share of the other class that they are on the right side of, of exponential scores. */
function spreadsAt(area: number): { readonly ofPositives: number; readonly ofNegatives: number } {
  return {
    ofPositives: area / (2 - area) - area * area,
    ofNegatives: (2 * area * area) / (1 + area) - area * area,
  };
}

/** The furthest area towards an end that is near; itself where it is that end. */
function end(from: number, to: number, isNear: (area: number) => boolean): number {
  let [near, far] = [from, to];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (near + far) / 2;
    if (isNear(middle)) near = middle;
    else far = middle;
  }
  return near;
}

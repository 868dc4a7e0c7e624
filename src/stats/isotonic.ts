/** A non-decreasing calibrator: constant on each block [from, to] of scores, straight lines between blocks. */
export interface IsotonicFit {
  readonly blocks: readonly IsotonicBlock[];
}

export interface IsotonicBlock {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly weight: number;
}

/**
 * Isotonic regression of labels on scores: the non-decreasing step function nearest in squares (pool adjacent violators).
 *
 * Equal scores are merged first. Lies: it overfits small samples (each end block rests on few rows).
 * Throws RangeError on no data. Cost: O(n log n). Source: Ayer et al. (1955); Zadrozny and Elkan (2002) for calibration.
 *
 * @example isotonicFit([1, 2, 3], [0, 1, 0]).blocks.map((block) => block.value) // [0, 0.5]
 */
export function isotonicFit(scores: readonly number[], labels: readonly number[]): IsotonicFit {
  if (scores.length === 0 || scores.length !== labels.length) {
    throw new RangeError('isotonic regression needs as many labels as scores, and at least one');
  }
  const blocks: IsotonicBlock[] = [];
  for (const point of mergedByScore(scores, labels)) {
    let block = point;
    for (let last = blocks.at(-1); last && last.value >= block.value; last = blocks.at(-1)) {
      block = joined(last, block);
      blocks.pop();
    }
    blocks.push(block);
  }
  return { blocks };
}

/**
 * The calibrated value of a score: its block's, a straight line between two blocks, the end value outside.
 *
 * @example isotonicValue({ blocks: [{ from: 0, to: 0.4, value: 0.1, weight: 5 }, { from: 0.6, to: 1, value: 0.9, weight: 5 }] }, 0.5) // 0.5
 */
export function isotonicValue(
  { blocks }: { readonly blocks: readonly Omit<IsotonicBlock, 'weight'>[] },
  score: number,
): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.to ?? Infinity) < score) low = middle + 1;
    else high = middle;
  }
  const block = blocks[low];
  const before = blocks[low - 1];
  if (!block) return before?.value ?? NaN;
  if (!before || score >= block.from) return block.value;
  return before.value + ((block.value - before.value) * (score - before.to)) / (block.from - before.to);
}

/**
 * The calibration of scores by the blocks of a fit as three lists; without blocks scores are taken as they are.
 *
 * @example isotonicCalibration({ from: [0, 0.6], to: [0.4, 1], value: [0.1, 0.9] })(0.5) // 0.5
 */
export function isotonicCalibration({
  from,
  to,
  value,
}: Readonly<Record<'from' | 'to' | 'value', readonly number[]>>): (score: number) => number {
  if (from.length === 0) return (score) => score;
  const blocks = from.map((start, i) => ({ from: start, to: to[i] ?? start, value: value[i] ?? 0 }));
  return (score) => isotonicValue({ blocks }, score);
}

function mergedByScore(scores: readonly number[], labels: readonly number[]): IsotonicBlock[] {
  const sums = new Map<number, { sum: number; weight: number }>();
  scores.forEach((score, i) => {
    const entry = sums.get(score) ?? { sum: 0, weight: 0 };
    entry.sum += labels[i] ?? 0;
    entry.weight += 1;
    sums.set(score, entry);
  });
  return [...sums]
    .sort(([x], [y]) => x - y)
    .map(([score, { sum, weight }]) => ({ from: score, to: score, value: sum / weight, weight }));
}

function joined(left: IsotonicBlock, right: IsotonicBlock): IsotonicBlock {
  const weight = left.weight + right.weight;
  const value = (left.value * left.weight + right.value * right.weight) / weight;
  return { from: left.from, to: right.to, value, weight };
}

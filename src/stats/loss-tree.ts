/** A node of a tree as a list: `split` is the question's number, null at a leaf; `yes` and `no` are places in the list. */
export interface LossNode {
  readonly split: number | null;
  readonly yes: number;
  readonly no: number;
  /** Mean loss of the rows that come here. */
  readonly loss: number;
}

export interface LossTreeOptions {
  readonly depth: number;
  /** Rows that a leaf holds at least. */
  readonly leastRows: number;
}

/**
 * A regression tree of a loss on yes/no questions: the mean loss of the leaf a row ends in is what its loss is expected to be.
 *
 * Greedy: each split is that with the largest fall of the squared deviation. Lies: it knows no other loss than those of the rows it saw, and is
 * blind to a change of the loss that no question shows. Cost: O(rows × questions × depth). Source: Breiman et al. (1984), CART.
 *
 * @example lossTree([[1, 1, 0, 0]], [4, 4, 1, 1], { depth: 1, leastRows: 1 }).map((node) => node.loss) // [2.5, 4, 1]
 */
export function lossTree(
  questions: readonly (readonly number[])[],
  losses: readonly number[],
  options: LossTreeOptions,
): LossNode[] {
  const nodes: LossNode[] = [];
  const grow = (rows: readonly number[], depth: number): number => {
    const place = nodes.length;
    const loss = rows.reduce((sum, row) => sum + (losses[row] ?? 0), 0) / Math.max(1, rows.length);
    nodes.push({ split: null, yes: -1, no: -1, loss });
    const split = depth > 0 ? bestSplit(questions, losses, rows, options.leastRows) : null;
    if (split === null) return place;
    const says = (row: number) => questions[split]?.[row] === 1;
    const yes = grow(rows.filter(says), depth - 1);
    const no = grow(
      rows.filter((row) => !says(row)),
      depth - 1,
    );
    nodes[place] = { split, yes, no, loss };
    return place;
  };
  grow([...losses.keys()], options.depth);
  return nodes;
}

/** The question whose answer tells most of the loss; null where none leaves enough rows on both sides. */
function bestSplit(
  questions: readonly (readonly number[])[],
  losses: readonly number[],
  rows: readonly number[],
  leastRows: number,
): number | null {
  const total = rows.reduce((sum, row) => sum + (losses[row] ?? 0), 0);
  const before = (total * total) / rows.length;
  let [best, gain] = [null as number | null, 1e-12 * Math.abs(before)];
  questions.forEach((answers, i) => {
    let [n, sum] = [0, 0];
    for (const row of rows) {
      if (answers[row] !== 1) continue;
      n += 1;
      sum += losses[row] ?? 0;
    }
    if (n < leastRows || rows.length - n < leastRows) return;
    const found = (sum * sum) / n + (total - sum) ** 2 / (rows.length - n) - before;
    if (found > gain) [best, gain] = [i, found];
  });
  return best;
}

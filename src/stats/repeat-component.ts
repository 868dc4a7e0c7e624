/**
 * How much the rows of a stretch repeat each other, from how often each bit of a hash of their content is set: 1 where all differ, 2 where each
 * stands there twice. `y` is the tested value (about 1 where rows differ, standard normal times √v around it), `ratio` the second moment of the contents over
 * the rows, `copies` the share of rows that repeat another one if none is there more than twice. Null without rows.
 *
 * With signs ±1 from independent bits, the square of their sum over rows is on average the sum of squared multiplicities; its mean over k bits, over the rows,
 * is about chi-squared over k, whose cube root is about normal with variance 2 / (9 k).
 *
 * Lies: in stretches of a few rows, and where a hash collides. Cost: O(bits). Sources: Alon, Matias and Szegedy (second moments of a stream); Wilson and Hilferty.
 *
 * @example repeatComponent(4, [4, 0, 4, 0]) // { y: 1.587, v: 0.0556, ratio: 4, copies: 1 }
 */
export function repeatComponent(
  rows: number,
  ones: readonly number[],
): { readonly y: number; readonly v: number; readonly ratio: number; readonly copies: number } | null {
  if (rows === 0 || ones.length === 0) return null;
  const squares = ones.reduce((sum, one) => sum + (2 * one - rows) ** 2, 0);
  const ratio = squares / ones.length / rows;
  return { y: Math.cbrt(ratio), v: 2 / (9 * ones.length), ratio, copies: copiesOf(ratio) };
}

/** Rows that repeat another one, as a share of all, where the second moment is so many times the rows. */
export function copiesOf(ratio: number): number {
  return Math.min(1, Math.max(0, (ratio - 1) / 2));
}

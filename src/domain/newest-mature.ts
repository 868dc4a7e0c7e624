/** A window's labels are mature when this share of its predictions has one. */
export const MATURE_SHARE = 0.9;

interface Labelled {
  readonly value: number | null;
  /** Part of the window's answers whose truth is known; null where nothing was answered. */
  readonly maturity: number | null;
}

/**
 * Of windows in order, the newest with a value whose labels are mature: a younger one speaks for the few that were labelled first. Where none is,
 * the one with the largest share of labels, the newest of equals, and `mature` is false. Null where no window has a value.
 */
export function newestMature<Point extends Labelled>(
  points: readonly Point[],
): { readonly point: Point; readonly mature: boolean } | null {
  const valued = points.filter(({ value }) => value !== null);
  const mature = valued.findLast(({ maturity }) => (maturity ?? 0) >= MATURE_SHARE);
  if (mature) return { point: mature, mature: true };
  const [first, ...rest] = valued;
  if (!first) return null;
  const best = rest.reduce((a, b) => ((b.maturity ?? 0) >= (a.maturity ?? 0) ? b : a), first);
  return { point: best, mature: false };
}

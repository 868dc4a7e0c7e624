/** Reference counts of a feature by slot, from which the expected shares of any window follow. */
export interface ReferenceBins {
  readonly total: readonly number[];
  /** 48 slots: hour, plus 24 at the weekend; empty where the slot was never seen. */
  readonly slots: readonly (readonly number[])[];
  /** Rows the whole reference counts for against the slot's own. */
  readonly pseudoRows: number;
}

const SLOT_COUNT = 48;

/** Collects reference windows into slot counts. `pseudoRows` is 3000, or 300 for daily windows. */
export function referenceBins(
  total: readonly number[],
  windows: readonly { readonly slot: number; readonly counts: readonly number[] }[],
  pseudoRows: number,
): ReferenceBins {
  const slots: number[][] = Array.from({ length: SLOT_COUNT }, () => []);
  for (const { slot, counts } of windows) {
    const sums = slots[slot] ?? [];
    slots[slot] = counts.map((count, b) => count + (sums[b] ?? 0));
  }
  return { total, slots, pseudoRows };
}

/**
 * Expected shares of a window in a slot: the slot's reference counts shrunk to those of the whole reference,
 * (c + K p)/(n + K). `without` takes a reference window's own rows out, so that it is not compared with itself.
 */
export function expectedShares(
  bins: ReferenceBins,
  slot: number,
  without?: readonly number[],
): readonly number[] {
  if (without) return shrunken(bins, slot, without);
  const known = remembered.get(bins) ?? [];
  remembered.set(bins, known);
  const shares = known[slot] ?? shrunken(bins, slot);
  known[slot] = shares;
  return shares;
}

/** The bins of a fitted baseline never change, so neither do their expectations. */
const remembered = new WeakMap<ReferenceBins, (readonly number[] | undefined)[]>();

function shrunken(bins: ReferenceBins, slot: number, without?: readonly number[]): number[] {
  const overall = smoothedShares(subtract(bins.total, without));
  const own = subtract(bins.slots[slot] ?? [], without);
  const n = own.reduce((sum, count) => sum + count, 0);
  return overall.map((share, b) => ((own[b] ?? 0) + bins.pseudoRows * share) / (n + bins.pseudoRows));
}

/** Shares with half a row added to every bin: (c + ½)/(n + ½ B). */
export function smoothedShares(counts: readonly number[]): number[] {
  const n = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count + 0.5) / (n + 0.5 * counts.length));
}

function subtract(counts: readonly number[], without: readonly number[] | undefined): readonly number[] {
  return without && counts.length > 0
    ? counts.map((count, b) => Math.max(0, count - (without[b] ?? 0)))
    : counts;
}

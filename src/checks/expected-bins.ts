import type { BinExpectation } from '../stats/feature-components.js';
import { type LevelShape, overallAtLevel } from '../stats/level-shape.js';

/** Reference counts of a feature by slot, from which the expected shares of any window follow. */
export interface ReferenceBins {
  readonly total: readonly number[];
  /** 48 slots: hour, plus 24 at the weekend; empty where the slot was never seen. */
  readonly slots: readonly (readonly number[])[];
  /** Rows the whole reference counts for against the slot's own. */
  readonly pseudoRows: number;
  /** How the shares change with the level; null where the reference does not say, and for categories. */
  readonly levelShape: LevelShape | null;
}

const SLOT_COUNT = 48;
/** Cohen's w too small to matter, and smaller than a tilt, a season or a table can be trusted with. */
const SAME_FORM = 0.05;

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
  return { total, slots, pseudoRows, levelShape: null };
}

/** What a slot expects, and how sure that is. */
export type SlotExpectation = Omit<BinExpectation, 'scores'>;

/**
 * Expected shares of a window in a slot: the slot's reference counts shrunk to those of the whole reference,
 * (c + K p)/(n + K). `without` takes a reference window's own rows out, so that it is not compared with itself.
 */
export function slotExpectation(
  bins: ReferenceBins,
  slot: number,
  without?: readonly number[],
): SlotExpectation {
  if (without) return shrunken(bins, slot, without);
  const known = remembered.get(bins) ?? [];
  remembered.set(bins, known);
  const expectation = known[slot] ?? shrunken(bins, slot);
  known[slot] = expectation;
  return expectation;
}

/** The bins of a fitted baseline never change, so neither do their expectations. */
const remembered = new WeakMap<ReferenceBins, (SlotExpectation | undefined)[]>();

function shrunken(bins: ReferenceBins, slot: number, without?: readonly number[]): SlotExpectation {
  const overall = smoothedShares(subtract(bins.total, without));
  const own = subtract(bins.slots[slot] ?? [], without);
  const n = total(own);
  const pseudo = bins.pseudoRows;
  // A slot with a level of its own is shrunk to the form the whole reference has at that level: a mixture of levels is wider than each.
  const usual = bins.levelShape ? overallAtLevel(overall, own, bins.levelShape) : overall;
  const shares = usual.map((share, b) => ((own[b] ?? 0) + pseudo * share) / (n + pseudo));
  // The slot's rows are among those of the whole reference, which the pseudo-rows stand for.
  const shared = (pseudo * (pseudo + 2 * n)) / Math.max(total(bins.total) - total(without ?? []), 1);
  return { shares, rows: (n + pseudo) ** 2 / (n + shared), sameForm: SAME_FORM, levelShape: bins.levelShape };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Shares with half a row added to every bin: (c + ½)/(n + ½ B). */
export function smoothedShares(counts: readonly number[]): number[] {
  const n = total(counts);
  return counts.map((count) => (count + 0.5) / (n + 0.5 * counts.length));
}

function subtract(counts: readonly number[], without: readonly number[] | undefined): readonly number[] {
  return without && counts.length > 0
    ? counts.map((count, b) => Math.max(0, count - (without[b] ?? 0)))
    : counts;
}

import type { BinExpectation } from '../stats/feature-components.js';
import { type LevelShape, overallAtLevel } from '../stats/level-shape.js';
import { type CalendarSlot, hoursOfSlot } from './calendar-slot.js';
import { countByHour, countsOfHours, type HourCounts, typicalCounts } from './hour-counts.js';

/** Reference counts of a feature by slot, from which the expected shares of any window follow. */
export interface ReferenceBins {
  readonly total: readonly number[];
  /** By hour of the week, of which a slot has those of its weekdays or of its weekend. */
  readonly hours: HourCounts;
  /** Rows of a large reference window in each of those slots: more do not make a window surer than it is known what its like differ by. */
  readonly mostRows: readonly number[];
  /** Rows the whole reference counts for against the slot's own. */
  readonly pseudoRows: number;
  /** How the shares change with the level; null where the reference does not say, and for categories. */
  readonly levelShape: LevelShape | null;
}

/** One reference window: where it stands in the week, and its counts. */
export interface SlotCounts {
  readonly slot: SlotOfWeek;
  readonly counts: readonly number[];
}

type SlotOfWeek = Pick<CalendarSlot, 'week' | 'bins'>;

const SLOT_COUNT = 48;
/** Cohen's w too small to matter, and smaller than a tilt, a season or a table can be trusted with. */
const SAME_FORM = 0.05;
/** One window in twenty has more rows than what counts as a large one. */
const LARGE = 0.95;

/** Collects reference windows into slot counts. `pseudoRows` is 3000, or 300 for daily windows. */
export function referenceBins(
  counts: readonly number[],
  windows: readonly SlotCounts[],
  pseudoRows: number,
): ReferenceBins {
  const hours = countByHour(windows.map(({ slot, counts: own }) => ({ hour: slot.week, counts: own })));
  const mostRows = largeBySlot(windows);
  return { total: counts, hours, mostRows, pseudoRows, levelShape: null };
}

/** Rows of a large window of every slot; where a slot was never seen, of a large one of all. */
function largeBySlot(windows: readonly SlotCounts[]): number[] {
  const all: number[] = [];
  const slots: number[][] = Array.from({ length: SLOT_COUNT }, () => []);
  for (const { slot, counts } of windows) {
    const rows = total(counts);
    all.push(rows);
    slots[slot.bins]?.push(rows);
  }
  const overall = large(all) ?? Infinity;
  return slots.map((rows) => large(rows) ?? overall);
}

function large(rows: readonly number[]): number | undefined {
  return rows.toSorted((a, b) => a - b)[Math.floor(LARGE * rows.length)];
}

/** What a slot expects, and how sure that is. */
export type SlotExpectation = Omit<BinExpectation, 'scores'>;

/**
 * Expected shares of a window in a slot: the slot's reference counts shrunk to those of the whole reference,
 * (c + K p)/(n + K). A reference window is held against the reference without itself (`without`), so that it is not compared with itself; a
 * new one against the reference without a typical window of its hour of the week: both see as many others of their kind.
 */
export function slotExpectation(
  bins: ReferenceBins,
  slot: SlotOfWeek,
  without?: readonly number[],
): SlotExpectation {
  if (without) return shrunken(bins, slot.bins, without);
  const known = remembered.get(bins);
  if (known?.week === slot.week && known.bins === slot.bins) return known.expectation;
  const expectation = shrunken(bins, slot.bins, typicalCounts(bins.hours, slot.week));
  remembered.set(bins, { week: slot.week, bins: slot.bins, expectation });
  return expectation;
}

/** The last of each: a window asks many times for its own, and those of a week of every feature of thousands of models would fill memory. */
const remembered = new WeakMap<ReferenceBins, SlotOfWeek & { readonly expectation: SlotExpectation }>();

function shrunken(bins: ReferenceBins, slot: number, without?: readonly number[]): SlotExpectation {
  const overall = smoothedShares(subtract(bins.total, without));
  const own = subtract(countsOfHours(bins.hours, hoursOfSlot(slot)), without);
  const n = total(own);
  const pseudo = bins.pseudoRows;
  // A slot with a level of its own is shrunk to the form the whole reference has at that level: a mixture of levels is wider than each.
  const usual = bins.levelShape ? overallAtLevel(overall, own, bins.levelShape) : overall;
  const shares = usual.map((share, b) => ((own[b] ?? 0) + pseudo * share) / (n + pseudo));
  // The slot's rows are among those of the whole reference, which the pseudo-rows stand for.
  const shared = (pseudo * (pseudo + 2 * n)) / Math.max(total(bins.total) - total(without ?? []), 1);
  return {
    shares,
    rows: (n + pseudo) ** 2 / (n + shared),
    sameForm: SAME_FORM,
    mostRows: bins.mostRows[slot] ?? Infinity,
    levelShape: bins.levelShape,
  };
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
  return without && without.length > 0 && counts.length > 0
    ? counts.map((count, b) => Math.max(0, count - (without[b] ?? 0)))
    : counts;
}

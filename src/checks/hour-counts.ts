import { SLOTS } from '../stats/seasonal-smoother.js';

/**
 * Counts of a feature's bins in a reference, added up by hour of the week. A fleet holds hundreds of bins of every feature of every model: whole
 * numbers take two or four bytes each, and an hour that was never seen none.
 */
export interface HourCounts {
  /** By hour of the week (168): 0 where it was never seen, or else its row below and one. */
  readonly places: Uint8Array;
  /** Windows of each row. */
  readonly windows: Uint32Array;
  /** Sums of the bins, row after row. */
  readonly sums: Uint16Array | Uint32Array | Float64Array;
  readonly bins: number;
}

/** Counts of one window that begins in an hour of the week. */
export interface CountsInHour {
  readonly hour: number;
  readonly counts: readonly number[];
}

/** One for all. */
const UNSEEN: readonly number[] = [];

/** Adds windows up by their hour. */
export function countByHour(windows: readonly CountsInHour[]): HourCounts {
  const places = new Uint8Array(SLOTS);
  const bins = windows.reduce((most, { counts }) => Math.max(most, counts.length), 0);
  const seen: number[] = [];
  const sums: number[] = [];
  for (const { hour, counts } of windows) {
    if (places[hour] === 0) {
      places[hour] = seen.push(0);
      for (let b = 0; b < bins; b += 1) sums.push(0);
    }
    const row = (places[hour] ?? 0) - 1;
    seen[row] = (seen[row] ?? 0) + 1;
    counts.forEach((count, b) => (sums[row * bins + b] = (sums[row * bins + b] ?? 0) + count));
  }
  return { places, windows: Uint32Array.from(seen), sums: packed(sums), bins };
}

function packed(sums: readonly number[]): HourCounts['sums'] {
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  if (most >= 2 ** 32 || !sums.every((sum) => Number.isInteger(sum) && sum >= 0))
    return Float64Array.from(sums);
  return most < 2 ** 16 ? Uint16Array.from(sums) : Uint32Array.from(sums);
}

/** The sums of some hours of the week together; empty where none was seen. */
export function countsOfHours(
  { places, sums, bins }: HourCounts,
  hours: readonly number[],
): readonly number[] {
  let total: number[] | null = null;
  for (const hour of hours) {
    const row = (places[hour] ?? 0) - 1;
    if (row < 0) continue;
    total ??= Array.from({ length: bins }, () => 0);
    for (let b = 0; b < bins; b += 1) total[b] = (total[b] ?? 0) + (sums[row * bins + b] ?? 0);
  }
  return total ?? UNSEEN;
}

/** The mean counts of one window in an hour of the week; empty where it was never seen. */
export function typicalCounts(table: HourCounts, hour: number): readonly number[] {
  const windows = table.windows[(table.places[hour] ?? 0) - 1];
  return windows === undefined ? UNSEEN : countsOfHours(table, [hour]).map((sum) => sum / windows);
}

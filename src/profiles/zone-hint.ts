import type { ReferenceWindow } from '../domain/baseline.js';
import { CLOCK_ZONES } from '../domain/clock-zones.js';
import type { Model } from '../domain/model.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Days needed before and after the change: fewer do not show a season. */
const DAYS_BESIDE_CHANGE = 5;
/** The zone must leave this part, or less, of what UTC leaves unexplained. */
const EXPLAINS = 0.7;
/** Features looked at beside the number of rows. */
const FEATURES_BESIDE_ROWS = 10;

/**
 * A remark where the season of the day moves by an hour when the clocks of another zone do, and the model names none; null where it does not, or the
 * reference has no such change in it. Cost: O(windows × zones).
 */
export function zoneHint(
  { timezone, window }: Pick<Model, 'timezone' | 'window'>,
  windows: readonly ReferenceWindow[],
): string | null {
  if (timezone !== 'UTC' || window > HOUR || windows.length === 0) return null;
  const starts = windows.map(({ from }) => from.getTime());
  const series = seriesOf(windows);
  const inUtc = unexplained(series, starts, () => 0);
  if (!(inUtc > 0)) return null;
  const [best] = CLOCK_ZONES.flatMap((zone) => {
    const offsets = offsetsOf(zone, starts);
    const change = changeIn(starts, offsets);
    if (change === null) return [];
    const left = unexplained(series, starts, (i) => offsets[i] ?? 0) / inUtc;
    return left <= EXPLAINS ? [{ zone, change, left }] : [];
  }).toSorted((a, b) => a.left - b.left);
  if (!best) return null;
  const day = new Date(best.change).toISOString().slice(0, 10);
  return `its days move by an hour on ${day}, as clocks do in ${best.zone}: this looks like ${best.zone}, or a zone whose clocks change with it; name yours under timezone`;
}

/** The number of rows and the means of numeric features, window by window. */
function seriesOf(windows: readonly ReferenceWindow[]): (readonly number[])[] {
  const names = Object.keys(windows[0]?.profile.features ?? {}).slice(0, FEATURES_BESIDE_ROWS);
  const means = names.map((name) =>
    windows.map(({ profile }) => {
      const feature = profile.features[name];
      return feature?.kind === 'numeric' ? (feature.sum ?? NaN) / feature.n : NaN;
    }),
  );
  const rows = windows.map(({ profile }) => Math.sqrt(profile.predictions));
  return [rows, ...means.filter((values) => values.every(Number.isFinite))];
}

/** Part of the variance that the hour of the day, shifted by an offset, leaves, over all series. */
function unexplained(
  series: readonly (readonly number[])[],
  starts: readonly number[],
  offset: (i: number) => number,
): number {
  const hours = starts.map((start, i) => Math.floor((start + offset(i)) / HOUR) % 24);
  return series.reduce((total, values) => {
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const whole = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return whole > 0 ? total + within(values, hours) / whole : total;
  }, 0);
}

function within(values: readonly number[], hours: readonly number[]): number {
  const sums = Array.from({ length: 24 }, () => ({ n: 0, sum: 0 }));
  values.forEach((value, i) => {
    const hour = sums[hours[i] ?? 0];
    if (hour) [hour.n, hour.sum] = [hour.n + 1, hour.sum + value];
  });
  return values.reduce((total, value, i) => {
    const { n, sum } = sums[hours[i] ?? 0] ?? { n: 1, sum: value };
    return total + (value - sum / n) ** 2;
  }, 0);
}

/** When the offset changes inside the reference, with enough days on both sides; null where it does not. */
function changeIn(starts: readonly number[], offsets: readonly number[]): number | null {
  const at = offsets.findIndex((offset) => offset !== offsets[0]);
  const change = starts[at];
  if (at < 0 || change === undefined) return null;
  const [first = change, last = change] = [starts[0], starts.at(-1)];
  return Math.min(change - first, last - change) >= DAYS_BESIDE_CHANGE * DAY ? change : null;
}

/** Offsets of a zone from UTC, ms, looked up once a day: clocks change at night. */
function offsetsOf(zone: string, starts: readonly number[]): number[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
  const days = new Map<number, number>();
  return starts.map((start) => {
    const day = Math.floor(start / DAY);
    const known = days.get(day);
    if (known !== undefined) return known;
    const hour = Number(format.format(day * DAY + DAY / 2));
    const offset = (hour - 12) * HOUR;
    days.set(day, offset);
    return offset;
  });
}

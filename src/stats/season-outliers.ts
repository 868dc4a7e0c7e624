import { OUTLIER, robustSpread } from './robust-spread.js';
import { type SeasonShape, SLOTS } from './seasonal-smoother.js';

/** A series over its reference windows, as its season is seen. */
export interface SeasonalValues {
  readonly y: readonly number[];
  /** Sampling variance of each value. */
  readonly v: readonly number[];
  /** Slot of the week of each window. */
  readonly slots: readonly number[];
  /** Day of each window, counted. */
  readonly days: readonly number[];
}

/** What does not belong to the season of a reference. */
export interface SeasonOutliers {
  /** Season by medians: what single windows and days did does not move it. */
  readonly medians: readonly number[];
  /** Windows that shall not shape the season. */
  readonly outliers: readonly boolean[];
}

const ROUNDS = 2;
/** Fewer windows of a day do not make its mean. */
const LEAST_OF_DAY = 6;
/** What is more common than this is no incident but what the series is like. */
const MOST_OUTLIERS = 0.1;

/**
 * Windows, and whole days, that stand out from a season of medians by six robust standard deviations. A start by means would be masked: one bad
 * Saturday of four moves the mean of Saturdays, and then the good ones stand out.
 *
 * Where a tenth of the windows stand out there are none: that is what the series is like. Cost: O(windows log windows).
 * Source: median polish (Tukey 1977).
 */
export function seasonOutliers(series: SeasonalValues, shape: SeasonShape): SeasonOutliers {
  const medians = medianSeason(series, shape);
  const residuals = series.y.map((value, i) => value - (medians[series.slots[i] ?? 0] ?? 0));
  const spread = robustSpread(residuals.map(Math.abs));
  const limits = series.v.map((v) => OUTLIER * Math.max(spread, Math.sqrt(v)));
  const days = oddDays(series.days, residuals, spread);
  const outliers = residuals.map(
    (r, i) => Math.abs(r) > (limits[i] ?? Infinity) || days.has(series.days[i] ?? 0),
  );
  if (outliers.filter(Boolean).length > MOST_OUTLIERS * outliers.length) {
    return { medians, outliers: outliers.map(() => false) };
  }
  return { medians, outliers };
}

/** The sum of a median of all, of hours, of weekdays and of hours of the week, as far as the reference is long enough for them. */
function medianSeason({ y, slots }: SeasonalValues, shape: SeasonShape): number[] {
  const effects: ((slot: number) => number)[] = [
    () => 0,
    ...(shape.hour ? [(slot: number) => slot % 24] : []),
    ...(shape.weekday ? [(slot: number) => Math.floor(slot / 24)] : []),
    ...(shape.interaction ? [(slot: number) => slot] : []),
  ];
  const season = Array.from({ length: SLOTS }, () => 0);
  let rest = y;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const effect of effects) {
      const groups = new Map<number, number[]>();
      rest.forEach((value, i) => {
        const key = effect(slots[i] ?? 0);
        const group = groups.get(key);
        if (group) group.push(value);
        else groups.set(key, [value]);
      });
      const middle = new Map([...groups].map(([key, values]) => [key, median(values)]));
      rest = rest.map((value, i) => value - (middle.get(effect(slots[i] ?? 0)) ?? 0));
      for (let slot = 0; slot < SLOTS; slot += 1)
        season[slot] = (season[slot] ?? 0) + (middle.get(effect(slot)) ?? 0);
    }
  }
  return season;
}

/** Days whose windows stand out together, though each by itself may not. */
function oddDays(days: readonly number[], residuals: readonly number[], spread: number): ReadonlySet<number> {
  const byDay = new Map<number, { n: number; sum: number }>();
  const most = OUTLIER * spread;
  residuals.forEach((r, i) => {
    const day = byDay.get(days[i] ?? 0) ?? { n: 0, sum: 0 };
    byDay.set(days[i] ?? 0, { n: day.n + 1, sum: day.sum + Math.max(-most, Math.min(most, r)) });
  });
  const means = [...byDay]
    .filter(([, { n }]) => n >= LEAST_OF_DAY)
    .map(([day, { n, sum }]) => ({ day, n, mean: sum / n }));
  const usual = robustSpread(means.map(({ mean }) => Math.abs(mean)));
  const odd = means.filter(
    ({ n, mean }) => Math.abs(mean) > OUTLIER * Math.max(usual, spread / Math.sqrt(n)),
  );
  return new Set(odd.map(({ day }) => day));
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const upper = values[middle] ?? 0;
  return values.length % 2 === 1 ? upper : (upper + (values[middle - 1] ?? 0)) / 2;
}

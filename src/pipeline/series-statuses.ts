import type { SeriesModel } from '../checks/series.js';

type Statuses = ReadonlyMap<SeriesModel['status'], number>;
/** By the series of a fit, which stay as they are: every model is asked every few seconds. */
const counted = new WeakMap<readonly SeriesModel[], Statuses>();

/** How many series of a fit stand how. */
export function statusesOf(series: readonly SeriesModel[]): Statuses {
  const known = counted.get(series);
  if (known) return known;
  const statuses = new Map<SeriesModel['status'], number>();
  for (const { status } of series) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  counted.set(series, statuses);
  return statuses;
}

import { needsLabels } from '../checks/later-labels.js';
import type { SeriesModel } from '../checks/series.js';

/**
 * How a series of a frozen reference stands: by its status, but for one that has no law. It `waits` for something that it names, is `unlabelled` where labels
 * may teach it later, and else `short` of windows: what a frozen reference did not teach, waiting does not either.
 */
export type SeriesStanding = Exclude<SeriesModel['status'], 'learning'> | 'waits' | 'unlabelled' | 'short';

/** How one series stands. */
export function standingIn(series: SeriesModel): SeriesStanding {
  if (series.status !== 'learning') return series.status;
  if (series.waits !== undefined) return 'waits';
  return needsLabels(series) ? 'unlabelled' : 'short';
}

type Counted = ReadonlyMap<SeriesStanding, number>;
/** By the series of a fit, which stay as they are: every model is asked every few seconds. */
const counted = new WeakMap<readonly SeriesModel[], Counted>();

/** How many series of a fit stand how. */
export function standingsOf(series: readonly SeriesModel[]): Counted {
  const known = counted.get(series);
  if (known) return known;
  const standings = new Map<SeriesStanding, number>();
  for (const one of series) {
    const standing = standingIn(one);
    standings.set(standing, (standings.get(standing) ?? 0) + 1);
  }
  counted.set(series, standings);
  return standings;
}

import type { SeriesModel } from './series.js';

/** Errors that double: a day of the week may well make a model worse, it does not make it twice as wrong. */
const TWICE = 2;
/** Percentage points: twice next to nothing is next to nothing. */
const LEAST_ERRORS = 5;
/** An area under the curve of a coin. */
const NO_SKILL = 0.5;

/**
 * The effect, as {@link ./signed-effect.js} has it, from which performance has fallen by more than any season explains, so that a reference shorter
 * than the season is no reason to keep it from people: errors and losses are twice what they were, or half of the ranking is gone. Null
 * for what is no performance.
 */
export function beyondAnySeason({ family, statistic, typical }: SeriesModel): number | null {
  if (family !== 'performance') return null;
  switch (statistic) {
    case 'error_rate':
      return Math.max(LEAST_ERRORS, 100 * typical * (TWICE - 1));
    case 'log_loss':
    case 'mean_absolute_error':
    case 'root_mean_squared_error':
      return typical * (TWICE - 1);
    case 'auc':
      return Math.max(0, typical - NO_SKILL) / TWICE;
    default:
      return null;
  }
}

import type { Constraint } from '../domain/constraint.js';
import type { Relevance, Watched } from '../domain/watched-series.js';
import { percentText } from '../domain/wording.js';
import type { Seen } from './constraint-kind.js';

/** A constraint broken more often by less than this is not worth an alert at any number of rows: half a percentage point. */
const BROKEN: Relevance = { unit: 'rate', size: 0.005 };

/** How constraints that rows keep or break are watched: however many of a check a model has, they share the part of one feature. */
export function watchedBreaks({ check }: Constraint, relevance = BROKEN): Watched {
  return { family: 'quality', unit: `rules:${check}`, weight: 1, signs: [1], relevance };
}

/** How often the reference kept it. */
export function heldText({ before }: Seen): string {
  return before?.kind === 'rate' && before.trials > 0 ? percentText(1 - before.hits / before.trials) : 'most';
}

/** How often the reference broke it. */
export function brokenText({ before }: Seen): string {
  return percentText(before?.kind === 'rate' && before.trials > 0 ? before.hits / before.trials : 0);
}

/** How often the window breaks it. */
export function nowText({ value, n }: Seen): string {
  return `${percentText(value)} of ${n} rows`;
}

/** A sentence for a constraint whose statistic says what it is. */
export function explainBreaks({ statistic }: Constraint, seen: Seen): string {
  return `${statistic} held in ${heldText(seen)} of the reference; ${nowText(seen)} break it`;
}

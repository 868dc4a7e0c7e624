import type { BaselinePeriod } from '../domain/model.js';
import type { Copies } from '../registry/beside.js';
import { notOf, sqlMoment } from './own-rows.js';
import { literal } from '../store/sql-text.js';

/**
 * Condition on rows of `predictions` beyond the bounds of a period: they are of the version that it names, else of none that is `onTrial`, and in
 * nothing that it leaves out.
 */
export function chosenRows(
  { version, exclude = [] }: Omit<BaselinePeriod, 'since' | 'until'>,
  onTrial: readonly Copies[],
): string {
  const own = version === undefined ? notOf(onTrial) : `version = ${literal(version)}`;
  const without = exclude.map(({ from, to }) => `NOT (ts >= ${sqlMoment(from)} AND ts < ${sqlMoment(to)})`);
  return [own, ...without].join(' AND ');
}

/** Rows as if nobody had answered them, for a REPLACE: what another version answered says nothing about one that learns from the same rows. */
export const NO_ANSWER =
  "'' AS label, nan AS score, nan AS value, mapFilter((k, v) -> 0, scores) AS scores, mapFilter((k, v) -> 0, attributions) AS attributions";

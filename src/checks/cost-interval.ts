import { jeffreysInterval } from '../stats/jeffreys.js';
import { recoveredInterval, type SummedPart } from '../stats/recovered-variance.js';
import type { Band } from './metric-interval.js';

/** Rows that cost the same. */
export interface CostCell {
  readonly cost: number;
  readonly rows: number;
}

/**
 * Where the mean cost of an answer lies, of rows that each cost one of a few amounts: the cost of the most frequent amount, and what the shares of the others add to it, with Jeffreys' interval
 * of each. Amounts that no row had are there with what they may be of so many rows (together: their mean amount, of more than two), so that a window without the rare dear mistake does not claim that
 * there is none. It lies between the least and the largest amount.
 */
export function costBand(cells: readonly CostCell[], possible: readonly number[]): Band {
  const rows = new Map<number, number>(possible.map((cost) => [cost, 0]));
  for (const { cost, rows: own } of cells) rows.set(cost, (rows.get(cost) ?? 0) + own);
  const n = [...rows.values()].reduce((sum, own) => sum + own, 0);
  const costs = [...rows.keys()];
  if (n === 0 || costs.some((cost) => !Number.isFinite(cost))) return { low: null, high: null };
  const usual = costs.reduce((best, cost) => ((rows.get(cost) ?? 0) > (rows.get(best) ?? 0) ? cost : best));
  const parts = pooled(rows)
    .filter(({ cost }) => cost !== usual)
    .map(({ cost, rows: own }) => ({ weight: cost - usual, value: own / n, ...jeffreysInterval(own, n) }));
  const { lower, upper } = recoveredInterval(parts, shareCorrelation);
  return { low: Math.max(Math.min(...costs), usual + lower), high: Math.min(Math.max(...costs), usual + upper) };
} // prettier-ignore

/** Amounts that may stand by themselves without a row. */
const MOST_UNSEEN = 2;

function pooled(rows: ReadonlyMap<number, number>): CostCell[] {
  const all = [...rows].map(([cost, own]) => ({ cost, rows: own }));
  const [seen, unseen] = [all.filter((one) => one.rows > 0), all.filter((one) => one.rows === 0)];
  if (unseen.length <= MOST_UNSEEN) return all;
  const cost = unseen.reduce((sum, one) => sum + one.cost, 0) / unseen.length;
  return [...seen, { cost, rows: 0 }];
}

/** Of two shares of the same rows. */
function shareCorrelation({ value: p }: SummedPart, { value: q }: SummedPart): number {
  return p > 0 && q > 0 && p < 1 && q < 1 ? -Math.sqrt((p * q) / ((1 - p) * (1 - q))) : 0;
}

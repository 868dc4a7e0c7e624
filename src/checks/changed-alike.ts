import type { ConstraintOf } from '../domain/constraint.js';
import { movedTogether, type MoveErrors } from './moved-together.js';

/** One number a row, over the rows of a part of the traffic. */
export interface PartSums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** A part in the reference, and in a window. */
export interface ChangedPart {
  readonly before: PartSums;
  readonly now: PartSums;
}

/** Whether two parts of the traffic changed alike since a reference of so many windows: in what is counted a row, or in how many rows there are. Nothing is said of parts without rows. */
export function changedAlike(
  { counted }: Pick<ConstraintOf<'segment'>, 'counted'>,
  own: ChangedPart,
  others: ChangedPart,
  windows: number,
): boolean {
  const changes = counted.of === 'rows' ? growths(own, others, windows) : moves(own, others);
  return changes !== null && movedTogether(...changes);
}

type Changes = readonly [own: number, others: number, errors?: MoveErrors];

function moves(own: ChangedPart, others: ChangedPart): Changes | null {
  if (Math.min(own.before.n, own.now.n, others.before.n, others.now.n) === 0) return null;
  return [moveOf(own), moveOf(others), { own: errorOf(own.now), others: errorOf(others.now) }];
}

function moveOf({ before, now }: ChangedPart): number {
  return now.sum / now.n - before.sum / before.n;
}

/** The standard error of a mean; that of the reference is small beside it. */
function errorOf({ n, sum, sumSquares }: PartSums): number {
  return Math.sqrt(Math.max(0, sumSquares / n - (sum / n) ** 2) / n);
}

/** Rows against those of a usual window of the reference. */
function growths(own: ChangedPart, others: ChangedPart, windows: number): Changes | null {
  if (windows === 0 || Math.min(own.before.n, others.before.n) === 0) return null;
  return [(own.now.n * windows) / own.before.n - 1, (others.now.n * windows) / others.before.n - 1];
}

/** One part of the rows moved with the others where it differs from them by at most this part of what they all moved by. */
const DIFFERS = 0.5;
/** Standard errors by which two moves may differ and be the same. */
const CHANCE = 2;

/** Standard errors of two moves. */
export interface MoveErrors {
  readonly own: number;
  readonly others: number;
}

/**
 * Whether a part of the rows changed as all others did: in the same direction, and by about as much. Of a few rows a move is hardly known: then it also did where that is within
 * chance, and likelier than that the others stayed as they were.
 */
export function movedTogether(own: number, others: number, errors?: MoveErrors): boolean {
  const apart = Math.abs(own - others);
  if (own * others > 0 && apart <= DIFFERS * Math.max(Math.abs(own), Math.abs(others))) return true;
  if (!errors || errors.others === 0) return false;
  const unlike = apart / Math.hypot(errors.own, errors.others);
  return unlike <= CHANCE && unlike < Math.abs(others) / errors.others;
}

/** One part of the rows moved with the others where it differs from them by at most this part of what they all moved by. */
const DIFFERS = 0.5;

/** Whether a part of the rows changed as all others did: in the same direction, and by about as much. */
export function movedTogether(own: number, others: number): boolean {
  return own * others > 0 && Math.abs(own - others) <= DIFFERS * Math.max(Math.abs(own), Math.abs(others));
}

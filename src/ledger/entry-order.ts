/** What a row says of its place. */
interface Placed {
  /** Where it stands. */
  readonly seq: number;
  /** The place that its bytes name; null where they cannot be read. */
  readonly claims: number | null;
  /** Its bytes. */
  readonly entry: string;
}

/**
 * Whether rows stand in the order in which they were written, and what was done to them where they do not: duplicated, swapped, inserted or removed. What one row
 * leaves open (a gap may be a removal, or the half of a swap) the next one settles.
 */
export class EntryOrder {
  #before: Placed | null = null;
  /** A row that is too far ahead, or says that it is. */
  #open: { readonly expected: number; readonly row: Placed } | null = null;

  /** `last` is the place before the first row. */
  constructor(private last: number) {}

  /** Takes in the next row. What was done to the order, in words; `undefined` where only the next row can tell, null where nothing was. */
  add(row: Placed): string | null | undefined {
    const before = this.#before;
    const expected = this.last + 1;
    this.last = row.seq;
    this.#before = row;
    if (this.#open) {
      const { expected: place, row: first } = this.#open;
      this.#open = null;
      return isSwap(place, first, row) ? `entries ${place} and ${place + 1} are swapped` : lonely(place, first);
    }
    if (row.seq < expected) return behind(row, before);
    const isAhead = row.seq > expected || (row.claims !== null && row.claims > row.seq);
    if (!isAhead) return row.claims === null || row.claims === row.seq ? null : lonely(expected, row);
    this.#open = { expected, row };
    return undefined;
  } // prettier-ignore

  /** What the last row left open; null where nothing. */
  finish(): string | null {
    return this.#open && lonely(this.#open.expected, this.#open.row);
  }
}

/** Two rows side by side that each stand, or say to belong, where the other does. */
function isSwap(place: number, first: Placed, second: Placed): boolean {
  const areMoved = first.seq === place + 1 && second.seq === place;
  return areMoved || (first.seq === place && first.claims === place + 1 && second.claims === place);
}

function behind(row: Placed, before: Placed | null): string {
  if (before?.entry === row.entry) return `entry ${row.seq} stands there twice: it was duplicated`;
  if (before?.seq === row.seq) return `two different entries stand at ${row.seq}: one was inserted`;
  return `entry ${row.seq} stands behind entry ${before?.seq ?? row.seq}: it was moved, or inserted`;
}

function lonely(expected: number, { seq, claims }: Placed): string {
  if (seq === expected + 1) return `entry ${expected} is missing: it was removed`;
  if (seq > expected) return `entries ${expected} to ${seq - 1} are missing: they were removed`;
  const what = (claims ?? seq) < seq ? 'an entry was inserted before it' : 'an entry was removed before it';
  return `entry ${seq} says of itself that it is entry ${claims}: ${what}`;
}

/** Silence is judged for this many windows, in the reference and live alike; a longer one is one gap, not thousands of empty windows. */
export const MOST_EMPTY = 24;

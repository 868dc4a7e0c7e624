/** Bits of the hash of a row's content that are counted: all of them, because the noise falls with the root of their number. */
const COUNTED = 64;

/** The sums of a measure of kind `bits`, by name: `b0` is how many rows have the lowest bit set. */
export const HASH_BITS: readonly `b${number}`[] = Array.from(
  { length: COUNTED },
  (_, i): `b${number}` => `b${i}`,
);

/** How much goes into one insert, and how much may wait. */
export interface WriterLimits {
  /** Rows of one insert. */
  readonly batchRows: number;
  /** Bytes of one insert. */
  readonly batchBytes: number;
  /** Bytes accepted and not stored yet; `write` waits beyond. */
  readonly pendingBytes: number;
  /** Inserts at a time: one is being prepared or read back while another runs. */
  readonly inFlight: number;
}

/** Larger inserts take no less CPU an event, and half as much memory again (docs/decisions.md 4). */
export const WRITER_LIMITS: WriterLimits = {
  batchRows: 50_000,
  batchBytes: 2 ** 25,
  pendingBytes: 192 * 2 ** 20,
  inFlight: 2,
};

import type { RawEvent, RejectCode } from '../../domain/event.js';

/** An event that may not come in; `index` is its place among those that were asked about. */
export interface Refused {
  readonly index: number;
  readonly model: string;
  readonly code: RejectCode;
  readonly message: string;
  /** Whether its dead letter has the bytes. */
  readonly keepsBytes: boolean;
}

/** Looks at native events before they reach the engine. */
export interface Gate {
  /** Which may not come in; `now` in epoch milliseconds. */
  refused(events: readonly RawEvent[], now: number): readonly Refused[] | Promise<readonly Refused[]>;
}

/** What the gates refuse together; the first that refuses an event says why. */
export async function refusedBy(
  gates: readonly Gate[],
  events: readonly RawEvent[],
  now: number,
): Promise<readonly Refused[]> {
  const found = new Map<number, Refused>();
  for (const gate of gates)
    for (const one of await gate.refused(events, now)) if (!found.has(one.index)) found.set(one.index, one);
  return [...found.values()].sort((a, b) => a.index - b.index);
}

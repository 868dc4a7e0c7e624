import type { RefusedEvent } from '../../landing/store-dead-letters.js';
import type { Decoded } from '../format-decoder.js';
import { pairName, type Half } from './half.js';
import type { StoredHalf } from './half-store.js';

export interface HalfFacts {
  /** What the store holds of these calls. */
  readonly sides: readonly StoredHalf[];
  readonly storedIds: ReadonlySet<string>;
}

export interface Settlement {
  /** Halves whose other side the store has, because another process or an earlier run took it. */
  readonly pairs: readonly { readonly half: Half; readonly other: StoredHalf }[];
  /** Second deliveries of calls that are stored already. */
  readonly done: readonly Half[];
  readonly unpaired: readonly Half[];
}

/** What to do with halves whose time is up; pure. */
export function settleHalves(expired: readonly Half[], { sides, storedIds }: HalfFacts): Settlement {
  const known = new Map(
    sides.map((side) => [`${pairName({ ...side, group: side.source })}\n${side.side}`, side]),
  );
  const pairs: { half: Half; other: StoredHalf }[] = [];
  const done: Half[] = [];
  const unpaired: Half[] = [];
  for (const half of expired) {
    const own = known.get(`${pairName(half)}\n${half.side}`);
    const other = known.get(`${pairName(half)}\n${half.side === 'request' ? 'response' : 'request'}`);
    if (own?.state === 'paired' || storedIds.has(half.id) || storedIds.has(`${half.id}/0`)) done.push(half);
    else if (other && other.message.value.length > 0) pairs.push({ half, other });
    else unpaired.push(half);
  }
  return { pairs, done, unpaired };
}

/** The dead letter of a half whose other side did not come in `waitMs`. */
export function unpairedLetter({ message, side, id, part }: Half, waitMs: number): RefusedEvent {
  const missing = side === 'request' ? 'response' : 'request';
  return {
    event: message,
    model: part.model ?? '',
    code: 'unpaired',
    message: `no ${missing} with id ${id.slice(0, 100)} came within ${Math.round(waitMs / 1000)} s: the call failed or its ${missing} was not logged`,
  };
}

/** The totals of several decodings. */
export function together(decoded: readonly Decoded[]): Pick<Decoded, 'events' | 'dead'> {
  return { events: decoded.flatMap(({ events }) => events), dead: decoded.flatMap(({ dead }) => dead) };
}

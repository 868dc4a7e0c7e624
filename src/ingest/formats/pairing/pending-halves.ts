import { pairName, type Half } from './half.js';

export interface PendingLimits {
  readonly halves: number;
  readonly bytes: number;
}

/** The objects around a half's bytes. */
const OVERHEAD = 500;

/** Halves that wait for their other side, in memory and bounded; the store has all of them too. */
export class PendingHalves {
  private readonly halves = new Map<string, Half>();
  private held = 0;

  constructor(private readonly limits: PendingLimits) {}

  get size(): number {
    return this.halves.size;
  }

  get bytes(): number {
    return this.held;
  }

  /** The other side, taken out, or null when `half` has to wait. A second delivery of the same side replaces the first. */
  meet(half: Half): Half | null {
    const name = pairName(half);
    const known = this.halves.get(name);
    if (known && known.side !== half.side) {
      this.remove(known);
      return known;
    }
    this.add(known ? { ...half, since: known.since } : half);
    return null;
  }

  add(half: Half): void {
    const name = pairName(half);
    const known = this.halves.get(name);
    // a replaced half keeps its place in the order of age
    if (known) this.held -= weight(known);
    this.halves.set(name, half);
    this.held += weight(half);
  }

  /** Forgets exactly this half; another of the same call stays. */
  remove(half: Half): void {
    const name = pairName(half);
    if (this.halves.get(name)?.side !== half.side) return;
    this.held -= weight(half);
    this.halves.delete(name);
  }

  /** Takes out at most `limit` halves: what waits since `before` or longer, and the oldest of what is beyond the limits. */
  expire(before: number, limit: number): readonly Half[] {
    const expired: Half[] = [];
    for (const half of this.halves.values()) {
      const over = this.halves.size > this.limits.halves || this.held > this.limits.bytes;
      if (expired.length >= limit || (half.since > before && !over)) break;
      this.remove(half);
      expired.push(half);
    }
    return expired;
  }
}

function weight({ message }: Half): number {
  return message.value.length + OVERHEAD;
}

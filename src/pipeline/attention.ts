/** A look that comes this much later than the last says that the process was not there: stopped, asleep, or too busy to look. */
const AWAY_MS = 15_000;
/** Whoever waited to be heard in the meantime is given this long. */
const SETTLING_MS = 15_000;

/** Knows whether the process was there all the time. */
export class Attention {
  private last: number | null = null;
  private settledAt = -Infinity;

  /** Notes that the process is there now, epoch ms; true where what was sent while it was away may not have come in yet. */
  isSettling(now: number): boolean {
    if (this.last !== null && now - this.last >= AWAY_MS) this.settledAt = now + SETTLING_MS;
    this.last = now;
    return now < this.settledAt;
  }
}

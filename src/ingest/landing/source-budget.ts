import { HttpRefusal } from '../http/http-refusal.js';

/** Refused events of one source within the current hour. */
interface Spent {
  readonly since: number;
  readonly refused: number;
}

const HOUR_MS = 3_600_000;
/** Sources that are remembered; the one that began longest ago is forgotten first. */
const MOST_SOURCES = 10_000;

/** How many refused events each source (an API key, for one) may leave behind in an hour: their bytes are kept, which costs. */
export class SourceBudget {
  private readonly spent = new Map<string, Spent>();

  constructor(private readonly perHour: number) {}

  /** Throws HttpRefusal 429 when the source has to wait. */
  check(source: string, now: number): void {
    const seconds = this.waitSeconds(source, now);
    if (seconds > 0)
      throw new HttpRefusal(
        `${this.perHour} events of this key were refused within the hour and more are not kept: see tidewatch dead-letters count, or raise TIDEWATCH_DEAD_LETTERS_PER_HOUR`,
        429,
        'too_many_dead_letters',
        seconds,
      );
  }

  /** Seconds until the source may send again; 0 while it may. `now` in epoch milliseconds. */
  waitSeconds(source: string, now: number): number {
    const { since, refused } = this.of(source, now);
    return refused < this.perHour ? 0 : Math.max(1, Math.ceil((since + HOUR_MS - now) / 1000));
  }

  spend(source: string, refused: number, now: number): void {
    if (refused === 0) return;
    const known = this.of(source, now);
    this.spent.delete(source);
    this.spent.set(source, { ...known, refused: known.refused + refused });
    const [oldest] = this.spent.keys();
    if (this.spent.size > MOST_SOURCES && oldest !== undefined) this.spent.delete(oldest);
  }

  private of(source: string, now: number): Spent {
    const known = this.spent.get(source);
    const current = known !== undefined && now >= known.since && now < known.since + HOUR_MS;
    return current ? known : { since: now, refused: 0 };
  }
}

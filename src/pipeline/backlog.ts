import { countText, someOf, spanText } from '../domain/wording.js';
import type { DirtyMinutes } from '../profiles/dirty-minutes.js';

/** What waits longer than so many seconds is behind. */
const BACKLOG_S = 30;
const NAMED = 3;

/** What of a model waits. */
interface Waiting {
  /** The end of the first pass that left some of it, of those in a row that did. */
  readonly since: Date;
  /** Minutes with rows or labels, of all its versions. */
  readonly minutes: number;
}

/** What of models is stored and was not summed when its turn was over. */
export class Backlog {
  private waiting: ReadonlyMap<string, Waiting> = new Map();
  /** Since when something of any model was left by every pass; null while nothing is. */
  private since: Date | null = null;

  /** Notes what a pass left. */
  note(owed: readonly Pick<DirtyMinutes, 'model' | 'minutes'>[], now: Date): void {
    const left = new Map<string, Waiting>();
    for (const { model, minutes } of owed) {
      const since = this.waiting.get(model)?.since ?? now;
      left.set(model, { since, minutes: (left.get(model)?.minutes ?? 0) + minutes.length });
    }
    this.waiting = left;
    this.since = left.size === 0 ? null : (this.since ?? now);
  }

  /** What of all has waited to be summed for so long that whoever looks at it is shown the past; null where nothing has. */
  ofAll(now: Date): string | null {
    const seconds = (now.getTime() - (this.since ?? now).getTime()) / 1000;
    if (seconds < BACKLOG_S) return null;
    const minutes = [...this.waiting.values()].reduce((sum, one) => sum + one.minutes, 0);
    return `is ${Math.floor(seconds)} s behind: ${minutes} minutes of ${someOf([...this.waiting.keys()], NAMED)} are stored and wait to be summed`;
  }

  /** What of a model has waited for so long that whoever looks at it is shown a part, in words; null where nothing has. */
  of(model: string, now: Date): string | null {
    const found = this.waiting.get(model);
    if (!found) return null;
    const ms = now.getTime() - found.since.getTime();
    if (ms < 1000 * BACKLOG_S) return null;
    const one = found.minutes === 1;
    return `${countText(found.minutes)} ${one ? 'minute' : 'minutes'} with rows or labels of it ${one ? 'is' : 'are'} stored and in no number yet, for ${spanText(ms)}: what is shown is a part`;
  }
}

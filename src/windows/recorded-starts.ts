import { placeOf } from './place-of.js';

/** Windows that follow one another. Instants are epoch ms. */
interface Run {
  readonly last: number;
  readonly widthMs: number;
}

/** Starts of the windows of one series, kept as runs: thousands that follow one another take the room of one. Instants are epoch ms. */
export class RecordedStarts {
  /** Starts of the runs, ascending. */
  private readonly firsts: number[] = [];
  private readonly runs = new Map<number, Run>();
  /** The newest of them; -Infinity while there is none. */
  newest = -Infinity;

  /** Takes a window in; known ones change nothing. */
  add(start: number, widthMs: number): void {
    if (!Number.isFinite(start) || this.has(start)) return;
    this.newest = Math.max(this.newest, start);
    const place = placeOf(this.firsts, start);
    const [before, after] = [this.firsts[place - 1], this.firsts[place]];
    const next = after === undefined ? undefined : this.runs.get(after);
    const joins = next?.widthMs === widthMs && after === start + widthMs;
    const last = joins ? next.last : start;
    if (joins) this.cut(place);
    const run = before === undefined ? undefined : this.runs.get(before);
    if (before !== undefined && run?.widthMs === widthMs && run.last + widthMs === start) {
      this.runs.set(before, { last, widthMs });
      return;
    }
    this.firsts.splice(place, 0, start);
    this.runs.set(start, { last, widthMs });
  }

  /** Whether a window that starts then is one of them. Where runs of windows of another width lie over one another, some are not found. */
  has(start: number): boolean {
    const first = this.firsts[placeOf(this.firsts, start + 1) - 1];
    const run = first === undefined ? undefined : this.runs.get(first);
    return (
      first !== undefined && run !== undefined && start <= run.last && (start - first) % run.widthMs === 0
    );
  }

  private cut(place: number): void {
    for (const first of this.firsts.splice(place, 1)) this.runs.delete(first);
  }
}

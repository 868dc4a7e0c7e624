import { remark } from './answer.js';
import type { Portion } from './replay-source.js';

/** How far a file came since its replay began or went on. */
export interface Pace {
  readonly events: number;
  readonly seconds: number;
  /** Part of the file that was read before the first report and is read now, 0 to 1; null when unknown. */
  readonly from: number | null;
  readonly done: number | null;
}

/** `1200 events, 400/s, 60 %, 2 s left`; without the last two when they cannot be known yet. */
export function paceText({ events, seconds, from, done }: Pace): string {
  const rate = `${events} events, ${Math.round(events / Math.max(seconds, 0.001))}/s`;
  if (done === null) return rate;
  const percent = `${rate}, ${Math.floor(done * 100)} %`;
  if (from === null || done <= from) return percent;
  return `${percent}, ${Math.ceil((seconds * (1 - done)) / (done - from))} s left`;
}

/** Rate and remaining time of one file, on a terminal in place, elsewhere a line every ten seconds. */
export class ReplayReporter {
  private readonly started = Date.now();
  private said = Date.now();
  private from: number | null = null;
  private events = 0;

  constructor(private readonly file: string) {}

  say({ events, done }: Portion): void {
    const now = Date.now();
    // how much of the file the first request was, is not known: it counts as the place where the clock started
    if (this.events === 0) this.from = done;
    this.events += events.length;
    const { isTTY } = process.stderr;
    if (now - this.said < (isTTY ? 500 : 10_000) && !(isTTY && done === 1)) return;
    this.said = now;
    const pace = { events: this.events, seconds: (now - this.started) / 1000, from: this.from, done };
    const line = `${this.file}: ${paceText(pace)}`;
    if (isTTY) process.stderr.write(`\r${line}\u001b[K${done === 1 ? '\n' : ''}`);
    else remark(line);
  }
}

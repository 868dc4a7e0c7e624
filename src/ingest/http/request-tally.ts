import type { Rejection } from '../../domain/event.js';
import type { WriteReport } from '../landing/event-writer.js';
import { HttpRefusal } from './http-refusal.js';

export interface IngestAnswer {
  readonly accepted: number;
  /** In the order of the request; `index` counts events from 0, blank lines left out. */
  readonly rejected: readonly Rejection[];
  /** Rejections beyond those listed; all of them are dead letters. */
  readonly rejectedMore?: number;
}

/** An answer lists so many refusals; a stream of nothing but bad rows must not fill the memory. */
const LISTED = 10_000;

/** What one request came to, write by write. */
export class RequestTally {
  private events = 0;
  private accepted = 0;
  private unreadable = 0;
  private more = 0;
  private readonly rejected: Rejection[] = [];

  /** Index of the first of `count` events that follow. */
  arrived(count: number): number {
    const from = this.events;
    this.events += count;
    return from;
  }

  stored(from: number, { stored, dead }: WriteReport): void {
    this.accepted += stored;
    for (const rejection of dead) {
      if (rejection.code === 'not_json' || rejection.code === 'invalid_utf8') this.unreadable += 1;
      if (this.rejected.length < LISTED) this.rejected.push({ ...rejection, index: rejection.index + from });
      else this.more += 1;
    }
  }

  /** Throws HttpRefusal 400 when not one of the events could be read. */
  answer(): IngestAnswer {
    const rejected = this.rejected.toSorted((a, b) => a.index - b.index);
    const [first] = rejected;
    if (first && this.unreadable === this.events) throw new HttpRefusal(first.message, 400, first.code);
    return { accepted: this.accepted, rejected, ...(this.more > 0 ? { rejectedMore: this.more } : {}) };
  }
}

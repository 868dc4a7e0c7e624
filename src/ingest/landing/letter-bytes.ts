import type { Clock } from '../../domain/clock.js';
import type { RawEvent } from '../../domain/event.js';
import { SourceBudget } from './source-budget.js';

/** Bytes kept of a refused event whose source has left too many behind; migrations/0028 says the same. */
const BEGINNING = 256;

const CUT = `the first ${BEGINNING} of its bytes are kept: its source left more behind within the hour than TIDEWATCH_DEAD_LETTER_BYTES_PER_HOUR`;

/** Events of one insert, by whether the letters among them are kept whole; `places` are their indexes in what was given. */
export interface LetterPortion {
  readonly events: readonly RawEvent[];
  readonly places: readonly number[];
  readonly whole: boolean;
}

/**
 * How many bytes of refused events each source (a topic, or HTTP) may leave behind in an hour. Of more the beginning is kept: a record is still in its
 * topic, and who sent it over HTTP was told. A count alone would allow a megabyte each.
 */
export class LetterBytes {
  private readonly budget: SourceBudget;

  constructor(
    bytesPerHour: number,
    private readonly clock: Clock,
  ) {
    this.budget = new SourceBudget(bytesPerHour);
  }

  /** Events in the order given, those of sources that have had enough apart from the others. */
  portions(events: readonly RawEvent[]): readonly LetterPortion[] {
    const topics = new Set(events.map(({ topic }) => topic));
    const cut = new Set([...topics].filter((topic) => !this.keepsWhole(topic)));
    const part = (whole: boolean): LetterPortion => {
      const places = events.flatMap(({ topic }, i) => (cut.has(topic) === whole ? [] : [i]));
      return { whole, places, events: places.flatMap((place) => events[place] ?? []) };
    };
    // As a rule nothing is to be taken apart: every insert comes through here.
    const parts =
      cut.size === 0 ? [{ whole: true, places: [...events.keys()], events }] : [part(true), part(false)];
    return parts.filter(({ places }) => places.length > 0);
  }

  /** What is kept of a letter's event, at most `most` bytes. */
  kept({ topic, value }: RawEvent, most: number): Buffer {
    return value.subarray(0, this.keepsWhole(topic) ? most : BEGINNING);
  }

  /** Its message, which says when not all is kept. */
  told({ topic }: RawEvent, message: string): string {
    return this.keepsWhole(topic) ? message : `${message}; ${CUT}`;
  }

  /** These events are dead letters now. */
  spent(events: readonly RawEvent[]): void {
    const now = this.clock.now().getTime();
    for (const { topic, value } of events) this.budget.spend(topic, value.length, now);
  }

  private keepsWhole(topic: string): boolean {
    return this.budget.waitSeconds(topic, this.clock.now().getTime()) === 0;
  }
}

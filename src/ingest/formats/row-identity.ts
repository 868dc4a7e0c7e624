import type { RawEvent } from '../../domain/event.js';
import { FormatError } from './format-error.js';

/** Positions of one message in one derived topic. 4096 keeps even offsets that are epoch microseconds within 64 bits. */
const ROWS = 4096;
/** Derived topics of one source topic: a message has at most 64 × 4096 rows. */
const TOPICS = 64;

/** Rows that one message may have. */
export const MOST_ROWS = ROWS * TOPICS;

/** A list of rows as it is. Throws FormatError `too_large` beyond the limit, before anything is made of each row. */
export function boundedRows(rows: readonly unknown[]): readonly unknown[] {
  if (rows.length > MOST_ROWS)
    throw new FormatError(
      'too_large',
      `the message has ${rows.length} rows and may have ${MOST_ROWS}: send smaller batches`,
    );
  return rows;
}

/**
 * The identity of one row of a message: topic `<topic>#<row div 4096>`, offset `offset × 4096 + row mod 4096`, the same
 * partition. It follows from the message's identity alone, so that a second delivery gives the same rows, and never meets
 * the identity of a message. Throws FormatError `too_large` beyond 262 144 rows.
 */
export function rowIdentity(
  message: RawEvent,
  row: number,
): Pick<RawEvent, 'topic' | 'partition' | 'offset'> {
  const block = Math.floor(row / ROWS);
  if (block >= TOPICS)
    throw new FormatError('too_large', `the message has more than ${MOST_ROWS} rows: send smaller batches`);
  return {
    topic: `${message.topic}#${block}`,
    partition: message.partition,
    offset: message.offset * BigInt(ROWS) + BigInt(row % ROWS),
  };
}

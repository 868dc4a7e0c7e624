import type { Database } from '../../store/database.js';
import type { DeadLetter } from './format-decoder.js';
import { headerColumn } from './header-text.js';

const NO_BYTES = Buffer.alloc(0);
/** A message may be larger than an event; beyond this its beginning is kept. */
const KEPT_BYTES = 8 * 2 ** 20;

/**
 * Writes messages that were refused before the landing table to where the landing views write theirs, by the message's own
 * identity: a second delivery replaces the row.
 */
export async function storeDeadLetters(database: Database, dead: readonly DeadLetter[]): Promise<void> {
  if (dead.length === 0) return;
  const bytes = (read: (letter: DeadLetter) => string) => dead.map((letter) => Buffer.from(read(letter)));
  await database.insertColumns(
    'dead_letters (topic, partition, offset, kind, model, received_at, code, message, raw, key, headers)',
    [
      { name: 'topic', type: 'Bytes', values: bytes(({ event }) => event.topic) },
      { name: 'partition', type: 'UInt16', values: Uint16Array.from(dead, ({ event }) => event.partition) },
      { name: 'offset', type: 'UInt64', values: BigUint64Array.from(dead, ({ event }) => event.offset) },
      { name: 'kind', type: 'Bytes', values: bytes(({ event }) => event.kind ?? '') },
      { name: 'model', type: 'Bytes', values: bytes(({ model }) => model) },
      { name: 'received_at', type: 'Bytes', values: bytes(({ event }) => dateTime(event.receivedAt)) },
      { name: 'code', type: 'Bytes', values: bytes(({ code }) => code) },
      { name: 'message', type: 'Bytes', values: bytes(({ message }) => message) },
      { name: 'raw', type: 'Bytes', values: dead.map(({ event }) => event.value.subarray(0, KEPT_BYTES)) },
      { name: 'key', type: 'Bytes', values: dead.map(({ event }) => event.key ?? NO_BYTES) },
      { name: 'headers', type: 'Bytes', values: bytes(({ event }) => headerColumn(event.headers)) },
    ],
  );
}

/** Text that the engine reads as DateTime64(3): from a number it would take seconds. */
function dateTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');
}

import type { RawEvent, RejectCode } from '../../domain/event.js';
import type { Database } from '../../store/database.js';
import { headerColumn } from './header-text.js';
import type { LetterBytes } from './letter-bytes.js';
import { claimColumn } from './moment-of.js';

const NO_BYTES = Buffer.alloc(0);
/** A message that could not be understood, or not wholly: it is kept with its bytes and the reason. */
export interface RefusedEvent {
  readonly event: RawEvent;
  /** '' when it is not known. */
  readonly model: string;
  readonly code: RejectCode;
  readonly message: string;
}

/** A message may be larger than an event; beyond this its beginning is kept. */
const REMEMBERED_BYTES = 8 * 2 ** 20;

/**
 * Writes messages that were refused before the landing table to where the landing views write theirs, by the message's own
 * identity: a second delivery replaces the row.
 */
export async function storeDeadLetters(
  database: Database,
  dead: readonly RefusedEvent[],
  letters: LetterBytes,
): Promise<void> {
  if (dead.length === 0) return;
  const kept = dead.map(({ event }) => letters.kept(event, REMEMBERED_BYTES));
  const bytes = (read: (letter: RefusedEvent) => string) => dead.map((letter) => Buffer.from(read(letter)));
  await database.insertColumns(
    'dead_letters (topic, partition, offset, kind, model, received_at, code, message, raw, is_cut, key, headers, claimed_at)',
    [
      { name: 'topic', type: 'Bytes', values: bytes(({ event }) => event.topic) },
      { name: 'partition', type: 'UInt16', values: Uint16Array.from(dead, ({ event }) => event.partition) },
      { name: 'offset', type: 'UInt64', values: BigUint64Array.from(dead, ({ event }) => event.offset) },
      { name: 'kind', type: 'Bytes', values: bytes(({ event }) => event.kind ?? '') },
      { name: 'model', type: 'Bytes', values: bytes(({ model }) => model) },
      { name: 'received_at', type: 'Bytes', values: bytes(({ event }) => dateTime(event.receivedAt)) },
      { name: 'code', type: 'Bytes', values: bytes(({ code }) => code) },
      { name: 'message', type: 'Bytes', values: bytes(({ event, message }) => letters.told(event, message)) },
      { name: 'raw', type: 'Bytes', values: kept },
      {
        name: 'is_cut',
        type: 'UInt16',
        values: Uint16Array.from(dead, ({ event }, i) => Number((kept[i]?.length ?? 0) < event.value.length)),
      },
      { name: 'key', type: 'Bytes', values: dead.map(({ event }) => event.key ?? NO_BYTES) },
      { name: 'headers', type: 'Bytes', values: bytes(({ event }) => headerColumn(event.headers)) },
      {
        name: 'claimed_at',
        type: 'Int64',
        values: BigInt64Array.from(dead, ({ event }) => claimColumn(event)),
      },
    ],
  );
  letters.spent(dead.map(({ event }) => event));
}

/** Text that the engine reads as DateTime64(3): from a number it would take seconds. */
function dateTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');
}

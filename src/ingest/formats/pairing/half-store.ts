import type { Database } from '../../../store/database.js';
import type { Half } from './half.js';
import { claimColumn } from '../../landing/moment-of.js';
import { headerColumn, headersFrom } from '../../landing/header-text.js';
import type { ForeignMessage } from '../message.js';

/** A stored half, before it is opened again. */
export interface StoredHalf {
  readonly source: string;
  readonly id: string;
  readonly side: Half['side'];
  readonly state: 'waiting' | 'dead' | 'paired';
  readonly stagedAt: number;
  readonly message: ForeignMessage;
}

type State = StoredHalf['state'];
const STATES: readonly State[] = ['waiting', 'dead', 'paired'];
const NO_BYTES = Buffer.alloc(0);

const COLUMNS = `source, id, side, topic, partition, toString(offset) AS position, received_at, staged_at, base64Encode(key) AS key64,
  headers, claimed_at, model, base64Encode(raw) AS raw64, state`;

interface Row {
  readonly source: string;
  readonly id: string;
  readonly side: Half['side'];
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly received_at: number;
  readonly staged_at: number;
  readonly key64: string;
  readonly headers: string;
  readonly claimed_at: number;
  readonly model: string;
  readonly raw64: string;
  readonly state: number;
}

/** Where halves of calls wait durably (migrations/0007_inference_halves.sql). */
export class HalfStore {
  constructor(private readonly database: Database) {}

  /** Writes halves in a state; a later state replaces an earlier one, never the other way round. */
  async put(halves: readonly Half[], state: State): Promise<void> {
    if (halves.length === 0) return;
    const bytes = (read: (half: Half) => string | Buffer) => halves.map((half) => Buffer.from(read(half)));
    // what is paired is stored as events: its bytes are not needed again
    const raw = (half: Half) => (state === 'paired' ? NO_BYTES : half.message.value);
    await this.database.insertColumns(
      'inference_halves (source, id, side, topic, partition, offset, received_at, staged_at, key, headers, claimed_at, model, raw, state)',
      [
        { name: 'source', type: 'Bytes', values: bytes(({ group }) => group) },
        { name: 'id', type: 'Bytes', values: bytes(({ id }) => id) },
        { name: 'side', type: 'Bytes', values: bytes(({ side }) => side) },
        { name: 'topic', type: 'Bytes', values: bytes(({ message }) => message.topic) },
        {
          name: 'partition',
          type: 'UInt16',
          values: Uint16Array.from(halves, ({ message }) => message.partition),
        },
        {
          name: 'offset',
          type: 'UInt64',
          values: BigUint64Array.from(halves, ({ message }) => message.offset),
        },
        {
          name: 'received_at',
          type: 'Int64',
          values: BigInt64Array.from(halves, ({ message }) => BigInt(message.receivedAt)),
        },
        {
          name: 'staged_at',
          type: 'Int64',
          values: BigInt64Array.from(halves, ({ since }) => BigInt(since)),
        },
        { name: 'key', type: 'Bytes', values: bytes(({ message }) => message.key ?? NO_BYTES) },
        { name: 'headers', type: 'Bytes', values: bytes(({ message }) => headerColumn(message.headers)) },
        {
          name: 'claimed_at',
          type: 'Int64',
          values: BigInt64Array.from(halves, ({ message }) => claimColumn(message)),
        },
        { name: 'model', type: 'Bytes', values: bytes(({ message }) => message.model ?? '') },
        { name: 'raw', type: 'Bytes', values: bytes(raw) },
        { name: 'state', type: 'UInt16', values: new Uint16Array(halves.length).fill(STATES.indexOf(state)) },
      ],
    );
  }

  /** All that still waits, oldest first, at most `limit` after `after` (epoch ms of staging). */
  async waiting(after: number, limit: number): Promise<readonly StoredHalf[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM inference_halves FINAL WHERE state = 0 AND staged_at > {after:Int64}
       ORDER BY staged_at LIMIT {limit:UInt32} WITH TIES`,
      { params: { after, limit } },
    );
    return rows.map(stored);
  }

  /** Both sides of these calls, as far as they are stored. */
  async sides(halves: readonly Half[]): Promise<readonly StoredHalf[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM inference_halves FINAL
       WHERE source IN {sources:Array(String)} AND id IN {ids:Array(String)}`,
      {
        params: { sources: [...new Set(halves.map(({ group }) => group))], ids: halves.map(({ id }) => id) },
      },
    );
    return rows.map(stored);
  }

  /** Which of these prediction ids are stored, from `since` on (epoch ms of the event). */
  async storedIds(ids: readonly string[], since: number): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ prediction_id: string }>(
      `SELECT DISTINCT prediction_id FROM predictions
       WHERE prediction_id IN {ids:Array(String)} AND ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')`,
      { params: { ids, since } },
    );
    return new Set(rows.map(({ prediction_id: id }) => id));
  }

  /** Notes on dead letters `unpaired` that their other side came after all; the rows stay as a record. */
  async closeDeadLetters(halves: readonly Half[], now: Date): Promise<void> {
    if (halves.length === 0) return;
    await this.database.command(
      `INSERT INTO dead_letters (topic, partition, offset, kind, model, received_at, code, message, raw, is_cut, key, headers, claimed_at, batch, replayed_at)
       SELECT topic, partition, offset, kind, model, received_at, code, message, raw, is_cut, key, headers, claimed_at, batch,
         fromUnixTimestamp64Milli({at:Int64}, 'UTC')
       FROM dead_letters FINAL
       WHERE code = 'unpaired' AND toUnixTimestamp64Milli(replayed_at) = 0
         AND (topic, partition, offset) IN (SELECT t.1, toUInt16(t.2), toUInt64(t.3) FROM
           (SELECT arrayJoin(arrayZip({topics:Array(String)}, {partitions:Array(UInt16)}, {offsets:Array(String)})) AS t))`,
      {
        params: {
          at: now.getTime(),
          topics: halves.map(({ message }) => message.topic),
          partitions: halves.map(({ message }) => message.partition),
          offsets: halves.map(({ message }) => String(message.offset)),
        },
      },
    );
  }
}

function stored(row: Row): StoredHalf {
  const key = Buffer.from(row.key64, 'base64');
  return {
    source: row.source,
    id: row.id,
    side: row.side,
    state: STATES[row.state] ?? 'paired',
    stagedAt: Number(row.staged_at),
    message: {
      kind: 'prediction',
      topic: row.topic,
      partition: row.partition,
      offset: BigInt(row.position),
      receivedAt: Number(row.received_at),
      claimedAt: Number(row.claimed_at) === 0 ? undefined : Number(row.claimed_at),
      value: Buffer.from(row.raw64, 'base64'),
      key: key.length === 0 ? null : key,
      headers: headersFrom(row.headers),
      model: row.model === '' ? null : row.model,
    },
  };
}

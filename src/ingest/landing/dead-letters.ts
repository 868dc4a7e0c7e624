import type { Clock } from '../../domain/clock.js';
import {
  KEPT_WITHOUT_BYTES,
  type EventKind,
  type RawEvent,
  type RejectCode,
  type Rejection,
} from '../../domain/event.js';
import type { Database } from '../../store/database.js';
import type { WriteReport } from './event-writer.js';
import { headersFrom } from './header-text.js';
import { explained } from './explain-refusal.js';

/** An event that was refused, where it came from and why. `offset` is text because it can exceed a double. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly kind: EventKind | null;
  /** '' when the event did not say, or said it in a way that could not be read. */
  readonly model: string;
  readonly receivedAt: Date;
  readonly code: RejectCode;
  readonly message: string;
  readonly raw: Buffer;
  /** Whether only the beginning of its bytes was kept, so that it cannot be sent again. */
  readonly isCut: boolean;
  /** What the transport carried beside the bytes; foreign formats are read with it. */
  readonly key: Buffer | null;
  readonly headers: ReadonlyMap<string, Buffer>;
  /** When its producer says it was written, epoch milliseconds; 0 when nobody says. */
  readonly claimedAt: number;
  /** When the same bytes, sent again, were taken; null while the letter is open. */
  readonly replayedAt: Date | null;
}

export interface DeadLetterFilter {
  readonly model?: string;
  readonly codes?: readonly RejectCode[];
  readonly topic?: string;
  /** Time of arrival, half-open. */
  readonly since?: Date;
  readonly until?: Date;
  /** Also those that were replayed since. */
  readonly replayed?: boolean;
}

export interface DeadLetterSlice {
  readonly limit: number;
  /** Bytes of each letter that are read at most; all when left out. A list of large ones would not fit in the memory. */
  readonly rawBytes?: number;
  /** The last letter of the page before; the newest come first. */
  readonly after?: DeadLetterPosition & { readonly receivedAt: Date };
}

export interface DeadLetterPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Consecutive positions that were sent again, and those of them that were refused again. */
export interface SentAgain {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly count: number;
  readonly refused: readonly bigint[];
}

export interface DeadLetterCount {
  readonly code: RejectCode;
  readonly model: string;
  readonly count: number;
}

export interface ReplayReport {
  readonly sent: number;
  readonly stored: number;
  /** Open letters that cannot be sent again: of their bytes not all are kept. */
  readonly leftOut: number;
  /** Still refused; the letter now carries the newest reason. `index` counts the letters sent. */
  readonly refused: readonly Rejection[];
}

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly kind: string;
  readonly model: string;
  readonly received: number;
  readonly code: RejectCode;
  readonly message: string;
  readonly bytes: string;
  readonly cut: number;
  readonly keyBytes: string;
  readonly headers: string;
  readonly claimed: number;
  readonly replayed: number;
}

const COLUMNS = `topic, partition, toString(offset) AS position, kind, model, toUnixTimestamp64Milli(received_at) AS received,
  code, message, base64Encode(substring(raw, 1, {rawBytes:UInt32})) AS bytes, is_cut AS cut, base64Encode(key) AS keyBytes, headers, claimed_at AS claimed, toUnixTimestamp64Milli(replayed_at) AS replayed`;
const ALL_BYTES = 4_294_967_295;
const REPLAY_ROWS = 5000;
/** Writes rows once more with the note that their bytes were taken since; the row of before is replaced. */
const CLOSE = `INSERT INTO dead_letters (topic, partition, offset, kind, model, received_at, code, message, raw, is_cut, key, headers, claimed_at, batch, replayed_at)
       SELECT topic, partition, offset, kind, model, received_at, code, message, raw, is_cut, key, headers, claimed_at, batch, fromUnixTimestamp64Milli({at:Int64}, 'UTC')
       FROM dead_letters FINAL`;

/** Events that could not be understood: read, counted by reason, and sent again once the reason is gone. */
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly writer: { write(events: readonly RawEvent[]): Promise<WriteReport> },
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list(
    filter: DeadLetterFilter,
    { limit, after, rawBytes = ALL_BYTES }: DeadLetterSlice,
  ): Promise<readonly DeadLetter[]> {
    const { where, params } = conditions(filter);
    const page = after
      ? `AND (received_at, topic, partition, offset) <
           (fromUnixTimestamp64Milli({at:Int64}, 'UTC'), {atTopic:String}, {atPartition:UInt16}, {atOffset:UInt64})`
      : '';
    const position = after && {
      at: after.receivedAt.getTime(),
      atTopic: after.topic,
      atPartition: after.partition,
      atOffset: after.offset,
    };
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM dead_letters FINAL WHERE ${where} ${page}
       ORDER BY received_at DESC, topic DESC, partition DESC, offset DESC LIMIT {limit:UInt32}`,
      { params: { ...params, ...position, limit, rawBytes } },
    );
    return rows.map(toDeadLetter);
  }

  /** Null when there is none at this position. */
  async find({ topic, partition, offset }: DeadLetterPosition): Promise<DeadLetter | null> {
    const [row] = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM dead_letters FINAL
       WHERE topic = {topic:String} AND partition = {partition:UInt16} AND offset = {offset:UInt64}`,
      { params: { topic, partition, offset, rawBytes: ALL_BYTES } },
    );
    return row ? toDeadLetter(row) : null;
  }

  /** Numbers by reason and model, the largest first. */
  async count(filter: DeadLetterFilter): Promise<readonly DeadLetterCount[]> {
    const { where, params } = conditions(filter);
    const rows = await this.database.query<DeadLetterCount>(
      `SELECT code, model, uniqExact(topic, partition, offset) AS count FROM dead_letters FINAL WHERE ${where}
       GROUP BY code, model ORDER BY count DESC, code, model`,
      { params },
    );
    return rows.map(({ code, model, count }) => ({ code, model, count: Number(count) }));
  }

  /** Topics that letters are from. */
  async topics(): Promise<readonly string[]> {
    const rows = await this.database.query<{ topic: string }>('SELECT DISTINCT topic FROM dead_letters ORDER BY topic');
    return rows.map(({ topic }) => topic);
  } // prettier-ignore

  /**
   * Sends the stored bytes again, with the identity and the time of arrival they had: what was out of range then is judged as
   * then, what was unknown then may be known now. Letters that are taken now are closed; what was kept in part only, or not at
   * all, cannot be sent again and is left out. Throws IngestError when the store is away.
   */
  async replay(filter: DeadLetterFilter): Promise<ReplayReport> {
    let sent = 0;
    let stored = 0;
    let leftOut = 0;
    const refused: Rejection[] = [];
    let after: DeadLetter | undefined;
    for (;;) {
      const page = { limit: REPLAY_ROWS, ...(after ? { after } : {}) };
      const letters = await this.list({ ...filter, replayed: false }, page);
      const whole = letters.filter(({ code, isCut }) => !isCut && !KEPT_WITHOUT_BYTES.has(code));
      const report = await this.writer.write(whole.map(toRawEvent));
      const open = new Set(report.dead.map(({ index }) => index));
      await this.close(whole.filter((_, index) => !open.has(index)));
      refused.push(...report.dead.map((rejection) => ({ ...rejection, index: rejection.index + sent })));
      sent += whole.length;
      leftOut += letters.length - whole.length;
      stored += report.stored;
      after = letters.at(-1);
      if (letters.length < REPLAY_ROWS || after === undefined) return { sent, stored, leftOut, refused };
    }
  }

  /**
   * Closes open letters among consecutive positions that were sent again from their source and taken now; those of `refused` stay open.
   */
  async closeTaken({ topic, partition, first, count, refused }: SentAgain): Promise<void> {
    await this.database.command(
      `${CLOSE} WHERE topic = {topic:String} AND partition = {partition:UInt16} AND offset >= {first:UInt64} AND offset < {end:UInt64}
         AND toUnixTimestamp64Milli(replayed_at) = 0 AND NOT has({refused:Array(String)}, toString(offset))`,
      {
        params: {
          at: this.clock.now().getTime(),
          topic,
          partition,
          first: String(first),
          end: String(first + BigInt(count)),
          refused: refused.map(String),
        },
      },
    );
  }

  private async close(letters: readonly DeadLetter[]): Promise<void> {
    const replayedAt = this.clock.now().getTime();
    if (letters.length === 0) return;
    await this.database.command(
      `${CLOSE}
       WHERE (topic, partition, offset) IN (SELECT t.1, toUInt16(t.2), toUInt64(t.3) FROM
         (SELECT arrayJoin(arrayZip({topics:Array(String)}, {partitions:Array(UInt16)}, {offsets:Array(String)})) AS t))`,
      {
        params: {
          at: replayedAt,
          topics: letters.map(({ topic }) => topic),
          partitions: letters.map(({ partition }) => partition),
          offsets: letters.map(({ offset }) => offset),
        },
      },
    );
  }
}

function conditions({ model, codes, topic, since, until, replayed }: DeadLetterFilter): {
  where: string;
  params: Record<string, unknown>;
} {
  const parts = [
    model === undefined ? null : 'model = {model:String}',
    codes === undefined ? null : 'has({codes:Array(String)}, code)',
    topic === undefined ? null : 'topic = {topic:String}',
    since === undefined ? null : `received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')`,
    until === undefined ? null : `received_at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')`,
    replayed === true ? null : 'toUnixTimestamp64Milli(replayed_at) = 0',
  ].filter((part) => part !== null);
  const given = { model, codes, topic, since: since?.getTime(), until: until?.getTime() };
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { where: parts.length > 0 ? parts.join(' AND ') : '1', params };
}

function toDeadLetter(row: Row): DeadLetter {
  const raw = Buffer.from(row.bytes, 'base64');
  return {
    topic: row.topic,
    partition: row.partition,
    offset: row.position,
    kind: row.kind === 'prediction' || row.kind === 'label' ? row.kind : null,
    model: row.model,
    receivedAt: new Date(Number(row.received)),
    code: row.code,
    message: explained(row.message, raw),
    raw,
    isCut: Number(row.cut) === 1,
    key: row.keyBytes === '' ? null : Buffer.from(row.keyBytes, 'base64'),
    headers: headersFrom(row.headers),
    claimedAt: Number(row.claimed),
    replayedAt: Number(row.replayed) === 0 ? null : new Date(Number(row.replayed)),
  };
}

function toRawEvent({ offset, receivedAt, claimedAt, raw, ...rest }: DeadLetter): RawEvent {
  const { topic, partition, kind, key, headers } = rest;
  return {
    kind,
    topic,
    partition,
    offset: BigInt(offset),
    receivedAt: receivedAt.getTime(),
    claimedAt: claimedAt === 0 ? undefined : claimedAt,
    value: raw,
    key,
    headers,
  };
}

import { createHash, type Hash } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import type { EventKind, RawEvent } from '../../domain/event.js';
import type { SentAgain } from '../landing/dead-letters.js';
import { demandAllowed, type SendLimits } from './allowed-events.js';
import { decodeBody } from './decode-body.js';
import type { WriteReport } from '../landing/event-writer.js';
import type { Source } from '../formats/format-decoder.js';
import { HttpPositions, keyedPosition, type EventPosition } from './http-positions.js';
import { HttpRefusal } from './http-refusal.js';
import { RememberedAnswers, type RememberedAnswer } from './remembered-answers.js';
import { RequestTally, type IngestAnswer } from './request-tally.js';
import { collected, hashed, OPEN_ARRAY, peeked, portions, splitBody } from './request-body.js';
import { SourceBudget } from '../landing/source-budget.js';
import { toRefusal } from '../landing/to-ingest-error.js';
import { WRITER_LIMITS } from '../landing/writer-limits.js';
import { splitLines } from './split-lines.js';

export interface IngestRequest {
  /** Who sends: refused events are counted for each. */
  readonly sender?: string;
  /** What the sender's key is limited to; left out, to nothing. */
  readonly only?: SendLimits | null;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** What the address says the events are; null when each says so itself. */
  readonly kind: EventKind | null;
  readonly body: AsyncIterable<Buffer>;
  readonly contentType: string | null;
  readonly encoding: string | null;
  /** The client's `Idempotency-Key`, made unique to the client by the caller. */
  readonly idempotencyKey: string | null;
  /** When the events count as received; now, unless history is replayed. */
  readonly receivedAt?: Date;
  /** Where the first event comes from, the others following it; made here when nobody says it. */
  readonly position?: EventPosition;
  /** What the client says of foreign messages: their format, their model. Absent for Tidewatch's own events. */
  readonly source?: Source;
}

export interface HttpIngestOptions {
  readonly writer: { readonly full: boolean; write(events: readonly RawEvent[]): Promise<WriteReport> };
  /** Takes messages of foreign formats. */
  readonly foreign?: { write(events: readonly RawEvent[], source: Source | null): Promise<WriteReport> };
  /** Told of events that came from a place of their own: an earlier letter of what is taken now is settled. */
  readonly letters?: { closeTaken(sent: SentAgain): Promise<void> };
  readonly clock: Clock;
  /** 0 to 65535, drawn at random once a process run. */
  readonly partition: number;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** Decoded bytes of one JSON body, which is held whole. */
  readonly jsonBytes: number;
  /** Decoded bytes of one NDJSON body, which streams. */
  readonly streamBytes: number;
  /** Bytes of events that go into one write; two writes of a request are under way at most. */
  readonly writeBytes: number;
  /** Events that go into one write. */
  readonly writeEvents: number;
  /** Events of one JSON body. */
  readonly jsonEvents: number;
  /** Refused events that a sender may leave behind in an hour. */
  readonly refusedPerHour: number;
}

const LIMITS: HttpLimits = {
  jsonBytes: 32 * 2 ** 20,
  streamBytes: 4 * 2 ** 30,
  // what every stream holds while the engine is slow: many of them must not fill the memory
  writeBytes: 12 * 2 ** 20,
  // an insert costs the same again however few rows it has: a long body of small events fills them
  writeEvents: WRITER_LIMITS.batchRows,
  jsonEvents: 250_000,
  refusedPerHour: 100_000,
};
const NDJSON = /ndjson|jsonl|json-?lines|json-seq|^text\/plain|octet-stream/iu;
const WRITES_UNDER_WAY = 2;

/** Events over HTTP, free of the transport: bytes in, an answer once everything is stored, or an HttpRefusal. */
export class HttpIngest {
  private readonly limits: HttpLimits;
  private readonly positions: HttpPositions;
  private readonly answers = new RememberedAnswers<IngestAnswer>();
  private readonly refusals: SourceBudget;

  constructor(private readonly options: HttpIngestOptions) {
    this.limits = { ...LIMITS, ...options.limits };
    this.positions = new HttpPositions(options.clock, options.partition);
    this.refusals = new SourceBudget(this.limits.refusedPerHour);
  }

  /**
   * Resolves when every event is stored, as a row or a dead letter. A repeated Idempotency-Key with the same bytes gets the
   * first answer and writes nothing; when that is forgotten (a restart, another replica) it writes the same identities again,
   * which changes nothing. Throws HttpRefusal: 400 when nothing in the body can be read, 403 when the sender's key is not for an event's model, 413, 415, 422 when the key
   * was used for another body, 429 when the buffer is full or the sender has left too many refused events behind, 503 when the
   * store is away. What came before a refusal in the middle of a body is stored: sending all of it again changes nothing.
   */
  async accept(request: IngestRequest): Promise<IngestAnswer> {
    const { idempotencyKey: key } = request;
    const first = key === null ? undefined : this.answers.find(key);
    if (first) return this.repeat(request, first);
    if (this.options.writer.full)
      throw new HttpRefusal('more events are waiting than the store can take now', 429, 'busy', 1);
    if (request.source && isLimited(request.only))
      throw new HttpRefusal(
        "a key that is limited to models or environments sends Tidewatch's own events: of others it is not known before they are read whose they are",
        403,
        'forbidden',
      );
    if (key === null) return this.take(request, null);
    const hash = createHash('sha256');
    let digest: string | null = null;
    return this.answers.remember(key, this.take(request, hash), () => (digest ??= hash.digest('hex')));
  }

  private async repeat(request: IngestRequest, first: RememberedAnswer<IngestAnswer>): Promise<IngestAnswer> {
    const hash = createHash('sha256');
    for await (const chunk of decodeBody(request.body, request.encoding, this.limits.streamBytes))
      hash.update(chunk);
    const answer = await first.answer;
    if (first.hash() === hash.digest('hex')) return answer;
    throw new HttpRefusal(
      'this Idempotency-Key was used for another body: take a new one',
      422,
      'key_reused',
    );
  }

  private async take(request: IngestRequest, hash: Hash | null): Promise<IngestAnswer> {
    const tally = new RequestTally();
    const writes: Promise<void>[] = [];
    try {
      for await (const values of this.events(request, hash)) {
        request.signal?.throwIfAborted();
        this.refusals.check(request.sender ?? '', this.now());
        const from = tally.arrived(values.length);
        if (request.only) demandAllowed(values, request.only, from);
        const write = this.write(request, values, from).then((report) => {
          tally.stored(from, report);
          this.refusals.spend(request.sender ?? '', report.dead.length, this.now());
        });
        // awaited below; a failure in the meantime is not unhandled
        write.catch(() => undefined);
        writes.push(write);
        if (writes.length >= WRITES_UNDER_WAY) await writes.shift();
      }
      await Promise.all(writes);
    } catch (error) {
      throw toRefusal(error);
    }
    return tally.answer();
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }

  private async write(
    request: IngestRequest,
    values: readonly Buffer[],
    index: number,
  ): Promise<WriteReport> {
    const { writer, foreign, clock } = this.options;
    const { kind, idempotencyKey: key, source } = request;
    const keyed = key === null ? undefined : keyedPosition(key, source !== undefined);
    const position = request.position ?? keyed;
    const { topic, partition } = position ?? this.positions;
    const first = position ? position.offset + BigInt(index) : this.positions.take(values.length);
    const receivedAt = (request.receivedAt ?? clock.now()).getTime();
    const events = values.map((value, i) => ({
      kind,
      topic,
      partition,
      offset: first + BigInt(i),
      receivedAt,
      value,
    }));
    const report =
      source && foreign ? await foreign.write(events, sourceKnown(source)) : await writer.write(events);
    if (request.position) {
      const refused = report.dead.map((rejection) => first + BigInt(rejection.index));
      await this.options.letters?.closeTaken({ topic, partition, first, count: events.length, refused });
    }
    return report;
  }

  private async *events(request: IngestRequest, hash: Hash | null): AsyncGenerator<readonly Buffer[], void> {
    const { contentType, body, encoding } = request;
    const { jsonBytes, streamBytes } = this.limits;
    const named = NDJSON.test(contentType ?? '');
    const bytes = hashed(decodeBody(body, encoding, named ? streamBytes : jsonBytes), hash);
    if (!named) return yield* portions([this.whole(await collected(bytes, jsonBytes))], this.limits);
    // an array is one whatever its content type says
    const { start, rest } = await peeked(bytes);
    if (start === OPEN_ARRAY)
      return yield* portions([this.whole(await collected(rest, jsonBytes))], this.limits);
    yield* portions(splitLines(rest), this.limits);
  }

  private whole(body: Buffer): Buffer[] {
    const events = splitBody(body, this.limits.jsonEvents);
    if (events !== null) return events;
    throw new HttpRefusal(whyNone(body), 400, 'not_json');
  }
}

function whyNone(body: Buffer): string {
  if (body.toString('latin1').trim() === '')
    return 'the body is empty: send one JSON object, an array of them, or one a line (content-type: application/x-ndjson)';
  return 'the body begins an array that does not end: look for a body that was cut off, or send one object a line (content-type: application/x-ndjson)';
}

function isLimited(only: SendLimits | null | undefined): boolean {
  return only !== undefined && only !== null && (only.models !== null || only.environments !== null);
}

/** Where nothing is known a look at the first bytes is enough to pass native events on. */
function sourceKnown(source: Source): Source | null {
  return source.format === 'auto' && source.model === null ? null : source;
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../domain/clock.js';
import type { RawEvent } from '../../domain/event.js';
import { decodeBody } from './decode-body.js';
import type { WriteReport } from '../landing/event-writer.js';
import type { IngestAnswer } from './request-tally.js';
import { HttpPositions } from './http-positions.js';
import { HttpRefusal } from './http-refusal.js';
import { splitBody } from './request-body.js';
import { toRefusal } from '../landing/to-ingest-error.js';
import { SourceBudget } from '../landing/source-budget.js';

export interface CloudEventIntakeOptions {
  readonly writer: { write(events: readonly RawEvent[]): Promise<WriteReport> };
  /** True when the store cannot take more now. */
  readonly full: () => boolean;
  readonly clock: Clock;
  /** 0 to 65535, drawn at random once a process run. */
  readonly partition: number;
  /** Decoded bytes of one body, which is held whole. */
  readonly bodyBytes?: number;
  /** Events of one batch. */
  readonly jsonEvents?: number;
  /** Refused events that a sender may leave behind in an hour. */
  readonly refusedPerHour?: number;
}

export interface CloudEventRequest {
  /** Who sends: refused events are counted for each. */
  readonly sender?: string;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  readonly body: AsyncIterable<Buffer>;
}

const BATCH = /^application\/cloudevents-batch/iu;
/** What the format layer may ask of a request: the attributes of an event and its content type. */
const KEPT = /^ce-|^content-type$|^x-request-id$/u;
/** Positions of CloudEvents are apart from those of native events. */
const TOPIC = 'cloudevents';

/** CloudEvents over HTTP (binary, structured and batch mode), free of the transport. */
export class CloudEventIntake {
  private readonly positions: HttpPositions;
  private readonly refusals: SourceBudget;

  constructor(private readonly options: CloudEventIntakeOptions) {
    this.positions = new HttpPositions(options.clock, options.partition);
    this.refusals = new SourceBudget(options.refusedPerHour ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Resolves when every event is stored: as rows, a dead letter, or a request that waits for its response. Throws HttpRefusal:
   * 400 when a batch cannot be read, 413, 415, 429 when the buffer is full or the sender has left too many refused events behind,
   * 503 when the store or the schema registry is away.
   */
  async accept({ headers, body, signal, sender = '' }: CloudEventRequest): Promise<IngestAnswer> {
    const { full, writer, clock, bodyBytes = 32 * 2 ** 20 } = this.options;
    this.refusals.check(sender, clock.now().getTime());
    if (full()) throw new HttpRefusal('more events are waiting than the store can take now', 429, 'busy', 1);
    const chunks: Buffer[] = [];
    for await (const chunk of decodeBody(body, headers['content-encoding'] ?? null, bodyBytes))
      chunks.push(chunk);
    signal?.throwIfAborted();
    const events = this.events(headers, Buffer.concat(chunks));
    try {
      const { dead } = await writer.write(events);
      this.refusals.spend(sender, dead.length, clock.now().getTime());
      return { accepted: events.length - new Set(dead.map(({ index }) => index)).size, rejected: dead };
    } catch (error) {
      throw toRefusal(error);
    }
  }

  private events(headers: IncomingHttpHeaders, body: Buffer): readonly RawEvent[] {
    const batch = BATCH.test(headers['content-type'] ?? '');
    const values = batch ? splitBody(body, this.options.jsonEvents ?? 250_000) : [body];
    if (values === null)
      throw new HttpRefusal(
        'the batch is no complete JSON array of CloudEvents: look for a body that was cut off',
        400,
        'not_json',
      );
    const kept = new Map(
      Object.entries(headers).flatMap(([name, value]) =>
        // Node reads header bytes as Latin-1
        typeof value === 'string' && KEPT.test(name) ? [[name, Buffer.from(value, 'latin1')] as const] : [],
      ),
    );
    if (batch) kept.set('content-type', Buffer.from('application/cloudevents+json'));
    const first = this.positions.take(values.length);
    const receivedAt = this.options.clock.now().getTime();
    const { partition } = this.positions;
    return values.map((value, i) => ({
      kind: null,
      topic: TOPIC,
      partition,
      offset: first + BigInt(i),
      receivedAt,
      value,
      headers: kept,
    }));
  }
}

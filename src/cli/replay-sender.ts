import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { remark } from './answer.js';
import type { ApiClient } from './api-client.js';
import { CliError } from './exit.js';
import type { WireFormat } from './replay-formats.js';

export interface SenderOptions {
  /** Events a second at most; null for as many as the service takes. */
  readonly rate: number | null;
  /** Instant the events count as received, ISO; null for now. */
  readonly asOf: string | null;
  /** Whose messages they are, and which model's where they do not say it. */
  readonly wire: WireFormat;
  readonly model: string | null;
  /** Ends a wait; what was sent is stored. */
  readonly signal: AbortSignal;
}

/** Where events come from: the identity of the first one, which the others follow. */
export interface FilePlace {
  /** `file:<name>` */
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
}

export interface SentTotals {
  readonly events: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly seconds: number;
  /** Refusals by reason, of those the service listed. */
  readonly codes: Readonly<Record<string, number>>;
}

interface IngestAnswer {
  readonly accepted: number;
  readonly rejected: readonly { readonly code: string }[];
}

const ATTEMPTS = 30;
const LINE_END = Buffer.from('\n');
const PAUSE_MS = 2_000;
/** A service that is busy, or comes back in a moment. */
const PASSING = new Set(['busy', 'unreachable']);

/**
 * Sends events in requests that may be repeated: the service knows one it has answered by its key, and an event that it has stored by its
 * place in the file.
 */
export class EventSender {
  private readonly started = Date.now();
  private readonly codes = new Map<string, number>();
  private readonly headers: Readonly<Record<string, string>>;
  private events = 0;
  private accepted = 0;
  private rejected = 0;

  constructor(
    private readonly api: ApiClient,
    private readonly options: SenderOptions,
  ) {
    const { asOf, wire, model } = options;
    this.headers = {
      'content-type': 'application/x-ndjson',
      ...(asOf === null ? {} : { 'tidewatch-as-of': asOf }),
      'tidewatch-format': wire,
      ...(model === null ? {} : { 'tidewatch-model': model }),
    };
  }

  get totals(): SentTotals {
    const { events, accepted, rejected } = this;
    const seconds = (Date.now() - this.started) / 1000;
    return { events, accepted, rejected, seconds, codes: Object.fromEntries(this.codes) };
  }

  /** Resolves when every event is stored, as a row or a dead letter. Throws CliError when the service refuses, or stays away. */
  async send(events: readonly Buffer[], place: FilePlace, run: string): Promise<void> {
    this.count(await this.post(events, place, run), events.length);
    const { rate, signal } = this.options;
    const due = rate === null ? 0 : this.started + (this.events / rate) * 1000 - Date.now();
    if (due > 0) await wait(due, undefined, { signal }).catch(() => undefined);
  }

  /** A message of several rows may be refused for several reasons and is still one. */
  private count({ accepted, rejected }: IngestAnswer, sent: number): void {
    this.events += sent;
    this.accepted += accepted;
    this.rejected += sent - accepted;
    for (const { code } of rejected) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  private async post(events: readonly Buffer[], place: FilePlace, run: string): Promise<IngestAnswer> {
    const { topic, partition, first } = place;
    const headers = {
      ...this.headers,
      'tidewatch-position': `${encodeURIComponent(topic)}/${partition}/${first}`,
      'idempotency-key': this.keyOf(`${run}\0${first}\0${events.length}`),
    };
    const body = new Uint8Array(Buffer.concat(events.flatMap((event) => [event, LINE_END])));
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.api.request('/v1/events', { method: 'POST', headers, body });
        return (await response.json()) as IngestAnswer;
      } catch (error) {
        if (!(error instanceof CliError) || !PASSING.has(error.code) || attempt === ATTEMPTS) throw error;
        this.options.signal.throwIfAborted();
        if (attempt === 1) remark(`${error.message}: trying again for a minute`);
        await wait(PAUSE_MS);
      }
    }
  }

  /** The same bytes under other options are another request. */
  private keyOf(request: string): string {
    const said = JSON.stringify(this.headers);
    return `replay:${createHash('sha256').update(`${said}\0${request}`).digest('hex').slice(0, 40)}`;
  }
}

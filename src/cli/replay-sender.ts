import { setTimeout as wait } from 'node:timers/promises';
import { remark } from './answer.js';
import type { ApiClient } from './api-client.js';
import { CliError } from './exit.js';

export interface SenderOptions {
  /** Events a second at most; null for as many as the service takes. */
  readonly rate: number | null;
  /** Instant the events count as received, ISO; null for now. */
  readonly asOf: string | null;
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
  readonly rejectedMore?: number;
}

const MOST_EVENTS = 10_000;
const ATTEMPTS = 30;
const LINE_END = Buffer.from('\n');
const PAUSE_MS = 2_000;
/** A service that is busy, or comes back in a moment. */
const PASSING = new Set(['busy', 'unreachable']);

/** Sends events in requests that may be repeated: the service knows one it has answered by its key. */
export class EventSender {
  private readonly started = Date.now();
  private readonly codes = new Map<string, number>();
  private events = 0;
  private accepted = 0;
  private rejected = 0;

  constructor(
    private readonly api: ApiClient,
    private readonly options: SenderOptions,
  ) {}

  get totals(): SentTotals {
    const { events, accepted, rejected } = this;
    const seconds = (Date.now() - this.started) / 1000;
    return { events, accepted, rejected, seconds, codes: Object.fromEntries(this.codes) };
  }

  /** Resolves when every event is stored, as a row or a dead letter. Throws CliError when the service refuses, or stays away. */
  async send(events: readonly Buffer[], key: string): Promise<void> {
    const { rate } = this.options;
    const size = rate === null ? MOST_EVENTS : Math.max(1, Math.min(MOST_EVENTS, Math.ceil(rate / 2)));
    for (let from = 0; from < events.length; from += size) {
      const part = events.slice(from, from + size);
      this.count(await this.post(part, `${key}+${from}`), part.length);
      if (rate !== null) await this.pace(rate);
    }
  }

  private async pace(rate: number): Promise<void> {
    const due = this.started + (this.events / rate) * 1000;
    if (due > Date.now()) await wait(due - Date.now());
  }

  private count({ accepted, rejected, rejectedMore = 0 }: IngestAnswer, sent: number): void {
    this.events += sent;
    this.accepted += accepted;
    this.rejected += rejected.length + rejectedMore;
    for (const { code } of rejected) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  private async post(events: readonly Buffer[], key: string): Promise<IngestAnswer> {
    const { asOf } = this.options;
    const headers = {
      'content-type': 'application/x-ndjson',
      'idempotency-key': key,
      ...(asOf === null ? {} : { 'tidewatch-as-of': asOf }),
    };
    const body = new Uint8Array(Buffer.concat(events.flatMap((event) => [event, LINE_END])));
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await this.api.request('/v1/events', { method: 'POST', headers, body });
        return (await response.json()) as IngestAnswer;
      } catch (error) {
        if (!(error instanceof CliError) || !PASSING.has(error.code) || attempt === ATTEMPTS) throw error;
        if (attempt === 1) remark(`${error.message}: trying again for a minute`);
        await wait(PAUSE_MS);
      }
    }
  }
}

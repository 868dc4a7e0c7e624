import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { endServer, listenLocally, portOf } from './local-server.js';

/** What the receiver does with one request: answer, keep it and never answer, keep it and cut the line, or answer without end. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'reset'
  | 'endless';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly valid: boolean;
}

/** `whsec_…` verifies v1, `whpk_…` (32 raw bytes) verifies v1a. */
export interface CollectorOptions {
  readonly keys: readonly string[];
  /** Unix seconds; a timestamp more than five minutes away is a replay. */
  readonly now?: () => number;
}

/** A receiver of Standard Webhooks over real HTTP, written from the specification and not from our signer. */
export class WebhookCollector {
  readonly received: Received[] = [];
  private readonly script: Reply[] = [];
  private readonly waiting: { count: number; resolve: () => void }[] = [];

  private constructor(
    private readonly server: Server,
    private readonly options: CollectorOptions,
  ) {}

  static async start(options: CollectorOptions): Promise<WebhookCollector> {
    const server = createServer();
    const collector = new WebhookCollector(server, options);
    server.on('request', (request, response) => void collector.take(request, response));
    await listenLocally(server);
    return collector;
  }

  get port(): number {
    return portOf(this.server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** The next requests get these answers, one each; afterwards 204. */
  reply(...replies: Reply[]): void {
    this.script.push(...replies);
  }

  /** Every request from now on gets 204, whatever answers were left. */
  recover(): void {
    this.script.length = 0;
  }

  /** Events by their id, each once, as a receiver that heeds `webhook-id` sees them. */
  events(): Record<string, unknown>[] {
    const byId = new Map(
      this.received.filter(({ valid }) => valid).map(({ headers, body }) => [headers['webhook-id'], body]),
    );
    return [...byId.values()].map((body) => JSON.parse(body) as Record<string, unknown>);
  }

  async receivedAtLeast(count: number): Promise<void> {
    if (this.received.length >= count) return;
    await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
  }

  /** Cuts every connection, as a crashing receiver does. */
  hangUp(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    await endServer(this.server);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const { headers, url: path = '' } = request;
    const valid = this.isValid(headers, body);
    this.received.push({ path, headers, body, valid });
    for (const { count, resolve } of this.waiting) if (this.received.length >= count) resolve();
    this.answer(this.script.shift() ?? { status: valid ? 204 : 401 }, response);
  }

  private answer(reply: Reply, response: ServerResponse): void {
    if (reply === 'hang') return;
    if (reply === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (reply === 'endless') {
      response.writeHead(200);
      const pump = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
        if (!response.destroyed) response.once('drain', pump);
      };
      response.on('error', () => response.destroy());
      pump();
      return;
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }

  private isValid(headers: IncomingMessage['headers'], body: string): boolean {
    const timestamp = Number(headers['webhook-timestamp']);
    const now = this.options.now?.() ?? Date.now() / 1_000;
    if (!(Math.abs(now - timestamp) <= 300)) return false;
    const signed = `${String(headers['webhook-id'])}.${timestamp}.${body}`;
    const signatures = String(headers['webhook-signature']).split(' ');
    return signatures.some((signature) => this.options.keys.some((key) => matches(signature, key, signed)));
  }
}

function matches(signature: string, key: string, signed: string): boolean {
  const [scheme, encoded = ''] = signature.split(',');
  const given = Buffer.from(encoded, 'base64');
  if (scheme === 'v1' && key.startsWith('whsec_')) {
    const wanted = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
      .update(signed)
      .digest();
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }
  if (scheme !== 'v1a' || !key.startsWith('whpk_')) return false;
  const x = Buffer.from(key.slice(5), 'base64').toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(signed), publicKey, given);
}

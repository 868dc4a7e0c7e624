import { Agent, errors, ProxyAgent, request, type Dispatcher } from 'undici';
import type { LookupFunction } from 'node:net';
import type { AllowList } from './address-guard.js';
import { environmentProxies, proxyFor, type Proxies } from '../config/proxies.js';
import { AddressRefused, guardedConnector, refuseProxied, type GuardOptions } from './guarded-connector.js';

/** Enough for a log line about what the receiver said. */
const KEPT_BODY = 4_096;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Bytes of the answer that are kept; left out, enough for a log line. */
  readonly keep?: number;
}

/** `unsent`: no byte of the request left; `lost`: it left, and what became of it is not known. */
export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly contentType?: string;
      readonly body: string;
    }
  | { readonly kind: 'unsent'; readonly code: string; readonly error: string; readonly permanent: boolean }
  | { readonly kind: 'lost'; readonly code: string; readonly error: string };

export interface HttpSenderOptions {
  /** Networks beside the public Internet that may be reached. */
  readonly allow?: AllowList;
  readonly ports?: readonly number[];
  /** Whole exchange, from dialling to the last byte of the answer. */
  readonly deadlineMs?: number;
  readonly maxResponseBytes?: number;
  /** Replaces DNS in tests. */
  readonly lookup?: LookupFunction;
  /** The way out; those of the environment where it is left out. */
  readonly proxies?: Proxies;
}

/** Sends one request to an address somebody configured, with everything that a hostile address could abuse taken away. */
export class HttpSender {
  private readonly agent: Agent;
  private readonly guard: GuardOptions;
  private readonly proxies: Proxies;
  private readonly ways = new Map<string, ProxyAgent>();
  private readonly deadlineMs: number;
  private readonly maxResponseBytes: number;

  constructor(options: HttpSenderOptions = {}) {
    this.deadlineMs = options.deadlineMs ?? 15_000;
    this.maxResponseBytes = options.maxResponseBytes ?? 65_536;
    const guard = {
      allow: options.allow ?? [],
      ports: options.ports ?? [443, 8443],
      connectTimeoutMs: Math.min(10_000, this.deadlineMs),
    };
    this.guard = options.lookup ? { ...guard, lookup: options.lookup } : guard;
    this.proxies = options.proxies ?? environmentProxies();
    this.agent = new Agent({
      connect: guardedConnector(this.guard),
      maxHeaderSize: 16_384,
      pipelining: 1,
    });
  }

  /** One exchange; redirects are not followed. `now` turns a Retry-After date into a wait. Never throws for what the network did. */
  async send(wanted: HttpRequest, now: Date): Promise<HttpResult> {
    try {
      const response = await request(wanted.url, {
        dispatcher: await this.wayTo(new URL(wanted.url)),
        method: wanted.method,
        headers: wanted.headers,
        body: wanted.body,
        signal: AbortSignal.timeout(this.deadlineMs),
      });
      const retryAfterMs = parseRetryAfter(response.headers['retry-after'], now);
      const contentType = response.headers['content-type'];
      return {
        kind: 'response',
        status: response.statusCode,
        retryAfterMs,
        ...(typeof contentType === 'string' ? { contentType } : {}),
        body: await this.readBody(response.body, wanted.keep ?? KEPT_BODY),
      };
    } catch (error) {
      return classify(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.agent, ...this.ways.values()].map(async (way) => way.close()));
  }

  /** Directly, or through the proxy for the address. Throws AddressRefused for what no proxy may be asked for either. */
  private async wayTo(url: URL): Promise<Dispatcher> {
    const proxy = proxyFor(url, this.proxies);
    if (proxy === null) return this.agent;
    await refuseProxied(url, this.guard);
    const way = this.ways.get(proxy) ?? new ProxyAgent(proxy);
    this.ways.set(proxy, way);
    return way;
  }

  /** The beginning of the answer. The status is known by now, so an answer too long or cut off changes nothing. */
  private async readBody(
    body: AsyncIterable<Buffer> & { destroy(): unknown },
    keep: number,
  ): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > this.maxResponseBytes) break;
      }
    } catch {
      chunks.push(Buffer.from(' [cut off]'));
    } finally {
      body.destroy();
    }
    return Buffer.concat(chunks).subarray(0, keep).toString('utf8');
  }
}

/** Failures of name resolution and of connecting, from Node's system errors: the request never left. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

function classify(error: unknown): HttpResult {
  const cause = rootCause(error);
  const text = cause.message === '' ? cause.name : cause.message;
  if (cause instanceof AddressRefused)
    return { kind: 'unsent', code: cause.code, error: text, permanent: true };
  if (cause instanceof errors.InvalidArgumentError)
    return { kind: 'unsent', code: 'bad_request', error: text, permanent: true };
  if (/HTTP Tunneling/u.test(text))
    return { kind: 'unsent', code: 'proxy_refused', error: text, permanent: false };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  const unsent =
    NOT_CONNECTED.has(code) ||
    cause instanceof errors.ConnectTimeoutError ||
    code.startsWith('ERR_TLS') ||
    code.includes('CERT');
  if (unsent) return { kind: 'unsent', code: code.toLowerCase(), error: text, permanent: false };
  return { kind: 'lost', code: cause.name === 'TimeoutError' ? 'timeout' : code.toLowerCase(), error: text };
}

/** With several addresses of a name Node reports an AggregateError; one refused address decides. */
function rootCause(error: unknown): Error {
  if (error instanceof AggregateError) {
    const parts = error.errors.filter((part): part is Error => part instanceof Error);
    return parts.find((part) => part instanceof AddressRefused) ?? parts[0] ?? error;
  }
  return error instanceof Error ? error : new Error(String(error));
}

function parseRetryAfter(header: string | string[] | undefined, now: Date): number | null {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

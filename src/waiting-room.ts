import { CodedError } from './domain/coded-error.js';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Config } from './config/config.js';

const PORT_AGAIN_MS = 200;
const PORT_PREDECESSOR_MS = 5_000;
const ANSWER_MS = 1_000;

/** A request that comes while the service is about to answer waits for so long, and so many of them. */
const HELD_MS = 10_000;
const MOST_HELD = 100;

interface Held {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly timer: NodeJS.Timeout;
}

/**
 * The server at the service's address, from before anything is opened. Until the service answers it says that it is alive, not ready, and why: so
 * an orchestrator lets a long start be. Other requests wait a moment for the service, unless the start waits for somebody else.
 */
export class WaitingRoom {
  private parts: Readonly<Record<string, string>> = { process: 'starting' };
  private readonly held = new Set<Held>();
  private holds = true;

  private constructor(
    readonly server: Server,
    readonly port: number,
  ) {
    server.on('request', this.receive);
  }

  /** Listens on the port that is asked for, or a free one for 0. Throws AddressTaken. */
  static async open(config: Config): Promise<WaitingRoom> {
    const { PORT: port, TIDEWATCH_KEEP_ALIVE: idle } = config;
    const server = createServer();
    // A balancer must be the one that closes an idle connection: whoever closes first loses a request that is on its way.
    server.keepAliveTimeout = idle;
    server.headersTimeout = Math.max(idle + 5_000, 60_000);
    await listen(server, config);
    const address = server.address();
    return new WaitingRoom(server, typeof address === 'object' && address ? address.port : port);
  }

  /** What the start waits for, for who asks whether the service is ready. */
  tell(part: string, problem: string): void {
    this.parts = { process: 'starting', [part]: problem };
    this.holds = false;
    this.giveUp();
  }

  /** From here on the service answers, first those who waited for it. */
  handOver(service: RequestListener): void {
    this.server.off('request', this.receive);
    this.server.on('request', service);
    for (const { request, response } of this.release()) if (!response.destroyed) service(request, response);
  }

  /** The start has failed: those who wait are told. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.giveUp();
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private readonly receive = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url?.split('?')[0] ?? '';
    if (path.endsWith('/health/live')) return answer(response, 200, { status: 'ok' });
    if (path.endsWith('/health/ready') || !this.holds || this.held.size >= MOST_HELD)
      return this.refuse(response);
    const timer = setTimeout(() => {
      this.held.delete(one);
      this.refuse(response);
    }, HELD_MS);
    const one = { request, response, timer };
    this.held.add(one);
  };

  private refuse(response: ServerResponse): void {
    response.setHeader('retry-after', '2');
    // what is left of the request is not read
    response.setHeader('connection', 'close');
    answer(response, 503, { status: 'unavailable', parts: this.parts });
  }

  private giveUp(): void {
    for (const { response } of this.release()) this.refuse(response);
  }

  private release(): readonly Held[] {
    const all = [...this.held];
    this.held.clear();
    for (const { timer } of all) clearTimeout(timer);
    return all;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** A process that was killed holds its address for a moment, and one that was told to end while balancers look away: at most as long as it may take to end. */
async function listen(server: Server, config: Config): Promise<void> {
  const { PORT: port, HOST: host, TIDEWATCH_STOP_WITHIN: longest } = config;
  for (let waited = 0; ; waited += PORT_AGAIN_MS) {
    server.listen(port, host);
    try {
      await once(server, 'listening');
      return;
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      const mayEnd = waited < PORT_PREDECESSOR_MS || (waited < longest && (await isStopping(host, port)));
      if (cause.code !== 'EADDRINUSE' || !mayEnd) throw new AddressTaken(host, port, cause);
      await sleep(PORT_AGAIN_MS);
    }
  }
}

const Stopping = z.object({ parts: z.object({ process: z.literal('stopping') }) });

/** Whether what answers there is a Tidewatch that was told to end. */
async function isStopping(host: string, port: number): Promise<boolean> {
  const name = ['0.0.0.0', '::', '*'].includes(host) ? '127.0.0.1' : host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/health/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return Stopping.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

/** The address cannot be listened on. */
export class AddressTaken extends CodedError {
  override readonly name = 'AddressTaken';
  readonly code = 'address_taken';
  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(`cannot listen on ${host}:${port} (${cause.code}); set PORT or HOST to a free address`, { cause });
  }
}

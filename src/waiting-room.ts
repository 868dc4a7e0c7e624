import { CodedError } from './domain/coded-error.js';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config/config.js';

const AGAIN_MS = 200;
const PREDECESSOR_MS = 5_000;

/**
 * Answers on the service's address until the service does: alive, not ready, and why. So an orchestrator lets a long start be, and the address
 * is taken before anything is opened.
 */
export class WaitingRoom {
  private parts: Readonly<Record<string, string>> = { process: 'starting' };

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('request', (request, response) => {
      const alive = request.url?.endsWith('/health/live') ?? false;
      const body = alive ? { status: 'ok' } : { status: 'unavailable', parts: this.parts };
      response.writeHead(alive ? 200 : 503, {
        'content-type': 'application/json; charset=utf-8',
        connection: 'close',
        ...(alive ? {} : { 'retry-after': '2' }),
      });
      response.end(JSON.stringify(body));
    });
  }

  /** Listens on the port that is asked for, or a free one for 0. Throws AddressTaken. */
  static async open({ PORT: port, HOST: host }: Config): Promise<WaitingRoom> {
    const server = createServer();
    await listen(server, port, host);
    const address = server.address();
    return new WaitingRoom(server, typeof address === 'object' && address ? address.port : port);
  }

  /** What the start waits for, for who asks whether the service is ready. */
  tell(part: string, problem: string): void {
    this.parts = { process: 'starting', [part]: problem };
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

/** A process that was killed holds its address for a moment. */
async function listen(server: Server, port: number, host: string): Promise<void> {
  for (let waited = 0; ; waited += AGAIN_MS) {
    server.listen(port, host);
    try {
      await once(server, 'listening');
      return;
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code !== 'EADDRINUSE' || waited >= PREDECESSOR_MS) throw new AddressTaken(host, port, cause);
      await sleep(AGAIN_MS);
    }
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

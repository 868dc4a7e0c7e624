import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of this machine alone. */
export async function listenLocally(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on: for a process that has to be told one, or for one that is not to be there. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await listenLocally(server);
  const port = portOf(server);
  await endServer(server);
  return port;
}

/** Ends it with its connections; one that does not listen has ended. */
export async function endServer(server: Server): Promise<void> {
  server.closeAllConnections();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

import { isMainThread } from 'node:worker_threads';
import type { Session } from 'chdb';
import type { ChdbConnection } from 'chdb/connection';
import type { ArrowColumn } from './arrow-columns.js';
import { DatabaseError } from './database.js';

/** The parts of the chDB package the adapter uses, some of which its own types leave out. */
export interface ChdbEngine {
  /** Binds the process to a data directory; `connectionArgs` are server configuration in the form `--name=value`. */
  openSession(path: string, connectionArgs: readonly string[]): ChdbSession;
  createConnection(path: string): ChdbConnection;
  /** Makes columns readable once as `arrowstream('name')`, from every connection. */
  registerColumns: ((session: ChdbSession, name: string, columns: readonly ArrowColumn[]) => void) | null;
  unregisterColumns(session: ChdbSession, name: string): void;
  /** Resolves when no native call runs and every closed connection is gone. */
  drain(): Promise<void>;
}

export type ChdbSession = Session & { readonly connection?: unknown };

interface ChdbModule {
  readonly Session: new (path: string, options: { connectionArgs: readonly string[] }) => ChdbSession;
  drainPending(): Promise<void>;
  readonly _arrowRegisterColumns?: (
    connection: unknown,
    name: string,
    columns: readonly ArrowColumn[],
  ) => void;
  readonly _arrowUnregister?: (connection: unknown, name: string) => void;
}

/** Loads the optional package. Throws DatabaseError CHDB_MISSING, with what to do, where it is not installed. */
export async function loadChdb(): Promise<ChdbEngine> {
  // an engine closed by a worker leaves the main thread's next statement waiting for ever
  if (!isMainThread)
    throw new DatabaseError(
      'the embedded engine runs in the main thread or a child process only',
      'WORKER_THREAD',
      false,
    );
  const { chdb, createChdbConnection } = await importChdb();
  const register = chdb._arrowRegisterColumns;
  return {
    openSession: (path, connectionArgs) => new chdb.Session(path, { connectionArgs }),
    createConnection: (path) => createChdbConnection({ path }),
    registerColumns: register
      ? (session, name, columns) => register(session.connection, name, columns)
      : null,
    unregisterColumns: (session, name) => chdb._arrowUnregister?.(session.connection, name),
    drain: async () => chdb.drainPending(),
  };
}

async function importChdb(): Promise<{
  chdb: ChdbModule;
  createChdbConnection: (options: { path: string }) => ChdbConnection;
}> {
  try {
    const [root, connection] = await Promise.all([import('chdb'), import('chdb/connection')]);
    // the package's own types name neither the default export nor the Arrow functions
    const chdb = (root as unknown as { default: ChdbModule }).default;
    return { chdb, createChdbConnection: connection.createChdbConnection };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new DatabaseError(
      `the embedded engine (package chdb) could not be loaded: set CLICKHOUSE_URL to use a ClickHouse server, or install it with "npm install chdb" (${why})`,
      'CHDB_MISSING',
      false,
      { cause: error },
    );
  }
}

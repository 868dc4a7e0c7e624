import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.js';
import { ChdbDatabase } from './chdb.database.js';
import { ClickhouseDatabase } from './clickhouse.database.js';
import { DatabaseError, type Database } from './database.js';

/** How to wait for a store that is not there yet. */
export interface StoreWait {
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal;
  /** Told what is waited for, at every attempt. */
  readonly tell: (problem: string) => void;
  /** The longest that the process before this one takes to end in order, in milliseconds. */
  readonly predecessorMs: number;
}

export interface DatabaseChoice {
  /** A ClickHouse server as it is now: its user and password may be rotated. The embedded engine when undefined. */
  readonly url: () => string | undefined;
  /** Folder of the embedded engine. */
  readonly path: string;
  readonly log: Log;
  /** Left out: a store that does not answer is an error at once. */
  readonly wait?: StoreWait;
}

const OPEN_AGAIN_MS = 2_000;
/** One warning in this many attempts is enough. */
const WARN_EVERY = 15;
/** A process that was killed is gone after this long. One that is not gone by then, nor when it had its time to end in order, has its folder for good. */
const PREDECESSOR_MS = 10_000;
const LOOK_MS = 200;

/**
 * The engine that the configuration asks for. With `wait`, a ClickHouse server that does not answer yet is asked again until it does, and a data
 * folder is waited for, some seconds, while the process before this one ends.
 */
export async function openDatabase(choice: DatabaseChoice): Promise<Database> {
  const { url: current, path, log, wait } = choice;
  const url = current();
  if (url === undefined)
    return wait ? openAfterPredecessor(path, log, wait) : ChdbDatabase.open({ path, log });
  for (let attempt = 0; ; attempt++) {
    try {
      return await ClickhouseDatabase.open({ url: current() ?? url, current, log });
    } catch (error) {
      if (!wait || !(error instanceof DatabaseError) || !error.retryable) throw error;
      wait.tell(error.message);
      if (attempt % WARN_EVERY === 0) log.warn(`waiting for the store: ${error.message}`);
      await pause(OPEN_AGAIN_MS, wait);
    }
  }
}

async function openAfterPredecessor(path: string, log: Log, wait: StoreWait): Promise<Database> {
  const patience = Math.max(PREDECESSOR_MS, wait.predecessorMs);
  for (let waited = 0; ; waited += LOOK_MS) {
    try {
      return await ChdbDatabase.open({ path, log });
    } catch (error) {
      const held = error instanceof DatabaseError && error.code === 'DIRECTORY_IN_USE';
      if (!held || waited >= patience) throw error;
      wait.tell(error.message);
      if (waited === 0) log.warn(`waiting for the process before this one to end: ${error.message}`);
      await pause(LOOK_MS, wait);
    }
  }
}

async function pause(ms: number, { signal }: StoreWait): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {});
}

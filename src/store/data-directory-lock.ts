import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DatabaseError } from './database.js';
import { makeFolder } from './make-folder.js';

const FILE = 'tidewatch.lock';
const Holder = z.object({ pid: z.number().int(), host: z.string(), started: z.string() });
type Holder = z.infer<typeof Holder>;

/**
 * Says who uses a data directory. The engine's own lock (freed by the kernel when a process dies) decides; this file lets us
 * refuse before the engine does and name the holder, which the engine does not.
 */
export class DataDirectoryLock {
  /** What this process has open: the engine binds one directory for the whole process. */
  private static own: string | null = null;

  private constructor(
    private readonly file: string,
    private readonly directory: string,
  ) {}

  /** Makes the directory if it is not there. Throws DatabaseError DIRECTORY_IN_USE when a living process of this machine holds it,
   * ONE_DIRECTORY_PER_PROCESS when this one has another open, or the system's code (`EACCES`) when it cannot be written to. */
  static check(directory: string): DataDirectoryLock {
    makeFolder(directory);
    const lock = new DataDirectoryLock(join(directory, FILE), directory);
    if (DataDirectoryLock.own === directory) throw lock.inUse();
    if (DataDirectoryLock.own !== null) throw lock.secondDirectory(DataDirectoryLock.own);
    const holder = lock.holder();
    if (holder && isAlive(holder)) throw lock.inUse();
    return lock;
  }

  /** To be called once the engine has opened the directory. A file left by a dead process is replaced. */
  take(): void {
    DataDirectoryLock.own = this.directory;
    const temporary = `${this.file}.${process.pid}`;
    writeFileSync(
      temporary,
      JSON.stringify({
        pid: process.pid,
        host: hostname(),
        started: processAt(process.pid).started,
      } satisfies Holder),
    );
    renameSync(temporary, this.file);
  }

  release(): void {
    DataDirectoryLock.own = null;
    if (this.holder()?.pid === process.pid) rmSync(this.file, { force: true });
  }

  inUse(cause?: unknown): DatabaseError {
    const holder = this.holder();
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
    return new DatabaseError(
      `the data directory ${this.directory} is in use by ${who}: one process owns an embedded database. Stop it, choose another directory, or set CLICKHOUSE_URL to share a server`,
      'DIRECTORY_IN_USE',
      false,
      { cause },
    );
  }

  private secondDirectory(open: string): DatabaseError {
    const message = `this process has an embedded database open in ${open}; close it before opening ${this.directory}`;
    return new DatabaseError(message, 'ONE_DIRECTORY_PER_PROCESS', false);
  }

  private holder(): Holder | undefined {
    try {
      return Holder.safeParse(JSON.parse(readFileSync(this.file, 'utf8'))).data;
    } catch {
      return undefined;
    }
  }
}

/** Alive means: on this machine, running, not ourselves, and started when the file says (process numbers are used again). */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname() || holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const { state, started } = processAt(holder.pid);
  return started === holder.started && state !== 'Z' && state !== 'X';
}

/** The kernel's state letter of a process (Z and X have ended) and its start in clock ticks since boot; '' where there is no /proc. */
function processAt(pid: number): { readonly state: string; readonly started: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return { state: '', started: '' };
  }
}

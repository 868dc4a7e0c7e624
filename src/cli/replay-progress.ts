import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { CliError } from './exit.js';

const Reached = z.object({
  /** Lines or rows of the file that were sent. */
  position: z.number().int(),
  /** Events they made; progress of before this was counted has one a line. */
  events: z.number().int().optional(),
  finished: z.boolean(),
});
const Stored = z.record(z.string(), Reached);

/** How far one file came. */
export interface Reach {
  readonly position: number;
  readonly events: number;
  readonly finished: boolean;
}

/** How far each file was replayed, kept in a file so that an interrupted replay goes on where it stopped. */
export class ReplayProgress {
  private readonly files: Map<string, z.infer<typeof Reached>>;

  /** Throws CliError when the file is there and is something else. */
  constructor(private readonly path: string) {
    this.files = new Map(Object.entries(existsSync(path) ? read(path) : {}));
  }

  /** A file by what it is: another size or time of change makes it another file. */
  static nameOf(file: string): string {
    const { size, mtimeMs } = statSync(file);
    return createHash('sha256')
      .update(`${resolve(file)}\0${size}\0${mtimeMs}`)
      .digest('hex')
      .slice(0, 32);
  }

  of(name: string): Reach {
    const { position, events, finished } = this.files.get(name) ?? { position: 0, finished: false };
    return { position, events: events ?? position, finished };
  }

  forget(name: string): void {
    this.files.delete(name);
  }

  /** Everything up to here is stored. Written beside and renamed, so that a kill leaves the last whole state. */
  save(name: string, reach: Reach): void {
    this.files.set(name, reach);
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, JSON.stringify(Object.fromEntries(this.files)));
    renameSync(`${this.path}.new`, this.path);
  }
}

function read(path: string): z.infer<typeof Stored> {
  try {
    return Stored.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new CliError(`${path} is not the progress of a replay: move it away`, 'bad_progress', {
      cause: error,
    });
  }
}

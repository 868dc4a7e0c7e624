import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { CliError } from './exit.js';

const Stored = z.record(z.string(), z.object({ position: z.number().int(), finished: z.boolean() }));

/** How far each file was replayed, kept in a file so that an interrupted replay goes on where it stopped. */
export class ReplayProgress {
  private readonly files: Map<string, z.infer<typeof Stored>[string]>;

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

  of(name: string): { readonly position: number; readonly finished: boolean } {
    return this.files.get(name) ?? { position: 0, finished: false };
  }

  forget(name: string): void {
    this.files.delete(name);
  }

  /** Everything up to `position` is stored. */
  save(name: string, position: number, finished: boolean): void {
    this.files.set(name, { position, finished });
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

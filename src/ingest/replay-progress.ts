import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const Progress = z.strictObject({
  files: z.record(z.string(), z.strictObject({ events: z.number().int(), done: z.boolean() })),
});

/** How far each file of a replay came, kept in a file so that an interrupted replay goes on. */
export class ReplayProgress {
  private constructor(
    private readonly path: string | null,
    private readonly files: Map<string, { events: number; done: boolean }>,
  ) {}

  /** Throws when the file is there and is not a progress file; a null path keeps nothing. */
  static async open(path: string | null): Promise<ReplayProgress> {
    const text = path === null ? null : await readFile(path, 'utf8').catch(() => null);
    if (text === null) return new ReplayProgress(path, new Map());
    const parsed = Progress.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`${path} is not the progress file of a replay`);
    return new ReplayProgress(path, new Map(Object.entries(parsed.data.files)));
  }

  of(file: string): { readonly events: number; readonly done: boolean } {
    return this.files.get(file) ?? { events: 0, done: false };
  }

  /** Written beside and renamed, so that a kill leaves the last whole state. */
  async reached(file: string, events: number, done: boolean): Promise<void> {
    this.files.set(file, { events, done });
    if (this.path === null) return;
    await writeFile(`${this.path}.new`, JSON.stringify({ files: Object.fromEntries(this.files) }));
    await rename(`${this.path}.new`, this.path);
  }
}

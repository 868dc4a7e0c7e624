import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^[0-9a-f]{64}$/u;

/** Whom the erasures under way are about: nothing but these files of this process says it, and they go when the erasure is done. */
export class PendingErasures {
  constructor(private readonly folder: string) {}

  async keep(hash: string, subject: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, hash);
    await writeFile(`${path}.part`, subject, { mode: 0o600, flush: true });
    await rename(`${path}.part`, path);
  }

  async forget(hash: string): Promise<void> {
    await rm(join(this.folder, hash), { force: true });
  }

  /** Whom each hash stands for. */
  async list(): Promise<ReadonlyMap<string, string>> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => NAME.test(name));
    const read = names.map(async (name) => [name, await readFile(join(this.folder, name), 'utf8')] as const);
    return new Map(await Promise.all(read));
  }
}

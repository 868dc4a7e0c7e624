import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingFileFormat, TrainingFile } from '../retraining/manifest.js';
import type { Slice } from '../retraining/training-plan.js';
import type { Database, TableFormat } from '../store/database.js';
import { countParquet } from '../tables/parquet-table.js';

const ENGINE_FORMAT: Readonly<Record<TrainingFileFormat, TableFormat>> = {
  parquet: 'Parquet',
  csv: 'CSVWithNames',
};
/** A slice takes seconds; on a busy machine, minutes. */
const SLICE_TIMEOUT_MS = 600_000;
const RUN_ID = /^[0-9a-f]{32}$/;
const FILE_NAME = /^rows-\d{4}\.(parquet|csv)$/;

/** What one file is to hold. */
export interface WantedFile extends Slice {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Files of training rows, a folder a run, below the data folder of this process. */
export class TrainingFiles {
  constructor(
    private readonly database: Database,
    private readonly folder: string,
  ) {}

  /** Writes what is wanted, a file a slice, in each format. A run that is written again starts over. */
  async write(
    runId: string,
    formats: readonly TrainingFileFormat[],
    wanted: readonly WantedFile[],
  ): Promise<readonly TrainingFile[]> {
    const place = this.placeOf(runId);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    const written: TrainingFile[] = [];
    let before: Written | null = null;
    for (const format of formats)
      for (const [i, file] of wanted.entries()) {
        // One is read through while the engine writes the next.
        const [next, described]: [Written, TrainingFile | null] = await Promise.all([
          this.writeOne(place, format, { i, file }),
          before && describe(before),
        ]);
        if (described) written.push(described);
        before = next;
      }
    return before ? [...written, await describe(before)] : written;
  }

  /** The path of a file that a manifest names; null for any other name. */
  pathOf(runId: string, name: string): string | null {
    return RUN_ID.test(runId) && FILE_NAME.test(name) ? join(this.placeOf(runId), name) : null;
  }

  /** Removes the folders of runs that are not kept. */
  async sweep(isKept: (runId: string) => boolean): Promise<void> {
    const found = await readdir(this.folder).catch(() => []);
    for (const name of found)
      if (RUN_ID.test(name) && !isKept(name))
        await rm(join(this.folder, name), { recursive: true, force: true });
  }

  private placeOf(runId: string): string {
    return join(this.folder, runId);
  }

  private async writeOne(
    place: string,
    format: TrainingFileFormat,
    { i, file }: { readonly i: number; readonly file: WantedFile },
  ): Promise<Written> {
    const name = `rows-${String(i + 1).padStart(4, '0')}.${format}`;
    const path = join(place, name);
    const { sql, params } = file;
    // Under its own name only when it is whole.
    await this.database.writeFile(`${path}.part`, sql, ENGINE_FORMAT[format], {
      params,
      timeoutMs: SLICE_TIMEOUT_MS,
    });
    await rename(`${path}.part`, path);
    return { path, name, format, slice: file };
  }
}

/** A file that is there as a whole. */
interface Written {
  readonly path: string;
  readonly name: string;
  readonly format: TrainingFileFormat;
  readonly slice: Slice;
}

async function describe({ path, name, format, slice }: Written): Promise<TrainingFile> {
  const [{ size }, { sha256, lines }] = await Promise.all([stat(path), readThrough(path, format)]);
  const rows = format === 'parquet' ? await countParquet(path) : lines - 1;
  const [from, to] = [slice.from.toISOString(), slice.to.toISOString()];
  return { name, format, from, to, rows, bytes: size, sha256 };
}

const QUOTE = 0x22;
const LINE_END = 0x0a;

/** The digest of a file and, of a CSV, its lines: a line's end within quotes is none. */
async function readThrough(
  path: string,
  format: TrainingFileFormat,
): Promise<{ readonly sha256: string; readonly lines: number }> {
  const hash = createHash('sha256');
  let lines = 0;
  let isQuoted = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    hash.update(bytes);
    if (format === 'parquet') continue;
    for (const byte of bytes) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_END && !isQuoted) lines += 1;
    }
  }
  return { sha256: hash.digest('hex'), lines };
}

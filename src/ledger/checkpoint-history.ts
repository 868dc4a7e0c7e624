import { appendFile } from 'node:fs/promises';
import { z } from 'zod';
import { readIfThere } from './whole-file.js';

/** A checkpoint and when it was signed. */
export interface DatedCheckpoint {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** C2SP signed note. */
  readonly note: string;
}

const Line = z.strictObject({ at: z.iso.datetime(), note: z.string().min(1) });
/** So often a checkpoint is published by itself. */
const HOUR = 3_600_000;

/**
 * Checkpoints in the order they were published, as lines that are only ever added: in a file of the data directory and in every further one
 * (on a disk that the service can append to and not rewrite). Whoever rolls the log back has to find and change every copy.
 */
export class CheckpointHistory {
  #last: DatedCheckpoint | null = null;

  private constructor(
    private readonly files: readonly string[],
    private readonly known: DatedCheckpoint[],
  ) {
    this.#last = known.at(-1) ?? null;
  }

  /** Reads every file that is there. Lines that are no checkpoints (half a line of a full disk) are passed over: the notes carry their own signature. */
  static async open(files: readonly string[]): Promise<CheckpointHistory> {
    const read = await Promise.all(files.map(async (file) => linesOf(file)));
    const byNote = new Map(read.flat().map((one) => [one.note, one]));
    const known = [...byNote.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
    return new CheckpointHistory(files, known);
  }

  /** Oldest first. */
  get all(): readonly DatedCheckpoint[] {
    return this.known;
  }

  /** When the newest one was signed, epoch ms; null before the first. */
  get lastAt(): number | null {
    return this.#last && Date.parse(this.#last.at);
  }

  /**
   * Adds a checkpoint to every file when the newest is an hour old, or `always`. The files that could not be written, each with the reason;
   * the others have it.
   */
  async publish(note: string, now: Date, always = false): Promise<readonly string[]> {
    const due = this.lastAt === null || now.getTime() - this.lastAt >= HOUR;
    if (note === this.#last?.note || !(due || always)) return [];
    this.#last = { at: now.toISOString(), note };
    this.known.push(this.#last);
    const line = `${JSON.stringify(this.#last)}\n`;
    const outcomes = await Promise.all(this.files.map(async (file) => append(file, line)));
    return outcomes.filter((problem) => problem !== null);
  }
}

async function append(file: string, line: string): Promise<string | null> {
  try {
    await appendFile(file, line, { mode: 0o644 });
    return null;
  } catch (error) {
    return `${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
}

async function linesOf(file: string): Promise<readonly DatedCheckpoint[]> {
  return datedCheckpoints((await readIfThere(file)) ?? '');
}

/** The checkpoints in the text of a published file; lines that are none are passed over. */
export function datedCheckpoints(text: string): readonly DatedCheckpoint[] {
  return text.split('\n').flatMap((line) => {
    const parsed = Line.safeParse(jsonOf(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

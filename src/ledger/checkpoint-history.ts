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

/** A place that checkpoints are published to and where this service cannot rewrite, other than a file. */
export interface CheckpointSink {
  /** Publishes one; the reason why it is not there, in words, null where it is. Never throws. */
  readonly publish: (checkpoint: DatedCheckpoint, now: Date) => Promise<string | null>;
}

const Line = z.strictObject({ at: z.iso.datetime(), note: z.string().min(1) });
/** So often a checkpoint is published by itself. */
const HOUR = 3_600_000;
/** A sink that could not be reached is tried again this often, with the newest checkpoint it has not got. */
const TRIED_AGAIN_MS = 5 * 60_000;

/**
 * Checkpoints in the order they were published, as lines that are only ever added: in a file of the data directory and in every further one
 * (on a disk that the service can append to and not rewrite), and in every sink. Whoever rolls the log back has to find and change every copy.
 */
export class CheckpointHistory {
  #last: DatedCheckpoint | null = null;
  /** Text of the newest, without signatures: cosignatures make another note of it and not another checkpoint. */
  #body: string | null = null;
  /** What a sink has not got, and when it was tried last (epoch ms). */
  readonly #owed = new Map<
    CheckpointSink,
    { readonly checkpoint: DatedCheckpoint; readonly triedAt: number }
  >();

  private constructor(
    private readonly files: readonly string[],
    private readonly known: DatedCheckpoint[],
    private readonly sinks: readonly CheckpointSink[],
  ) {
    this.#last = known.at(-1) ?? null;
    this.#body = this.#last && bodyOf(this.#last.note);
  }

  /** Reads every file that is there. Lines that are no checkpoints (half a line of a full disk) are passed over: the notes carry their own signature. */
  static async open(
    files: readonly string[],
    sinks: readonly CheckpointSink[] = [],
  ): Promise<CheckpointHistory> {
    const read = await Promise.all(files.map(async (file) => linesOf(file)));
    const byNote = new Map(read.flat().map((one) => [one.note, one]));
    const known = [...byNote.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
    return new CheckpointHistory(files, known, sinks);
  }

  /** Oldest first. */
  get all(): readonly DatedCheckpoint[] {
    return this.known;
  }

  /** When the newest one was signed, epoch ms; null before the first. */
  get lastAt(): number | null {
    return this.#last && Date.parse(this.#last.at);
  }

  /** Sinks that have not got the newest checkpoint that they should have. */
  get behind(): number {
    return this.#owed.size;
  }

  /**
   * Adds a checkpoint to every file and sink when the newest is an hour old, or `always`, and tries sinks again that have not got theirs. What could not be
   * written, each with the reason; the others have it.
   */
  async publish(note: string, now: Date, always = false): Promise<readonly string[]> {
    if (!this.isDue(note, now, always)) return this.#settle(now, always);
    this.#last = { at: now.toISOString(), note };
    this.#body = bodyOf(note);
    this.known.push(this.#last);
    const line = `${JSON.stringify(this.#last)}\n`;
    const outcomes = await Promise.all(this.files.map(async (file) => append(file, line)));
    for (const sink of this.sinks) this.#owed.set(sink, { checkpoint: this.#last, triedAt: -Infinity });
    return [...outcomes.filter((problem) => problem !== null), ...(await this.#settle(now, always))];
  }

  /** Whether a checkpoint would be published now: it is another one than the newest, and that is an hour old, or `always`. */
  isDue(note: string, now: Date, always = false): boolean {
    const isOld = this.lastAt === null || now.getTime() - this.lastAt >= HOUR;
    return bodyOf(note) !== this.#body && (isOld || always);
  }

  async #settle(now: Date, always: boolean): Promise<readonly string[]> {
    const due = [...this.#owed].filter(
      ([, { triedAt }]) => always || now.getTime() - triedAt >= TRIED_AGAIN_MS,
    );
    const outcomes = await Promise.all(
      due.map(async ([sink, { checkpoint }]) => {
        const problem = await sink.publish(checkpoint, now);
        if (problem === null) this.#owed.delete(sink);
        else this.#owed.set(sink, { checkpoint, triedAt: now.getTime() });
        return problem;
      }),
    );
    return outcomes.filter((problem) => problem !== null);
  }
}

function bodyOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
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

import { BadCheckpoint, openCheckpoint, type TreeHead } from './checkpoint.js';
import { datedCheckpoints } from './checkpoint-history.js';

/** The name of a log, its number of entries, a SHA-256 root, what else there may be, and signatures behind an empty line. */
const CHECKPOINT = /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n[^]*\n\u2014 /u;

/**
 * The notes in a file that somebody kept: one signed note, or what the service publishes (lines of `{at, note}`), any number of them. Throws
 * BadCheckpoint when the text is neither; signatures are not looked at here.
 */
export function keptNotes(text: string): readonly string[] {
  if (CHECKPOINT.test(text)) return [text];
  const notes = datedCheckpoints(text).map(({ note }) => note);
  if (notes.length > 0 && notes.every((note) => CHECKPOINT.test(note))) return notes;
  throw new BadCheckpoint(
    'is no checkpoint: neither a signed note (`tidewatch audit checkpoint`) nor lines of {at, note} as TIDEWATCH_CHECKPOINT_SINK has them',
  );
}

export interface KeptHeads {
  readonly heads: readonly TreeHead[];
  /** Notes that the key did not sign: they prove nothing about this log. */
  readonly others: number;
}

/** The tree heads that kept notes sign for. Throws BadCheckpoint when the key signed none of them. */
export function keptHeads(notes: readonly string[], key: string): KeptHeads {
  const heads: TreeHead[] = [];
  let refused: BadCheckpoint | null = null;
  for (const note of notes) {
    try {
      heads.push(openCheckpoint(note, key));
    } catch (error) {
      if (!(error instanceof BadCheckpoint)) throw error;
      refused ??= error;
    }
  }
  if (refused && heads.length === 0)
    throw new BadCheckpoint(
      `the kept checkpoint is not of the key ${key} (${refused.message}): it is of another log, or this one is not what it says`,
      { cause: refused },
    );
  return { heads, others: notes.length - heads.length };
}

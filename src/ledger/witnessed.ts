import { claimedSize, type TreeHead } from './checkpoint.js';
import { headOf } from './checkpoints.js';
import { cosignaturesIn, type Cosignature } from './cosignature.js';

/** Whose cosignatures an auditor asks for. */
export interface WitnessPolicy {
  /** Verifier keys of witnesses, obtained from elsewhere. */
  readonly keys: readonly string[];
  /** How many of them have to have cosigned one and the same checkpoint. */
  readonly quorum: number;
}

/** Up to where witnesses saw a log, and which. */
export interface Witnessed {
  readonly entries: number;
  readonly by: readonly Cosignature[];
}

/**
 * The largest of some checkpoints that enough witnesses cosigned; null where none is. Only those that a log was held to count: `held` are their heads, `key` is that of the
 * log. Throws BadCheckpoint for a witness key that is none.
 */
export function witnessedUpTo(
  notes: readonly string[],
  { held, key }: { readonly held: readonly TreeHead[]; readonly key: string },
  { keys, quorum }: WitnessPolicy,
): Witnessed | null {
  const known = new Set(held.map(({ size, root }) => `${size}:${root}`));
  for (const note of notes.toSorted((a, b) => claimedSize(b) - claimedSize(a))) {
    const head = headOf(note, key);
    if (!head || !known.has(`${head.size}:${head.root}`)) continue;
    const by = cosignaturesIn(note, keys).map(({ witness, at }) => ({ witness, at }));
    if (by.length >= quorum) return { entries: head.size, by };
  }
  return null;
}

/** Why nothing is witnessed, for whoever asked that it be. */
export function unwitnessedText({ keys, quorum }: WitnessPolicy): string {
  const names = keys.map((key) => key.split('+', 1)[0]).join(', ');
  return `no checkpoint that the log is held to is cosigned by ${quorum} of ${names}: name those that were published with --kept`;
}

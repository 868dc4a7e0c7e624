import { verify as verifyBytes } from 'node:crypto';
import { noteParts, parseVerifierKey, type Signer } from './checkpoint.js';

/** Kind of a key that makes cosignatures (C2SP tlog-cosignature, Ed25519). */
export const WITNESS_KEY = 0x04;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** The last second that a date can be. */
const LATEST_SECONDS = 8_640_000_000_000n;

/** That a witness saw a log grow to a checkpoint, and to nothing else of that size. */
export interface Cosignature {
  /** Name of the witness, as its key has it. */
  readonly witness: string;
  /** When it says so, to the second. */
  readonly at: Date;
}

/** What a witness signs: a line that keeps it apart from other signatures, the time, and the whole text of the checkpoint. */
function signedText(seconds: bigint, body: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`);
}

/** The lines of a note that are right cosignatures by one of some witnesses, each witness once. Throws BadCheckpoint for keys that are none. */
export function cosignaturesIn(
  note: string,
  witnessKeys: readonly string[],
): readonly (Cosignature & { readonly line: string })[] {
  const { body, signatures } = noteParts(note);
  const witnesses = witnessKeys.map((key) => parseVerifierKey(key, WITNESS_KEY));
  return witnesses.flatMap((witness) => {
    for (const line of signatures) {
      const at = timeOf(line, witness, body);
      if (at !== null) return [{ witness: witness.name, at, line }];
    }
    return [];
  });
}

/** When a line cosigns a text; null where it does not, or is of another key. */
function timeOf(line: string, { name, id, publicKey }: Signer, body: string): Date | null {
  const prefix = `\u2014 ${name} `;
  if (!line.startsWith(prefix)) return null;
  const bytes = Buffer.from(line.slice(prefix.length), 'base64');
  if (bytes.length !== id.length + TIME_BYTES + SIGNATURE_BYTES || !bytes.subarray(0, id.length).equals(id)) return null;
  const seconds = bytes.readBigUInt64BE(id.length);
  if (seconds > LATEST_SECONDS) return null;
  const signature = bytes.subarray(id.length + TIME_BYTES);
  if (!verifyBytes(null, signedText(seconds, body), publicKey, signature)) return null;
  return new Date(Number(seconds) * 1000);
} // prettier-ignore

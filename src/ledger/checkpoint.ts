import { CodedError } from '../domain/coded-error.js';
import {
  createHash,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';

/** What a log says it holds: its number of entries and their RFC 6962 root in hex. */
export interface TreeHead {
  readonly size: number;
  readonly root: string;
}

/** A text that is not a checkpoint, or not signed by the key it should be. */
export class BadCheckpoint extends CodedError {
  override readonly name = 'BadCheckpoint';
  readonly code = 'bad_checkpoint';
}

/** What a key signs (C2SP signed-note): 0x01 whole notes, 0x04 cosignatures of checkpoints; Ed25519 both. */
export type KeyKind = 0x01 | 0x04;
const NOTE_KEY = 0x01;
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex'); // SubjectPublicKeyInfo of an Ed25519 key, without the key

/** The verifier key of a C2SP signed note: `name+keyid+base64(0x01 ‖ public key)`. Names have no space and no plus. */
export function verifierKey(name: string, publicKey: KeyObject, kind: KeyKind = NOTE_KEY): string {
  if (name === '' || /[\s+]/.test(name))
    throw new TypeError(`"${name}" cannot name a log: no spaces, no plus signs`);
  const raw = rawKey(publicKey);
  return `${name}+${keyId(name, raw, kind).toString('hex')}+${Buffer.concat([Buffer.from([kind]), raw]).toString('base64')}`;
}

/** Signs a tree head as a C2SP checkpoint: three lines, an empty one, and an Ed25519 signature line over the three. */
export function signCheckpoint({ size, root }: TreeHead, name: string, privateKey: KeyObject): string {
  const body = `${name}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
  return signNote(body, name, privateKey);
}

/** A text that ends with a line feed as a C2SP signed note. */
export function signNote(body: string, name: string, privateKey: KeyObject): string {
  const id = keyId(name, rawKey(createPublicKey(privateKey)), NOTE_KEY);
  const signature = Buffer.concat([id, signBytes(null, Buffer.from(body), privateKey)]).toString('base64');
  return `${body}\n\u2014 ${name} ${signature}\n`;
}

/**
 * The tree head a checkpoint signs for. Throws BadCheckpoint when the text is malformed, of another log, or not signed by `key` (a verifier
 * key).
 */
export function openCheckpoint(text: string, key: string): TreeHead {
  return parseBody(openNote(text, key), parseVerifierKey(key).name);
}

/** The number of entries that a checkpoint says it covers, before any signature is looked at: to choose which to open. NaN of what is none. */
export function claimedSize(note: string): number {
  return Number(note.split('\n', 2)[1] ?? NaN);
}

/** The text of a C2SP signed note that `key` signed; lines of other signers (witnesses) are passed over. Throws BadCheckpoint. */
export function openNote(text: string, key: string): string {
  const signer = parseVerifierKey(key);
  const { body, signatures } = noteParts(text);
  if (signatures.some((line) => isSignature(line, { ...signer, body }))) return body;
  throw new BadCheckpoint(`no valid signature of ${signer.name}`);
}

/** The text of a signed note and its signature lines, unread. Throws BadCheckpoint for what has none. */
export function noteParts(text: string): { readonly body: string; readonly signatures: readonly string[] } {
  // The text itself may hold empty lines: the signatures stand behind the last one.
  const end = text.lastIndexOf('\n\n');
  if (end < 0)
    throw new BadCheckpoint('no signature: a signed note is text, an empty line, and signature lines');
  return {
    body: text.slice(0, end + 1),
    signatures: text
      .slice(end + 2)
      .split('\n')
      .filter(Boolean),
  };
}

function parseBody(body: string, name: string): TreeHead {
  const [origin, size, root] = body.split('\n');
  if (origin !== name) throw new BadCheckpoint(`is of the log "${origin ?? ''}", not of "${name}"`);
  if (!size || !/^(0|[1-9]\d{0,15})$/.test(size))
    throw new BadCheckpoint('its second line is not a number of entries');
  const hash = Buffer.from(root ?? '', 'base64');
  if (hash.length !== 32) throw new BadCheckpoint('its third line is not a SHA-256 root in base64');
  return { size: Number(size), root: hash.toString('hex') };
}

/** Whether a text is a whole verifier key. */
export function isVerifierKey(text: string, kind: KeyKind = NOTE_KEY): boolean {
  try {
    parseVerifierKey(text, kind);
    return true;
  } catch (error) {
    if (error instanceof BadCheckpoint) return false;
    throw error;
  }
}

/** Who signs, by a verifier key. */
export interface Signer {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

function isSignature(
  line: string,
  { name, id, publicKey, body }: Signer & { readonly body: string },
): boolean {
  const prefix = `\u2014 ${name} `;
  if (!line.startsWith(prefix)) return false;
  const bytes = Buffer.from(line.slice(prefix.length), 'base64');
  if (bytes.length !== 4 + 64 || !bytes.subarray(0, 4).equals(id)) return false;
  return verifyBytes(null, Buffer.from(body), publicKey, bytes.subarray(4));
}

/** Reads a verifier key of a kind. Throws BadCheckpoint for what is none. */
export function parseVerifierKey(key: string, kind: KeyKind = NOTE_KEY): Signer {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(key.trim());
  const [, name, id, encoded] = match ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (!name || !id || bytes.length !== 33 || bytes[0] !== kind) {
    throw new BadCheckpoint(
      `the ${kind === NOTE_KEY ? 'verifier' : 'witness'} key is not name+keyid+base64 of an Ed25519 key${kind === NOTE_KEY ? '' : ' for cosignatures (kind 4)'}`,
    );
  }
  const raw = bytes.subarray(1);
  if (keyId(name, raw, kind).toString('hex') !== id)
    throw new BadCheckpoint('the verifier key and its id do not belong together');
  const publicKey = createPublicKey({ key: Buffer.concat([DER_PREFIX, raw]), format: 'der', type: 'spki' });
  return { name, id: Buffer.from(id, 'hex'), publicKey };
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
}

function keyId(name: string, raw: Uint8Array, kind: KeyKind): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([kind]))
    .update(raw)
    .digest()
    .subarray(0, 4);
}

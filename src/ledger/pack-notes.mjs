// Signed notes (C2SP signed-note) and what somebody kept of them; in a pack this stands in the same file as the verifier.
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

class Broken extends Error {}
class Incomplete extends Error {}
class Unusable extends Error {}

const CHECKPOINT = /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n[^]*\n\u2014 /u;
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

function givenFile(flag, path) {
  if (!existsSync(path)) throw new Unusable(`${flag}: there is no file ${path}`);
  return readFileSync(path, 'utf8');
}

function openNote(note, key, what) {
  const [, name, id, encoded] = VERIFIER_KEY.exec(key) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (!name || bytes.length !== 33 || bytes[0] !== 1) throw new Broken('ledger-key.pub is no verifier key');
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  const der = Buffer.concat([prefix, bytes.subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const end = note.lastIndexOf('\n\n');
  const body = note.slice(0, end + 1);
  const isSignature = (line) => {
    if (!line.startsWith(`\u2014 ${name} `)) return false;
    const signature = Buffer.from(line.slice(name.length + 3), 'base64');
    if (signature.length !== 68 || signature.subarray(0, 4).toString('hex') !== id) return false;
    return verify(null, Buffer.from(body), publicKey, signature.subarray(4));
  };
  const lines = note.slice(end + 2).split('\n');
  if (end < 0 || !lines.some(isSignature)) throw new Broken(`${what} is not signed by the key ${key}`);
  return { name, body };
}

function treeHead(note, key, what) {
  const { name, body } = openNote(note, key, what);
  const [origin, size, root] = body.split('\n');
  const hash = Buffer.from(root ?? '', 'base64');
  if (origin !== name || !/^\d{1,15}$/.test(size ?? '') || hash.length !== 32)
    throw new Broken(`${what} is no checkpoint of ${name}`);
  return { size: Number(size), root: hash.toString('hex') };
}

/** What somebody kept: one signed note, or lines of {at, note}, of which those that another key signed prove nothing here. */
function keptHeads(path, key) {
  const kept = givenFile('--kept', path);
  const heads = [];
  let refused = null;
  for (const note of keptNotes(kept, path))
    try {
      heads.push({ ...treeHead(note, key, 'the checkpoint that you kept'), isKept: true });
    } catch (error) {
      refused ??= error;
    }
  if (refused && heads.length === 0) throw refused;
  return heads;
}

function keptNotes(kept, path) {
  if (CHECKPOINT.test(kept)) return [kept];
  const notes = kept.split('\n').filter(Boolean).map(noteIn);
  if (notes.length > 0 && notes.every((note) => CHECKPOINT.test(note))) return notes;
  throw new Unusable(
    `--kept ${path} is no checkpoint: neither a signed note nor lines of {at, note} as a service publishes them`,
  );
}

function noteIn(line) {
  try {
    return String(JSON.parse(line).note);
  } catch {
    return '';
  }
}

export { Broken, givenFile, Incomplete, keptHeads, openNote, treeHead, Unusable, VERIFIER_KEY };

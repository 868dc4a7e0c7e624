// Signed notes (C2SP signed-note), what somebody kept of them, and what entries say of changed windows; in a pack this stands in the same file as the verifier.
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

class Broken extends Error {}
class Incomplete extends Error {}
class Unusable extends Error {}

const CHECKPOINT = /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n[^]*\n\u2014 /u;
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

/** The last second that a date can be. */
const LATEST_SECONDS = 8_640_000_000_000n;

function givenFile(flag, path) {
  if (!existsSync(path)) throw new Unusable(`${flag}: there is no file ${path}`);
  return readFileSync(path, 'utf8');
}

/** Who signs with a key of a kind (1: notes, 4: cosignatures); null where it is none. */
function signerOf(key, kind) {
  const [, name, id, encoded] = VERIFIER_KEY.exec(key) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (!name || bytes.length !== 33 || bytes[0] !== kind) return null;
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  const der = Buffer.concat([prefix, bytes.subarray(1)]);
  return { name, id, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function openNote(note, key, what) {
  const signer = signerOf(key, 1);
  if (!signer) throw new Broken('ledger-key.pub is no verifier key');
  const { name, id, publicKey } = signer;
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
  return { size: Number(size), root: hash.toString('hex'), note };
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

/** Keys of witnesses, as they are or in a file of one a line, with commas between. */
function witnessKeys(given) {
  const keys = given
    .split(',')
    .flatMap((one) => (signerOf(one.trim(), 4) ? [one.trim()] : linesIn(one.trim())));
  if (keys.length > 0 && keys.every((key) => signerOf(key, 4))) return keys;
  throw new Unusable(
    '--witness: a key is one line, name+keyid+key, made for cosignatures (kind 4); or a file of such lines',
  );
}

function linesIn(path) {
  const lines = givenFile('--witness', path).split('\n');
  return lines.map((line) => line.trim()).filter(Boolean);
}

/** Witnesses that cosigned a note (C2SP tlog-cosignature), with when. */
function cosigners(note, keys) {
  const end = note.lastIndexOf('\n\n');
  const body = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  return keys
    .map((key) => signerOf(key, 4))
    .flatMap(({ name, id, publicKey }) => {
      for (const line of lines.filter((one) => one.startsWith(`\u2014 ${name} `))) {
        const bytes = Buffer.from(line.slice(name.length + 3), 'base64');
        if (bytes.length !== 76 || bytes.subarray(0, 4).toString('hex') !== id) continue;
        const seconds = bytes.readBigUInt64BE(4);
        const signed = Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`);
        if (seconds > LATEST_SECONDS || !verify(null, signed, publicKey, bytes.subarray(12))) continue;
        return [`${name} (${new Date(Number(seconds) * 1000).toISOString()})`];
      }
      return [];
    });
}

/** The largest of some heads that enough witnesses cosigned, in words. Throws Incomplete where there is none. */
function seenBy(heads, { witness, quorum: asked }) {
  const keys = witnessKeys(String(witness));
  const quorum = Number(asked ?? keys.length);
  if (!(quorum >= 1 && quorum <= keys.length)) throw new Unusable(`--quorum: 1 to ${keys.length}`);
  for (const { note, size } of heads.toSorted((one, other) => other.size - one.size)) {
    const by = cosigners(note, keys);
    if (by.length >= quorum) return `the first ${size} entries were seen by ${by.join(', ')}`;
  }
  throw new Incomplete(
    `no checkpoint that the log is held to is cosigned by ${quorum} of the witnesses named with --witness`,
  );
}

/** Judged windows that entries name as changed in the store and not as found again as they were judged, and how many of them somebody looked into. */
function changesLines(entries) {
  const found = new Map();
  let upTo = 0;
  for (const { seq, action, data } of [...entries].sort((a, b) => a.seq - b.seq)) {
    const isReview = action === 'window.changes_reviewed';
    const what = isReview ? data.what : action;
    if (typeof data.upTo === 'number') upTo = Math.max(upTo, data.upTo);
    for (const { from } of Array.isArray(data.windows) ? data.windows : []) {
      const key = JSON.stringify([data.model, data.version, data.track, from, /rows/.test(what)]);
      if (isReview) found.delete(key);
      else found.set(key, seq);
    }
  }
  const reviewed = [...found.values()].filter((seq) => seq <= upTo).length;
  const windows = found.size === 1 ? 'judged window is' : 'judged windows are';
  return found.size === 0
    ? []
    : [`${found.size} ${windows} recorded as changed in the store (${reviewed} looked into)`];
}

export {
  Broken,
  changesLines,
  givenFile,
  Incomplete,
  keptHeads,
  openNote,
  seenBy,
  treeHead,
  Unusable,
  VERIFIER_KEY,
};

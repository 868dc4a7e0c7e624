// Checks an evidence pack of a Tidewatch ledger with nothing but Node.js: node verify.mjs [FOLDER] [--trusted-key KEY|FILE] [--kept FILE]
//   [--witness KEY|FILE,… [--quorum N]]: a checkpoint of the pack, or a kept one, is cosigned by all (or N) of these witnesses. KEPT: checkpoints from earlier times, as signed notes or as the file that TIDEWATCH_CHECKPOINT_SINK names. Exit code 2: such a FILE cannot be read.
// Exit code 0: everything is what was signed; 1: something is not, and is named; 3: something is missing, so that nothing is proven.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
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
} from './pack-notes.mjs';

/** Roots of a growing log: full subtrees by their size, largest first. */
class Range {
  size = 0;
  stack = [];
  append(leaf) {
    let node = leaf;
    for (let n = this.size; n % 2 === 1; n = (n - 1) / 2) node = nodeHash(this.stack.pop(), node);
    this.stack.push(node);
    this.size += 1;
  }
  root() {
    if (this.size === 0) return sha256('').toString('hex');
    return this.stack
      .reduceRight((right, left) => (right ? nodeHash(left, right) : left), null)
      .toString('hex');
  }
}

const flag = { type: 'string' };
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'trusted-key': flag, kept: flag, witness: flag, quorum: flag },
});
const folder = positionals[0] ?? dirname(fileURLToPath(import.meta.url));
const say = (text) => process.stdout.write(`${text}\n`);

try {
  const key = verifierKey();
  const manifest = checkManifest(key);
  await checkFiles(manifest);
  const heads = publishedHeads(key);
  const log = await checkLedger(key, heads);
  for (const head of heads) checkOne(head, log);
  const held = heads.filter((head) => isHeld(head, log));
  const seen = options.witness ? seenBy(held, options) : null;
  const policies = checkHashes('policies', log.policies, 'policy.activated');
  const baselines = checkHashes('baselines', log.baselines, 'baseline.pinned');
  say(`intact: ${log.entries} entries (${log.first} to ${log.last}) of a signed log of ${log.head.size}`);
  if (log.besides) say(`${log.besides} more, each proven; only the whole log shows that there are no others`);
  if (log.from) say(`recorded from ${String(log.from)} to ${String(log.until)}`);
  say(`${policies} policies and ${baselines} references are those that the ledger names`);
  if (seen) say(seen);
  for (const note of [...log.notes, ...changesLines(log.changes)]) say(`note: ${String(note)}`);
  if (!options['trusted-key'])
    say('not checked: whose key it is; compare ledger-key.pub with one you got elsewhere (--trusted-key)');
  if (!options.kept) say('not checked: that the log goes on from a checkpoint that you kept (--kept)');
} catch (error) {
  const [said, code] =
    error instanceof Incomplete
      ? ['INCOMPLETE, so nothing is proven', 3]
      : error instanceof Unusable
        ? ['cannot check', 2]
        : ['NOT intact', 1];
  say(`${said}: ${error.message}`);
  process.exitCode = code;
}

function text(name) {
  const path = join(folder, name);
  if (!existsSync(path)) throw new Incomplete(`${name} is not there`);
  return readFileSync(path, 'utf8');
}

function sha256(data) {
  return createHash('sha256').update(data).digest();
}

function verifierKey() {
  const own = text('ledger-key.pub').trim();
  if (!options['trusted-key']) return own;
  const given = String(options['trusted-key']);
  const trusted = VERIFIER_KEY.test(given) ? given : givenFile('--trusted-key', given).trim();
  if (!VERIFIER_KEY.test(trusted))
    throw new Unusable(`--trusted-key ${given} is no verifier key: it is one line, name+keyid+key`);
  if (trusted !== own) throw new Broken(`the pack names the key ${own}, and the one you trust is ${trusted}`);
  return trusted;
}

// ---- the files

function checkManifest(key) {
  const manifest = text('manifest.json');
  const { body } = openNote(text('manifest.sig'), key, 'manifest.sig');
  if (body !== `tidewatch evidence pack\n${sha256(manifest).toString('hex')}\n`)
    throw new Broken('manifest.json is not the one that was signed');
  return JSON.parse(manifest);
}

async function checkFiles({ files }) {
  const listed = new Set(['manifest.json', 'manifest.sig']);
  for (const { name, bytes, sha256: expected } of files) {
    const path = join(folder, name);
    if (name.split('/').includes('..') || !existsSync(path)) throw new Incomplete(`${name} is not there`);
    listed.add(name);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    if (hash.digest('hex') === expected) continue;
    const where = name === 'ledger.ndjson' ? await changedEntry(path) : '';
    throw new Broken(`${name} was changed: ${statSync(path).size} bytes, ${bytes} were packed${where}`);
  }
  for (const name of everyFile(folder))
    if (!listed.has(name)) throw new Broken(`${name} is not in the manifest`);
}

/** The first entry that is not what or where it was, so that what was done is named and not only found. */
async function changedEntry(path) {
  let before = null;
  let ahead = 0;
  for await (const line of linesOf(path)) {
    const { seq, entry, hash } = JSON.parse(line);
    if (entry === undefined) continue;
    if (ahead > 0)
      return seq === ahead - 1 ? `; entries ${seq} and ${ahead} are swapped` : removed(before.seq, ahead);
    if (leafHash(entry).toString('hex') !== hash) return `; entry ${seq} does not have its hash`;
    if (before && seq <= before.seq)
      return entry === before.entry ? `; entry ${seq} stands there twice` : `; an entry ${seq} was inserted`;
    if (before && seq > before.seq + 1) ahead = seq;
    else before = { seq, entry };
  }
  return ahead > 0 ? removed(before.seq, ahead) : '';
}

function removed(before, ahead) {
  return ahead === before + 2
    ? `; entry ${before + 1} was removed`
    : `; entries ${before + 1} to ${ahead - 1} were removed`;
}

/** Lines by line feed only: readline also breaks at U+2028, which JSON text may hold. */
async function* linesOf(path) {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    yield* lines.filter(Boolean);
  }
  if (rest !== '') yield rest;
}

function everyFile(from) {
  return readdirSync(from).flatMap((name) => {
    const path = join(from, name);
    return statSync(path).isDirectory() ? everyFile(path) : [relative(folder, path).split('\\').join('/')];
  });
}

// ---- the log (RFC 6962)

function leafHash(entry) {
  return sha256(Buffer.concat([Buffer.from([0]), Buffer.from(entry, 'utf8')]));
}

function nodeHash(left, right) {
  return sha256(Buffer.concat([Buffer.from([1]), left, right]));
}

/** RFC 9162 section 2.1.3.2. */
function isIncluded(leaf, { index, size, proof, root }) {
  if (index >= size) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const step of proof) {
    if (sn === 0) return false;
    const p = Buffer.from(step, 'hex');
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else r = nodeHash(r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && r.toString('hex') === root;
}

async function checkLedger(key, heads) {
  const wanted = new Set(heads.map(({ size }) => size));
  const nothing = { entries: 0, besides: 0, notes: [], changes: [], from: null, until: null };
  const log = { ...nothing, roots: new Map(), policies: new Map(), baselines: new Map() };
  const range = new Range();
  for await (const line of linesOf(join(folder, 'ledger.ndjson'))) {
    if (!log.head) beginLedger(log, JSON.parse(line), key);
    else addEntry(log, range, JSON.parse(line));
    // Roots of the sizes that a checkpoint names.
    if (wanted.has(range.size)) log.roots.set(range.size, range.root());
  }
  if (!log.head) throw new Incomplete('ledger.ndjson is empty');
  if (log.entries !== log.last - log.first + 1)
    throw new Incomplete(`entries ${log.first + log.entries} to ${log.last} are missing`);
  if (log.whole && range.root() !== log.head.root)
    throw new Broken('the entries do not have the root that was signed for them');
  if (existsSync(join(folder, 'proofs.ndjson')))
    for await (const line of linesOf(join(folder, 'proofs.ndjson')))
      remember(log, proven(log, JSON.parse(line)), false);
  return log;
}

function beginLedger(log, header, key) {
  if (header.format !== 'tidewatch-ledger-export' || header.v !== 1)
    throw new Broken('ledger.ndjson is no export of a ledger');
  if (header.verifierKey !== key) throw new Broken(`the export names the key ${header.verifierKey}`);
  if (header.damage) throw new Broken(`the service that made it knew its log to be broken: ${header.damage}`);
  const head = treeHead(header.checkpoint, key, 'the checkpoint of the export');
  const { first, last } = header;
  Object.assign(log, { head, first, last, whole: first === 1 && last === head.size });
}

function addEntry(log, range, row) {
  const seq = log.first + log.entries;
  log.entries += 1;
  if (row.seq !== seq) throw new Broken(`entry ${row.seq} stands where entry ${seq} should`);
  if (log.whole) range.append(leafHash(row.entry));
  remember(log, log.whole ? opened(row, seq) : proven(log, row, seq), true);
}

function opened(row, seq) {
  if (leafHash(row.entry).toString('hex') !== row.hash)
    throw new Broken(`entry ${seq} does not have its hash`);
  const entry = JSON.parse(row.entry);
  if (entry.seq !== seq) throw new Broken(`entry ${seq} says of itself that it is entry ${entry.seq}`);
  return entry;
}

function proven({ head }, row, seq = row.seq) {
  const entry = opened(row, seq);
  const place = { index: seq - 1, size: head.size, proof: row.proof ?? [], root: head.root };
  if (!isIncluded(leafHash(row.entry), place))
    throw new Broken(`entry ${seq} is not in the log that was signed`);
  return entry;
}

function remember(log, { seq, at, action, data }, isInOrder) {
  if (action === 'policy.activated') log.policies.set(data.hash, seq);
  if (action === 'baseline.pinned' || action === 'baseline.labels_learnt')
    log.baselines.set(data.fingerprint, seq);
  if (/^window\.\w*(changed|changes_reviewed)$/.test(action)) log.changes.push({ seq, action, data });
  if (!isInOrder) return void (log.besides += 1);
  if (log.until && at < log.until)
    log.notes.push(`entry ${seq} says ${at}, and the one before it ${log.until}`);
  log.from ??= at;
  log.until = at;
  if (action === 'ledger.entry_refused')
    log.notes.push(`entry ${data.seq} was not written by the service and not obeyed: entry ${seq} says so`);
}

function publishedHeads(key) {
  const published = text('checkpoints.ndjson').split('\n').filter(Boolean);
  const heads = published.map((line) => treeHead(JSON.parse(line).note, key, 'a published checkpoint'));
  return options.kept ? [...heads, ...keptHeads(String(options.kept), key)] : heads;
}

/** Whether a head is one that the log was held to: only those count for what witnesses saw. */
function isHeld({ size, root }, log) {
  return (size === log.head.size ? log.head.root : log.roots.get(size)) === root;
}

function checkOne(head, log) {
  const [signed, there] = [head.size, log.head.size];
  if (signed > there && head.isKept)
    throw new Incomplete(
      `your checkpoint has ${signed} entries, the pack ${there}: it was made before that, or its end was cut off; ask for a newer one`,
    );
  if (signed > there)
    throw new Broken(`the end is cut off: ${signed} entries were signed for, the log has ${there}`);
  const root = head.size === log.head.size ? log.head.root : log.roots.get(head.size);
  if (root === undefined && head.isKept)
    throw new Incomplete('a part cannot be held to your checkpoint: ask for the whole log');
  if (root !== undefined && root !== head.root)
    throw new Broken(`history was rewritten: the first ${head.size} entries are not those that were signed`);
}

/** Files that are named by the hash of their content: each is one that an entry names. */
function checkHashes(name, known, action) {
  const path = join(folder, name);
  const files = existsSync(path) ? readdirSync(path) : [];
  for (const file of files) {
    const hash = sha256(readFileSync(join(path, file))).toString('hex');
    if (!known.has(hash))
      throw new Broken(`${name}/${file} is not the content that any entry (${action}) names`);
  }
  return files.length;
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { generateKeyPairSync } from 'node:crypto';
import type { TreeHead } from '../../../src/ledger/checkpoint.js';
import { Ledger, type LedgerOptions } from '../../../src/ledger/ledger.js';
import { LedgerSnapshots } from '../../../src/ledger/ledger-snapshot.js';
import { LogTree } from '../../../src/ledger/log-tree.js';
import { verifyInclusion } from '../../../src/ledger/merkle-proof.js';
import { storedLeaves } from '../../../src/ledger/stored-leaves.js';
import type { TestDatabase } from '../../support/database.js';
import { JUDGED, type MadeLog } from './made-log.js';

/** What a start of a log of so many entries took. */
export interface Start {
  readonly entries: number;
  /** From the recorded hash of every entry: the first start of a version that keeps snapshots. */
  readonly byHashes: number;
  readonly bySnapshot: number;
  /** What memory holds of the log then. */
  readonly heapMb: number;
  /** One proof of an entry anywhere in it, its block read from the store. */
  readonly proofMs: number;
}

const PROOFS = 50;
const HASH = 32;

/** Opens a signed log as the service does, once without and once with a snapshot. */
export async function measureStart(
  { database, directory }: TestDatabase,
  log: MadeLog,
  options: Omit<LedgerOptions, 'signed' | 'snapshots' | 'recentOnly'>,
): Promise<Start> {
  const head = await headOf(log.size, async (after, upTo) => storedLeaves(database, upTo, after));
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const snapshots = new LedgerSnapshots(directory, key);
  await rm(join(directory, 'ledger-snapshot'), { force: true });
  const given = { ...options, signed: () => head, snapshots, recentOnly: [JUDGED] };
  const [first, byHashes] = await timed(async () => Ledger.open(given));
  await first.keepSnapshot();
  const before = heap();
  const [ledger, bySnapshot] = await timed(async () => Ledger.open(given));
  const heapMb = (heap() - before) / 1e6;
  if (ledger.root !== head.root || ledger.checking === null)
    throw new Error('it was not begun with a snapshot');
  const [, seconds] = await timed(async () => prove(ledger, head));
  return { entries: log.size, byHashes, bySnapshot, heapMb, proofMs: (seconds * 1000) / PROOFS };
}

async function headOf(
  size: number,
  leavesOf: (after: number, upTo: number) => Promise<Buffer | null>,
): Promise<TreeHead> {
  const tree = new LogTree({ leavesOf });
  for (let after = 0; after < size; after += 65_536) {
    const leaves = await leavesOf(after, Math.min(size, after + 65_536));
    for (let at = 0; leaves && at < leaves.length; at += HASH) tree.append(leaves.subarray(at, at + HASH));
  }
  return { size: tree.size, root: tree.root().toString('hex') };
}

async function prove(ledger: Ledger, { size, root }: TreeHead): Promise<void> {
  for (let i = 0; i < PROOFS; i++) {
    const index = (i * 7_919_993) % size;
    const [entry] = await ledger.read({ after: index, limit: 1 });
    const leaf = Buffer.from(entry?.hash ?? '', 'hex');
    const proof = await ledger.tree.inclusionProof(index, size);
    if (!verifyInclusion({ leaf, index, size, proof, root: Buffer.from(root, 'hex') }))
      throw new Error(`entry ${index + 1} is not proved`);
  }
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
}

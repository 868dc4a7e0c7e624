import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';
import { type EntrySeal, sealOf } from './entry-seal.js';
import { readIfThere, replaceFile } from './whole-file.js';

/** What is known of the beginning of a log, so that a start need not read it. */
export interface LedgerSnapshot {
  /** Entries that it is about: whole blocks of the tree. */
  readonly size: number;
  /** The hash of every block, 32 bytes each. */
  readonly blocks: Buffer;
  /** Leaves of a block. */
  readonly width: number;
  /** Actions of which only the newest entries are folded, and the chain over all others (`FoldedChain`). */
  readonly recentOnly: readonly string[];
  readonly folded: Buffer;
  /** Digests of the stored bytes of blocks of `digested` entries that were found right (`RepeatedVerification`). */
  readonly digests: readonly string[];
  readonly digested: number;
}

const FILE = 'ledger-snapshot';
const CONTEXT = 'tidewatch ledger: snapshot of the tree';
const Hash = z.string().regex(/^[0-9a-f]{64}$/u);
const Body = z.strictObject({
  v: z.literal(1),
  size: z.int().positive(),
  blocks: z.base64(),
  width: z.int().positive(),
  recentOnly: z.array(z.string()),
  folded: Hash,
  digests: z.array(z.string()),
  digested: z.int().positive(),
});
const Sealed = z.strictObject({ body: z.string(), code: Hash });

/** A snapshot that is not this service's, or not whole: it is not obeyed. */
export interface RefusedSnapshot {
  readonly why: string;
}

/**
 * The file of a data folder that a start begins with. It carries a code that only the holder of the ledger's key can make (`sealOf`), and what it says has to give the root that was signed.
 */
export class LedgerSnapshots {
  readonly #path: string;
  readonly #seal: EntrySeal;
  #kept: string | null = null;

  constructor(directory: string, privateKey: string) {
    this.#path = join(directory, FILE);
    this.#seal = sealOf(privateKey, CONTEXT);
  }

  /** The snapshot that is there; null where there is none, and why it is not obeyed where it is not this service's. */
  async read(): Promise<LedgerSnapshot | RefusedSnapshot | null> {
    const text = await readIfThere(this.#path);
    if (text === null) return null;
    const sealed = Sealed.safeParse(jsonOf(text));
    if (!sealed.success) return { why: 'it is not whole' };
    const { body, code } = sealed.data;
    if (!this.#seal.isOurs(Buffer.from(body), code))
      return { why: 'it has no code of the key of this ledger' };
    const parsed = Body.safeParse(jsonOf(body));
    if (!parsed.success) return { why: 'it is of another version of this service' };
    const { v: _, blocks, folded, digested, ...rest } = parsed.data;
    this.#kept = body;
    return { ...rest, digested, blocks: Buffer.from(blocks, 'base64'), folded: Buffer.from(folded, 'hex') };
  }

  /** Keeps a snapshot in the place of the one before; nothing where it says the same. */
  async keep({ blocks, folded, ...rest }: LedgerSnapshot): Promise<void> {
    const body = canonicalJson({
      v: 1,
      ...rest,
      blocks: blocks.toString('base64'),
      folded: folded.toString('hex'),
    });
    if (body === this.#kept) return;
    await replaceFile(
      this.#path,
      JSON.stringify({ body, code: this.#seal.codeOf(Buffer.from(body)) }),
      0o600,
    );
    this.#kept = body;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { CodedError } from '../domain/coded-error.js';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import {
  BadCheckpoint,
  claimedSize,
  openCheckpoint,
  signCheckpoint,
  signNote,
  type TreeHead,
  verifierKey,
} from './checkpoint.js';
import { CheckpointHistory, type CheckpointSink } from './checkpoint-history.js';
import type { Witnesses } from './witnesses.js';
import { localKey } from './ledger-key.js';
import type { ProvingTree } from './log-tree.js';
import { readIfThere, replaceFile } from './whole-file.js';

const FILES = {
  verifier: 'ledger-key.pub',
  checkpoint: 'ledger-checkpoint',
  history: 'ledger-checkpoints.ndjson',
} as const;

/** The log is not a continuation of what was signed before: it was cut or rewritten, and signing it would cover that up. */
export class InconsistentLog extends CodedError {
  override readonly name = 'InconsistentLog';
  readonly code = 'inconsistent_log';
}

export interface CheckpointsOptions {
  /** Where the newest checkpoint and, unless `privateKey` is given, the key are kept. */
  readonly directory: string;
  /** The log's name in every checkpoint, e.g. `tidewatch.example.org/production`; no spaces, no plus signs. */
  readonly name: string;
  /** An Ed25519 private key, PEM; made and kept in the directory when left out. */
  readonly privateKey?: string;
  /** A further file that checkpoints are published to, where this service cannot rewrite. */
  readonly sink?: string;
  /** Further places that they are published to. */
  readonly sinks?: readonly CheckpointSink[];
  /** Who is asked to cosign what is published. */
  readonly witnesses?: Witnesses;
}

/** A signed statement about the log and what it takes to check it. */
export interface SignedCheckpoint {
  readonly head: TreeHead;
  readonly note: string;
  readonly verifierKey: string;
}

/** What is signed: its size and root, and what it was. */
type SignedTree = Pick<ProvingTree, 'size' | 'root' | 'rootOf'>;

interface Publication {
  readonly history: CheckpointHistory;
  readonly witnesses: Witnesses | null;
}

/** Signs tree heads of one log, each a continuation of the one before, and remembers the newest across restarts. */
export class Checkpoints {
  #latest: SignedCheckpoint | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly directory: string,
    private readonly name: string,
    private readonly key: KeyObject,
    readonly verifierKey: string,
    private readonly publication: Publication,
  ) {}

  /**
   * Loads or makes the key and loads the newest checkpoint there is a copy of: an older file, or none, does not hide what was published.
   * Throws BadCheckpoint when the newest file is not signed by the key.
   */
  static async open({
    directory,
    name,
    privateKey,
    sink,
    sinks,
    witnesses,
  }: CheckpointsOptions): Promise<Checkpoints> {
    const key = createPrivateKey(privateKey ?? (await localKey(directory)));
    if (key.asymmetricKeyType !== 'ed25519')
      throw new TypeError(`the ledger key is ${key.asymmetricKeyType}; it has to be ed25519`);
    const verifier = verifierKey(name, createPublicKey(key));
    const history = await CheckpointHistory.open(historyFiles(directory, sink), sinks);
    const opened = new Checkpoints(directory, name, key, verifier, { history, witnesses: witnesses ?? null });
    const note = await readIfThere(join(directory, FILES.checkpoint));
    const own = note === null ? null : { head: openOwn(note, verifier), note, verifierKey: verifier };
    opened.#latest = newest(own, history, verifier);
    await replaceFile(join(directory, FILES.verifier), `${verifier}\n`, 0o644);
    return opened;
  }

  /** What was published, and where to go on publishing. */
  get history(): CheckpointHistory {
    return this.publication.history;
  }

  /** Who is asked to cosign what is published; null where nobody is. */
  get witnesses(): Witnesses | null {
    return this.publication.witnesses;
  }

  /** The newest checkpoint, null before the first. */
  get latest(): SignedCheckpoint | null {
    return this.#latest;
  }

  /** Signs a text that ends with a line feed, as a C2SP note. */
  signText(text: string): string {
    return signNote(text, this.name, this.key);
  }

  /** Signs the log as it is now; the newest checkpoint again when nothing was added. Throws InconsistentLog rather than sign a changed past. */
  async sign(tree: SignedTree): Promise<SignedCheckpoint> {
    const turn = this.#queue.then(async () => this.#sign(tree));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Throws InconsistentLog where the log is not the one that was signed before. */
  async demandSigned(tree: SignedTree): Promise<void> {
    const before = this.#latest?.head;
    if (before && before.size > tree.size) {
      throw new InconsistentLog(
        `the log has ${tree.size} entries, but ${before.size} were signed for: its end was cut off`,
      );
    }
    if (before && (await tree.rootOf(before.size)).toString('hex') !== before.root) {
      throw new InconsistentLog(
        `the first ${before.size} entries are not those that were signed for: history was rewritten`,
      );
    }
  }

  async #sign(tree: SignedTree): Promise<SignedCheckpoint> {
    const before = this.#latest?.head;
    // Both at once: the log may grow while its past is looked at.
    const head = { size: tree.size, root: tree.root().toString('hex') };
    await this.demandSigned(tree);
    if (this.#latest && before?.size === head.size) return this.#latest;
    const note = signCheckpoint(head, this.name, this.key);
    // Remembered before it is handed out: a checkpoint somebody holds must never be forgotten here.
    await replaceFile(join(this.directory, FILES.checkpoint), note, 0o644);
    this.#latest = { head, note, verifierKey: this.verifierKey };
    return this.#latest;
  }
}

/** The verifier key that a data directory names, one line; null where it names none. */
export async function readVerifierKey(directory: string): Promise<string | null> {
  return (await readIfThere(join(directory, FILES.verifier)))?.trim() ?? null;
}

/** The newest checkpoint that a data directory or `sink` has a copy of, for a verifier that needs no private key; null when none was signed yet. */
export async function readCheckpoint(directory: string, sink?: string): Promise<SignedCheckpoint | null> {
  const [note, verifierKey, history] = await Promise.all([
    readIfThere(join(directory, FILES.checkpoint)),
    readVerifierKey(directory),
    CheckpointHistory.open(historyFiles(directory, sink)),
  ]);
  if (verifierKey === null) return null;
  const own = note === null ? null : { head: openCheckpoint(note, verifierKey), note, verifierKey };
  return newest(own, history, verifierKey);
}

function historyFiles(directory: string, sink: string | undefined): readonly string[] {
  return [join(directory, FILES.history), ...(sink === undefined ? [] : [sink])];
}

/** The largest tree that was signed for; copies that the key did not sign prove nothing and are passed over. */
function newest(
  own: SignedCheckpoint | null,
  { all }: CheckpointHistory,
  verifierKey: string,
): SignedCheckpoint | null {
  const least = own?.head.size ?? -1;
  // The largest first: a signature costs more than a look at the number, and the history is years long.
  const larger = all
    .filter(({ note }) => claimedSize(note) > least)
    .sort((a, b) => claimedSize(b.note) - claimedSize(a.note));
  for (const { note } of larger) {
    const head = headOf(note, verifierKey);
    if (head) return { head, note, verifierKey };
  }
  return own;
}

/** The tree head of a copy; null when the key did not sign it. */
export function headOf(note: string, verifierKey: string): TreeHead | null {
  try {
    return openCheckpoint(note, verifierKey);
  } catch (error) {
    if (error instanceof BadCheckpoint) return null;
    throw error;
  }
}

function openOwn(note: string, verifier: string): TreeHead {
  try {
    return openCheckpoint(note, verifier);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fix = `restore the key it was signed with, or move ${FILES.checkpoint} away and give up what it proves`;
    throw new BadCheckpoint(`the newest checkpoint cannot be continued (${why}): ${fix}`, { cause: error });
  }
}

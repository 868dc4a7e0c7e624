import { CodedError } from '../domain/coded-error.js';
import { invariant } from '../domain/invariant.js';
import { openCheckpoint, type TreeHead } from './checkpoint.js';
import { EntryLine, HeaderLine, NotJson, parseLine } from './export-lines.js';
import { EntryNotes, type EntrySpan } from './entry-notes.js';
import { EntryOrder } from './entry-order.js';
import { inspectRowFully } from './inspect-row.js';
import { verifyConsistency, verifyInclusion } from './merkle-proof.js';
import { keptHeads } from './kept-checkpoints.js';
import { LogCheck } from './verification.js';
import { unwitnessedText, witnessedUpTo, type Witnessed, type WitnessPolicy } from './witnessed.js';

/** What an auditor brings along; each is optional, and each makes the answer stronger. */
export interface Trust {
  /** The log's verifier key, obtained from somewhere else than the export. */
  readonly verifierKey?: string;
  /** Checkpoints kept from earlier times (signed notes, at least one): the log must still begin with each. */
  readonly kept?: readonly string[];
  /** Witnesses that have to have seen the log. */
  readonly witnesses?: WitnessPolicy;
}

/** `incomplete`: nothing in it is wrong, and it does not hold what would prove it. `broken`: something in it is not what was signed. */
export type ExportOutcome = 'intact' | 'incomplete' | 'broken';

export interface ExportVerification extends EntrySpan {
  /** True only when `outcome` is `intact`. */
  readonly valid: boolean;
  readonly outcome: ExportOutcome;
  readonly entries: number;
  /** The signed tree head the entries were proven against; null when the checkpoint itself is no good. */
  readonly head: TreeHead | null;
  readonly problem: string | null;
  /** What was not checked, in words: a green answer must not be read for more than it says. */
  readonly limits: readonly string[];
  /** Up to where witnesses saw it; only where they were asked for. */
  readonly witnessed?: Witnessed;
}

/** An export that lacks what would prove it. */
class Incomplete extends CodedError {
  override readonly name = 'Incomplete';
  readonly code = 'incomplete';
}

/** Checks an export (the lines of `exportLedger`, without line ends) with nothing but what is in it and what the auditor trusts. */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  trust: Trust = {},
): Promise<ExportVerification> {
  const check = new ExportCheck(trust);
  try {
    let number = 0;
    for await (const line of lines) {
      number++;
      if (line !== '') check.add(line, number);
    }
    check.finish();
    const witnessed = check.witnessed();
    const seen = witnessed ? { witnessed } : {};
    return { ...check.state(true), ...seen, valid: true, outcome: 'intact', problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const outcome = error instanceof Incomplete ? 'incomplete' : 'broken';
    return { ...check.state(false), valid: false, outcome, problem };
  }
}

class ExportCheck {
  #header: HeaderLine | null = null;
  #head: TreeHead | null = null;
  #log: LogCheck | null = null;
  #count = 0;
  /** Of a part, or of a piece of a broken log: a whole one knows its order itself. */
  #order: EntryOrder | null = null;
  /** A line that is no JSON: the end of what was cut off, unless another follows. */
  #torn: NotJson | null = null;
  readonly #notes = new EntryNotes();
  /** Of the entries that a signature was found to cover. */
  #covered: Omit<EntrySpan, 'notes'> = { recordedFrom: null, recordedUntil: null };
  /** What of the kept checkpoints could not be held against this export. */
  #unheld: readonly string[] = [];
  /** The largest of several kept checkpoints, when the export ends before it. */
  #beyond: TreeHead | null = null;
  /** Heads that the log was held to. */
  #held: readonly TreeHead[] = [];
  #heldSizes: ReadonlySet<number> = new Set();

  constructor(private readonly trust: Trust) {}

  /** Of what is not intact the times are those of the entries that a signature was found to cover: others may say any. */
  state(isIntact: boolean): Omit<ExportVerification, 'valid' | 'outcome' | 'problem'> {
    const limits: string[] = [];
    if (this.trust.verifierKey === undefined)
      limits.push('the key is the one in the export: whoever made the export could have made the key');
    if (this.trust.kept === undefined)
      limits.push(
        'no earlier checkpoint was given: a log rewritten before this one was signed looks the same',
      );
    for (const unheld of this.#unheld) limits.push(unheld);
    if (this.#header && !this.#log)
      limits.push(`only entries ${this.#header.first} to ${this.#header.last} are in the export`);
    const { notes, ...span } = this.#notes.state();
    const { recordedFrom, recordedUntil } = isIntact ? span : this.#covered;
    return { entries: this.#count, head: this.#head, limits, recordedFrom, recordedUntil, notes };
  }

  /** Throws with the problem. */
  add(line: string, number: number): void {
    if (this.#torn) throw this.#torn;
    const value = this.#parsed(line, number);
    if (value === undefined) return;
    if (!this.#header) return this.#begin(value);
    const parsed = EntryLine.safeParse(value);
    if (!parsed.success)
      throw new Error(`line ${number} is not an entry: ${parsed.error.issues[0]?.message ?? ''}`);
    this.#count++;
    const expected = this.#header.first + this.#count - 1;
    if (expected > this.#header.last)
      throw new Error(`there is more than the header says, from line ${number} on`);
    const isPiece = this.#header.damage !== undefined && this.#header.first > 1;
    if (isPiece || !this.#log) return this.#addInspected(parsed.data, !isPiece);
    this.#notes.add(this.#log.add(parsed.data));
    if (this.#log.problem !== null) throw new Error(this.#log.problem);
    if (this.#heldSizes.has(this.#log.size)) this.#covered = this.#notes.state();
  }

  #parsed(line: string, number: number): unknown {
    try {
      return parseLine(line, number);
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      this.#torn = error;
      return undefined;
    }
  }

  /** Throws with the problem. */
  finish(): void {
    if (!this.#header)
      throw new Incomplete(this.#torn ? 'the export is cut off in its first line' : 'the export is empty');
    const { first, last } = this.#header;
    const wanted = last - first + 1;
    const open = this.#log?.unsettled ?? this.#order?.finish();
    if (open) throw new Error(open);
    if (this.#count < wanted)
      throw new Incomplete(`entries ${first + this.#count} to ${last} are missing: the export is cut off`);
    if (this.#torn) throw this.#torn;
    const found = this.#log?.finish();
    if (found?.problem) throw new Error(found.problem);
    const { damage } = this.#header;
    if (damage !== undefined)
      throw new Error(`the service that made it knew its log to be broken: ${damage}`);
    if (this.#beyond && this.#head) throw new Incomplete(tooEarly(this.#beyond.size, this.#head.size));
  }

  /** Up to where witnesses saw the log; null where nobody asked. Throws Incomplete where they did not. */
  witnessed(): Witnessed | null {
    const { witnesses, kept = [] } = this.trust;
    const header = this.#header;
    if (!witnesses || !header) return null;
    const place = { held: this.#held, key: header.verifierKey };
    const found = witnessedUpTo([...kept, header.checkpoint], place, witnesses);
    if (!found) throw new Incomplete(unwitnessedText(witnesses));
    return found;
  }

  #begin(value: unknown): void {
    const parsed = HeaderLine.safeParse(value);
    if (!parsed.success) throw new Error('the first line is not the header of a ledger export');
    const header = parsed.data;
    const key = this.trust.verifierKey ?? header.verifierKey;
    if (key !== header.verifierKey)
      throw new Error(`the export names the key ${header.verifierKey}, and the one you trust is ${key}`);
    const head = openCheckpoint(header.checkpoint, key);
    const kept = this.#keptWithin(head, key);
    [this.#header, this.#head] = [header, head];
    this.#order = new EntryOrder(header.first - 1);
    if (header.first === 1 && (header.last === head.size || header.damage !== undefined)) {
      this.#log = new LogCheck([...kept, head]);
      this.#held = [...kept, head];
      this.#heldSizes = new Set(this.#held.map(({ size }) => size));
    } else if (header.damage === undefined) {
      if (header.last > head.size || header.first < 1)
        throw new Error(`the checkpoint covers entries 1 to ${head.size} only`);
      this.#demandContinued(kept, head, header);
    }
  }

  /** The kept heads that the export reaches. Throws when the only one is beyond its end. */
  #keptWithin(head: TreeHead, key: string): readonly TreeHead[] {
    if (this.trust.kept === undefined) return [];
    const { heads, others } = keptHeads(this.trust.kept, key);
    if (others > 0) this.#unheld = [`${others} of the kept checkpoints: the key did not sign them`];
    const beyond = heads.filter(({ size }) => size > head.size);
    if (beyond.length > 0 && this.trust.kept.length === 1)
      throw new Error(cutOff(heads[0]?.size ?? 0, head.size));
    this.#beyond = beyond.toSorted((a, b) => b.size - a.size)[0] ?? null;
    return heads.filter(({ size }) => size <= head.size);
  }

  /** A part of a log has the proof from one earlier size only: the others are not held against it, and it says so. */
  #demandContinued(kept: readonly TreeHead[], head: TreeHead, header: HeaderLine): void {
    const sizes = [head.size, header.consistency?.older];
    const proven = kept.filter(({ size }) => sizes.includes(size));
    const rest = kept.length - proven.length;
    this.#held = [...proven, head];
    for (const one of proven.length === 0 ? kept.slice(-1) : proven) demandContinued(one, head, header);
    if (rest > 0)
      this.#unheld = [...this.#unheld, `${rest} of the kept checkpoints: the export has no proof from them`];
  }

  /** Of a piece of a broken log all that can be said is that each entry is what its hash says; of another piece each is proven. */
  #addInspected(row: EntryLine, isProven: boolean): void {
    const [head, order] = [this.#head, this.#order];
    invariant(head && order, 'the header comes first');
    const { leaf, entry, problem } = inspectRowFully(row, row.seq);
    this.#notes.add(entry);
    const misplaced = order.add({ seq: row.seq, claims: entry?.seq ?? null, entry: row.entry });
    if (misplaced === undefined) return;
    const wrong = misplaced ?? problem;
    if (wrong !== null) throw new Error(wrong);
    if (!isProven) return;
    const claim = {
      leaf,
      index: row.seq - 1,
      size: head.size,
      proof: bytes(row.proof ?? []),
      root: Buffer.from(head.root, 'hex'),
    };
    if (!verifyInclusion(claim)) throw new Error(`entry ${row.seq} is not in the log that was signed`);
    this.#covered = this.#notes.state();
  }
}

function cutOff(signed: number, there: number): string {
  return `the end is cut off: your checkpoint has ${signed} entries, the one in the export ${there}`;
}

/** The file that checkpoints are published to grows on after an export was made, so this alone is no proof of a cut. */
function tooEarly(kept: number, there: number): string {
  return `a kept checkpoint has ${kept} entries and the one in the export ${there}: it was made before that checkpoint, or its end was cut off; ask for a newer export`;
}

function demandContinued(kept: TreeHead, head: TreeHead, { consistency }: HeaderLine): void {
  if (kept.size === head.size && kept.root === head.root) return;
  if (kept.size > head.size) throw new Error(cutOff(kept.size, head.size));
  if (consistency?.older !== kept.size) {
    throw new Incomplete(
      `the export holds no proof from your checkpoint of ${kept.size} entries: ask for one with that size`,
    );
  }
  const [olderRoot, newerRoot] = [Buffer.from(kept.root, 'hex'), Buffer.from(head.root, 'hex')];
  const proof = bytes(consistency.proof);
  if (verifyConsistency({ older: kept.size, olderRoot, newer: head.size, newerRoot, proof })) return;
  throw new Error(
    `history was rewritten: the log does not begin with the ${kept.size} entries of your checkpoint`,
  );
}

function bytes(hashes: readonly string[]): Buffer[] {
  return hashes.map((hash) => Buffer.from(hash, 'hex'));
}

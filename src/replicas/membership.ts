import { textOf } from '../domain/json-object.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import { rendezvous } from './rendezvous.js';

/** A process that takes part in the work on one store. */
export interface Member {
  /** Its own, of one run of a process. */
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly since: Date;
}

interface Change {
  readonly seq: number;
  readonly ids: readonly string[];
}

const NOBODY: Change = { seq: 0, ids: [] };
/** A process that slept through more changes takes everything up anew. */
const MOST_CHANGES = 64;

/**
 * Which processes share the work: a fold over `replica.*`, and the pure decisions that make such entries. Because an append to the ledger only
 * succeeds behind everything that is in it, a process that was struck off here can record nothing more for what was taken over from it,
 * however long it was frozen and whatever its clock says.
 */
export class Membership {
  private members: ReadonlyMap<string, Member> = new Map();
  /** Who took part from which place in the ledger on, the newest last. */
  private history: readonly Change[] = [NOBODY];
  private readonly owners = new Map<string, string | null>();

  /** Place in the ledger of the newest change; 0 before the first. */
  get epoch(): number {
    return this.history.at(-1)?.seq ?? 0;
  }

  list(): readonly Member[] {
    return [...this.members.values()];
  }

  has(id: string): boolean {
    return this.members.has(id);
  }

  /** The member that a model, or anything else of a name, belongs to; null where nobody takes part. */
  owner(thing: string): string | null {
    const known = this.owners.get(thing);
    if (known !== undefined) return known;
    const found = rendezvous(thing, [...this.members.keys()]);
    this.owners.set(thing, found);
    return found;
  }

  /** Who took part lately and does not any more. */
  departed(): readonly string[] {
    return [...new Set(this.history.flatMap(({ ids }) => ids))].filter((id) => !this.has(id));
  }

  /** Who took part before the newest change. */
  before(): readonly string[] {
    return this.history.at(-2)?.ids ?? [];
  }

  /** Whether a thing was one member's all the time since an earlier `epoch`; false where that is not known any more. */
  kept(thing: string, id: string, epoch: number): boolean {
    const from = this.history.findIndex(({ seq }) => seq === epoch);
    return from >= 0 && this.history.slice(from).every(({ ids }) => rendezvous(thing, ids) === id);
  }

  /** A process takes part from now on; nothing when it does already. */
  joined(id: string, name: string, at: Date): NewEntry[] {
    if (this.has(id)) return [];
    return [
      { action: 'replica.joined', actor: SYSTEM, at, subject: { type: 'replica', id }, data: { name } },
    ];
  }

  /** A process ended in order; nothing when it takes no part. */
  left(id: string, at: Date): NewEntry[] {
    const member = this.members.get(id);
    if (!member) return [];
    const data = { name: member.name };
    return [{ action: 'replica.left', actor: SYSTEM, at, subject: { type: 'replica', id }, data }];
  }

  /** Processes that are not heard of any more; `by` found it out. Those that take no part are passed over. */
  lost(ids: readonly string[], by: string, at: Date): NewEntry[] {
    return ids.flatMap((id) => {
      const member = this.members.get(id);
      if (!member) return [];
      const data = { name: member.name, by };
      return [{ action: 'replica.lost', actor: SYSTEM, at, subject: { type: 'replica', id }, data }];
    });
  }

  apply({ action, subject, at, data, seq }: LedgerEntry): void {
    if (!action.startsWith('replica.')) return;
    const members = new Map(this.members);
    if (action === 'replica.joined')
      members.set(subject.id, { id: subject.id, name: textOf(data['name']), since: at });
    else members.delete(subject.id);
    this.members = members;
    this.history = [...this.history, { seq, ids: [...members.keys()] }].slice(-MOST_CHANGES);
    this.owners.clear();
  }

  reset(): void {
    [this.members, this.history] = [new Map(), [NOBODY]];
    this.owners.clear();
  }
}

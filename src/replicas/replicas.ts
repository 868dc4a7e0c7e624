import { CodedError } from '../domain/coded-error.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Database } from '../store/database.js';
import { type Member, Membership } from './membership.js';
import { type ReplicaReport, type ReplicaRow, ReplicaTable } from './replica-table.js';
import { silentMembers } from './silent-members.js';

/** What was to be recorded is another process's by now; nothing was recorded. */
export class TakenOver extends CodedError {
  override readonly name = 'TakenOver';
  readonly code = 'taken_over';
  override readonly retryable = true;
}

/** A process that takes part, as the others know it. */
export interface KnownReplica extends Member {
  readonly isSelf: boolean;
  /** Models that are its own, and the age of its last report by the store's clock in ms; null before its first. */
  readonly models: number | null;
  readonly silentMs: number | null;
}

export interface ReplicaOptions {
  /** Of this run of the process; no other may have it. */
  readonly id: string;
  readonly name: string;
  /** A process that is silent for longer is taken over, ms. */
  readonly leaseMs: number;
  readonly membership: Membership;
  readonly ledger: { transact(decide: (now: Date) => readonly NewEntry[]): Promise<unknown> };
  readonly database: Database;
  /** A clock that nobody sets, ms. */
  readonly monotonic?: () => number;
}

/** A little less than a second, so that a timer of half a second hits every other time. */
const REPORT_MS = 900;
/** Partitions of a process that was lost are read by nobody until the group notices. */
const UNREAD_MS = 60_000;
/** Who reported this recently may have had a model before the newest change of the members, or the one before that. */
const RECENT_MS = 600_000;
/** Nothing is waited for. */
export const HEARD_ALL = 8_640_000_000_000_000;

/**
 * This process among those that work on one store. Members are in the ledger, which decides what belongs to whom; that they are alive is said in
 * a table. With the embedded engine there is one process, and everything is its own.
 */
export class Replicas {
  readonly id: string;
  private readonly table: ReplicaTable;
  private readonly monotonic: () => number;
  private rows: readonly ReplicaRow[] = [];
  private watchedSince = -Infinity;
  private readAt: number | null = null;
  private fleet = 0;
  private reportedAt = -Infinity;
  private takenUpFor = -1;

  constructor(private readonly options: ReplicaOptions) {
    this.id = options.id;
    this.table = new ReplicaTable(options.database);
    this.monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Whether other processes may work on the same store. */
  get isShared(): boolean {
    return this.options.database.mode === 'server';
  }

  /** Place in the ledger of the newest change of the members. */
  get epoch(): number {
    return this.options.membership.epoch;
  }

  /** Whether a model, or anything else of a name, is this process's. */
  owns(thing: string): boolean {
    return !this.isShared || this.options.membership.owner(thing) === this.id;
  }

  /** Whether a model was taken up here and has been this process's all the time since. */
  holds(model: string): boolean {
    if (!this.isShared) return true;
    if (this.takenUpFor === this.epoch) return this.owns(model);
    return this.options.membership.kept(model, this.id, this.takenUpFor);
  }

  /** The models of the members as of `epoch` are taken up. */
  tookUp(epoch: number): void {
    this.takenUpFor = epoch;
  }

  /** To be called where entries about a model are decided. Throws TakenOver when the model is not held here any more. */
  demand(model: string): void {
    if (!this.holds(model)) throw new TakenOver(`${model} was taken over by another process`);
  }

  /** Up to where those summarised that may have had models which came here, epoch ms by the store's clock; null where that is not known. */
  formerlyScannedTo(): number | null {
    const before = this.options.membership.before();
    const scanned = this.rows
      .filter(({ id, ageMs }) => id !== this.id && (ageMs < RECENT_MS || before.includes(id)))
      .flatMap(({ scannedTo }) => (scannedTo > 0 ? [scannedTo] : []));
    return scanned.length === 0 ? null : scanned.reduce((a, b) => Math.min(a, b));
  }

  /** Who took part lately and does not any more. */
  departed(): readonly string[] {
    return this.options.membership.departed();
  }

  /** Whether what is sent was heard by somebody all the time until the newest change of the members. */
  get isUnbroken(): boolean {
    const before = this.options.membership.before();
    const silence = before.map((id) => this.reportOf(id)?.ageMs ?? Infinity);
    return silence.some((ms) => ms <= 2 * this.options.leaseMs);
  }

  /** Everybody who takes part, as far as is known here. */
  list(): readonly KnownReplica[] {
    return this.options.membership.list().map((member) => {
      const report = this.reportOf(member.id);
      const known = { models: report?.models ?? null, silentMs: report?.ageMs ?? null };
      return { ...member, isSelf: member.id === this.id, ...known };
    });
  }

  /** Versions of the whole fleet that share the budget; `own` are this process's. While models change hands it does not fall. */
  paying(own: number): number {
    const others = this.options.membership.list().filter(({ id }) => id !== this.id);
    const reports = others.map(({ id }) => this.reportOf(id));
    const count = reports.reduce((sum, report) => sum + (report?.paying ?? 0), own);
    const isSettled = reports.every((report) => report?.epoch === this.epoch);
    this.fleet = isSettled ? count : Math.max(this.fleet, count);
    return this.fleet;
  }

  /** Until when everything that was sent to anybody is stored; `own` is what was sent to this process. */
  heardUntil(own: Date): Date {
    const others = this.rows.filter(
      ({ id, ageMs }) => id !== this.id && (this.options.membership.has(id) || ageMs < UNREAD_MS),
    );
    return new Date(others.reduce((least, row) => Math.min(least, row.heardUntil), own.getTime()));
  }

  /** What the process says of itself that has a thing; null where it is this one, or has not said anything. */
  saidBy(thing: string): ReplicaRow | null {
    if (this.owns(thing)) return null;
    return this.reportOf(this.options.membership.owner(thing));
  }

  /** Whether it is time to say that the process is there; at once where it takes no part yet. */
  get isReportDue(): boolean {
    if (!this.isShared) return false;
    return !this.options.membership.has(this.id) || this.monotonic() - this.reportedAt >= REPORT_MS;
  }

  /** That this process takes no part, though others do; null while it does, or is alone. */
  problem(): string | null {
    const { membership, name } = this.options;
    if (!this.isShared || membership.has(this.id)) return null;
    const others = membership.list().map((other) => other.name);
    return `${name} was not heard of in time and its models were taken over by ${others.join(', ') || 'nobody'}; it joins again with its next report`;
  }

  /** Says that the process is there, hears the others, and records who came and who is gone. */
  async beat(report: ReplicaReport): Promise<void> {
    if (!this.isShared) return;
    const { membership, ledger, name, leaseMs } = this.options;
    this.reportedAt = this.monotonic();
    await this.write(report);
    await this.read();
    const watch = { self: this.id, leaseMs, watchedMs: this.monotonic() - this.watchedSince };
    const decided = () => {
      const members = membership.list().map(({ id }) => id);
      return silentMembers(members, this.rows, watch);
    };
    if (membership.has(this.id) && decided().length === 0) return;
    await ledger.transact((now) => [
      ...membership.joined(this.id, name, now),
      ...membership.lost(decided(), this.id, now),
    ]);
  }

  /** An orderly end: what is this process's is taken up by others at once. `report` is its last. */
  async leave(report: ReplicaReport): Promise<void> {
    if (!this.isShared) return;
    await this.write({ ...report, heardUntil: HEARD_ALL });
    await this.options.ledger.transact((now) => this.options.membership.left(this.id, now));
  }

  private reportOf(member: string | null): ReplicaRow | null {
    return this.rows.find(({ id }) => id === member) ?? null;
  }

  private async write(report: ReplicaReport): Promise<void> {
    const epoch = Math.max(0, this.takenUpFor);
    await this.table.write(this.id, this.options.name, { ...report, epoch });
  }

  private async read(): Promise<void> {
    const rows = await this.table.read();
    const now = this.monotonic();
    // Nobody may have been able to write while nobody could read.
    if (this.readAt !== null && now - this.readAt > this.options.leaseMs / 2) this.watchedSince = now;
    this.readAt = now;
    this.rows = rows;
  }
}

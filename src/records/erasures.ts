import type { Actor, Json, LedgerEntry } from '../domain/ledger-entry.js';

export const PERSON_SUBJECT = 'data_subject';
export type ErasureState = 'PROPOSED' | 'RUNNING' | 'DONE';

/** Rows of a model that were about the person: when they were made, by whole days (UTC). */
export interface ErasedModel {
  readonly model: string;
  readonly rows: number;
  readonly from: Date;
  readonly to: Date;
}

/** What an erasure took away. */
export interface Erased {
  /** Rows by table, and rows of frozen samples. */
  readonly rows: Readonly<Record<string, number>>;
  readonly models: readonly ErasedModel[];
  /** Training runs whose files held such rows; the files are deleted. */
  readonly trainingRuns: readonly string[];
}

/** The erasure of a person, of whom only a keyed hash is known. */
export interface Erasure {
  readonly hash: string;
  readonly state: ErasureState;
  readonly reason: string;
  readonly askedBy: Actor;
  readonly askedAt: Date;
  /** The second person, where one was needed. */
  readonly approvedBy: Actor | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly erased: Erased | null;
  /** Place in the ledger of the newest entry about it. */
  readonly seq: number;
}

/** Who was erased: a fold over `subject.*`. */
export class Erasures {
  private readonly all = new Map<string, Erasure>();
  private readonly runs = new Set<string>();
  private started = 0;

  /** The newest first. */
  list(): readonly Erasure[] {
    return [...this.all.values()].toSorted((a, b) => b.seq - a.seq);
  }

  find(hash: string): Erasure | undefined {
    return this.all.get(hash);
  }

  /** Changes whenever an erasure begins or ends: what was read before may hold what is gone. */
  get version(): number {
    return this.started;
  }

  /** Place of the entry that says so, where what comes of this person is refused; null where it is not. `forMs`: for how long, from the start. */
  refusedBy(hash: string, forMs: number | null, now: Date): number | null {
    const found = this.all.get(hash);
    if (!found?.startedAt) return null;
    const isOver = forMs !== null && now.getTime() - found.startedAt.getTime() >= forMs;
    return isOver ? null : found.seq;
  }

  /** Whether files of a training run held rows of somebody who was erased. */
  touched(run: string): boolean {
    return this.runs.has(run);
  }

  apply(entry: LedgerEntry): void {
    const { action, subject } = entry;
    if (subject.type !== PERSON_SUBJECT) return;
    const next = after(this.all.get(subject.id), entry);
    if (next) this.all.set(subject.id, next);
    if (action === 'subject.erasure_requested' || action === 'subject.erased') this.started += 1;
    for (const run of next?.erased?.trainingRuns ?? []) this.runs.add(run);
  }

  reset(): void {
    this.all.clear();
    this.runs.clear();
    this.started = 0;
  }
}

function after(
  known: Erasure | undefined,
  { action, actor, at, data, subject, seq }: LedgerEntry,
): Erasure | null {
  const asked = {
    hash: subject.id,
    reason: textOf(data['reason']),
    askedBy: actor,
    askedAt: at,
    approvedBy: null,
    startedAt: null,
    finishedAt: null,
    erased: null,
    seq,
  };
  switch (action) {
    case 'subject.erasure_proposed':
      return { ...asked, state: 'PROPOSED' };
    case 'subject.erasure_requested':
      return known?.state === 'PROPOSED'
        ? { ...known, state: 'RUNNING', approvedBy: actor, startedAt: at, seq }
        : { ...asked, state: 'RUNNING', startedAt: at };
    case 'subject.erased':
      return known ? { ...known, state: 'DONE', finishedAt: at, erased: erasedOf(data), seq } : null;
    default:
      return null;
  }
}

function erasedOf(data: { readonly [key: string]: Json }): Erased {
  const models = objectOf(data['models']);
  const rows = Object.entries(objectOf(data['rows'])).map(([table, n]) => [table, Number(n)] as const);
  const runs = data['trainingRuns'];
  return {
    rows: Object.fromEntries(rows),
    models: Object.entries(models).map(([model, value]) => {
      const { rows: count, from, to } = objectOf(value);
      return { model, rows: Number(count), from: new Date(textOf(from)), to: new Date(textOf(to)) };
    }),
    trainingRuns: Array.isArray(runs) ? runs.map((run) => textOf(run as Json)) : [],
  };
}

function objectOf(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

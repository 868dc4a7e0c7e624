import type { Actor, Json, LedgerEntry } from '../domain/ledger-entry.js';
import { isObject, textOf } from '../domain/json-object.js';

export const PERSON_SUBJECT = 'data_subject';
/** Layout of `subject.erased` from which on it names what went of judged windows. */
const BY_WINDOW = 2;
export type ErasureState = 'PROPOSED' | 'RUNNING' | 'DONE' | 'REFUSED';

/** Rows of a model that were about the person: when they were made, by whole days (UTC). */
export interface ErasedModel {
  readonly model: string;
  readonly rows: number;
  readonly from: Date;
  readonly to: Date;
}

/** What an erasure took of the judged windows of a day (UTC), by the name under which it is kept. */
export interface ErasedDay {
  readonly day: string;
  readonly name: string;
  /** Place of the entry that names it. */
  readonly seq: number;
}

/** What an erasure took away. */
export interface Erased {
  /** Rows by table, and rows of frozen samples. */
  readonly rows: Readonly<Record<string, number>>;
  readonly models: readonly ErasedModel[];
  /** Training runs whose files held such rows; the files are deleted. */
  readonly trainingRuns: readonly string[];
  /** Whether it is recorded of which judged windows they were; older releases recorded days. */
  readonly isByWindow: boolean;
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
  /** Holds because of which it was refused. */
  readonly holds: readonly string[];
  /** Place in the ledger of the newest entry about it. */
  readonly seq: number;
}

/** Who was erased: a fold over `subject.*`. */
export class Erasures {
  /** What goes on, or went on last, by person. */
  private readonly newest = new Map<string, Erasure>();
  /** What was asked for before that, and what was refused. */
  private readonly former: Erasure[] = [];
  /** When what comes of a person was refused first of all, or anew. */
  private readonly refused = new Map<string, { readonly at: Date; readonly seq: number }>();
  private readonly runs = new Set<string>();
  private readonly marks = new Map<string, ErasedDay[]>();
  private started = 0;

  /** Everything that was ever asked for, be it done, refused or waiting; the newest first. */
  list(): readonly Erasure[] {
    return [...this.former, ...this.newest.values()].toSorted((a, b) => b.seq - a.seq);
  }

  /** The newest erasure of a person; what was refused is none. */
  find(hash: string): Erasure | undefined {
    return this.newest.get(hash);
  }

  /** Changes whenever an erasure begins or ends: what was read before may hold what is gone. */
  get version(): number {
    return this.started;
  }

  /** Place of the entry that says so, where what comes of this person is refused; null where it is not. `forMs`: for how long, from the start. */
  refusedBy(hash: string, forMs: number | null, now: Date): number | null {
    const found = this.refused.get(hash);
    if (!found) return null;
    const isOver = forMs !== null && now.getTime() - found.at.getTime() >= forMs;
    return isOver ? null : found.seq;
  }

  /** Whether files of a training run held rows of somebody who was erased. */
  touched(run: string): boolean {
    return this.runs.has(run);
  }

  /** What was taken of judged windows of a model; nothing of it is known of erasures that older releases ended. */
  marksOf(model: string): readonly ErasedDay[] {
    return this.marks.get(model) ?? [];
  }

  apply(entry: LedgerEntry): void {
    const { action, subject, at, seq } = entry;
    if (subject.type !== PERSON_SUBJECT) return;
    if (action === 'subject.erasure_refused') {
      this.former.push({ ...asked(entry), state: 'REFUSED', holds: namesOf(entry.data['holds']) });
      return;
    }
    const known = this.newest.get(subject.id);
    const next = after(known, entry);
    if (!next) return;
    const goesOn = action === 'subject.erased' || known?.state === 'PROPOSED';
    if (known && !goesOn) this.former.push(known);
    this.newest.set(subject.id, next);
    for (const run of next.erased?.trainingRuns ?? []) this.runs.add(run);
    if (action === 'subject.erased') this.keepMarks(entry);
    if (action === 'subject.erasure_proposed') return;
    this.started += 1;
    const began = this.refused.get(subject.id);
    // Its end is the entry that says most of it; what is refused counts from the start.
    const isEnd = action === 'subject.erased' && began !== undefined;
    this.refused.set(subject.id, { at: isEnd ? began.at : at, seq });
  }

  private keepMarks({ data, seq }: LedgerEntry): void {
    for (const [model, span] of Object.entries(objectOf(data['models']))) {
      const named = Object.entries(objectOf(objectOf(span)['marks']));
      const days = named.map(([day, name]) => ({ day, name: textOf(name), seq }));
      if (days.length > 0) this.marks.set(model, [...this.marksOf(model), ...days]);
    }
  }

  reset(): void {
    this.newest.clear();
    this.marks.clear();
    this.former.length = 0;
    this.refused.clear();
    this.runs.clear();
    this.started = 0;
  }
}

function asked({ subject, data, actor, at, seq }: LedgerEntry): Omit<Erasure, 'state'> {
  return {
    hash: subject.id,
    reason: textOf(data['reason']),
    askedBy: actor,
    askedAt: at,
    approvedBy: null,
    startedAt: null,
    finishedAt: null,
    erased: null,
    holds: [],
    seq,
  };
}

/** The erasure after an entry about it; a new one where the former is over. */
function after(known: Erasure | undefined, entry: LedgerEntry): Erasure | null {
  const { action, actor, at, data, seq } = entry;
  switch (action) {
    case 'subject.erasure_proposed':
      return { ...asked(entry), state: 'PROPOSED' };
    case 'subject.erasure_requested':
      return known?.state === 'PROPOSED'
        ? { ...known, state: 'RUNNING', approvedBy: actor, startedAt: at, seq }
        : { ...asked(entry), state: 'RUNNING', startedAt: at };
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
    trainingRuns: namesOf(runs),
    isByWindow: Number(data['layout'] ?? 1) >= BY_WINDOW,
  };
}

function objectOf(value: Json | undefined): { readonly [key: string]: Json } {
  return isObject(value) ? value : {};
}

function namesOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((one) => textOf(one as Json)) : [];
}

import { z } from 'zod';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import { ROOT_CAUSES, type RootCause } from '../domain/root-cause.js';
import type { Projection } from '../ledger/projection.js';

/** Something a person did about a case. */
export interface CaseActivity {
  readonly at: Date;
  readonly by: string;
  readonly what: 'acknowledged' | 'assigned' | 'noted' | 'closed' | 'reopened' | CallKind;
  readonly text: string;
}

/** Others are told of a case that nobody takes on, or those who know are reminded. */
type CallKind = 'escalated' | 'reminded';

/** What people did about one case, beside what happened to its incidents. */
export interface CaseFile {
  readonly assignee: string | null;
  /** When somebody took it on for the first time. Who has it now, its findings say. */
  readonly takenOnAt: Date | null;
  /** What people said it was; null again once it has come back. */
  readonly rootCause: RootCause | null;
  /** Calls for a person, oldest first. */
  readonly calls: readonly {
    readonly kind: CallKind;
    readonly at: Date;
    readonly channels: readonly string[];
  }[];
  readonly activity: readonly CaseActivity[];
}

/** A finding of a case that somebody said the cause of. */
export interface Verdicted {
  readonly caseId: string;
  readonly check: string;
  readonly policy: string;
  readonly rootCause: RootCause;
}

const EMPTY: CaseFile = { assignee: null, takenOnAt: null, rootCause: null, calls: [], activity: [] }; // prettier-ignore

const Data = z.discriminatedUnion('what', [
  z.object({ what: z.literal('acknowledged'), by: z.string() }),
  z.object({ what: z.literal('assigned'), by: z.string(), to: z.string().nullable() }),
  z.object({ what: z.literal('noted'), by: z.string(), text: z.string() }),
  z.object({
    what: z.literal('closed'),
    by: z.string(),
    rootCause: z.enum(ROOT_CAUSES),
    note: z.string(),
    findings: z.array(z.object({ check: z.string(), policy: z.string() })),
  }),
  z.object({ what: z.literal('reopened'), by: z.string(), reason: z.string() }),
  z.object({ what: z.enum(['escalated', 'reminded']), channels: z.array(z.string()), text: z.string() }),
]);

/** Entries by which something of a case is open that was not. */
const BEGINS: ReadonlySet<LedgerEntry['action']> = new Set([
  'incident.opened',
  'incident.reopened',
  'incident.escalated',
]);
const Begun = z.object({ incident: z.object({ caseId: z.string() }) });

export const CASE_SUBJECT = 'case';

/** What people did about cases, folded from the ledger. */
export class CaseFiles implements Projection {
  readonly #files = new Map<string, CaseFile>();
  /** Of the newest time that each was open, and of those before. */
  readonly #verdicts = new Map<string, readonly Verdicted[]>();
  readonly #earlier: Verdicted[] = [];

  reset(): void {
    this.#files.clear();
    this.#verdicts.clear();
    this.#earlier.length = 0;
  }

  apply({ subject, action, data, at }: LedgerEntry): void {
    if (BEGINS.has(action)) this.#beginAnew(Begun.parse(data).incident);
    if (subject.type !== CASE_SUBJECT) return;
    const found = Data.parse({ ...data, what: action.slice('case.'.length) });
    this.#files.set(subject.id, continued(this.find(subject.id), found, at));
    if (found.what === 'reopened') this.#verdicts.delete(subject.id);
    if (found.what === 'closed') {
      const { rootCause, findings } = found;
      this.#verdicts.set(
        subject.id,
        findings.map((one) => ({ ...one, caseId: subject.id, rootCause })),
      );
    }
  }

  /** What somebody said that a case was, they said of what was over by then. */
  #beginAnew({ caseId }: z.infer<typeof Begun>['incident']): void {
    const file = this.#files.get(caseId);
    if (!file || file.rootCause === null) return;
    this.#files.set(caseId, { ...file, rootCause: null });
    this.#earlier.push(...(this.#verdicts.get(caseId) ?? []));
    this.#verdicts.delete(caseId);
  }

  /** An untouched case has an empty file. */
  find(caseId: string): CaseFile {
    return this.#files.get(caseId) ?? EMPTY;
  }

  /** The file of a case once entries are written that are about to be. */
  foresee(caseId: string, entries: readonly NewEntry[]): CaseFile {
    return entries
      .filter(({ subject }) => subject.type === CASE_SUBJECT && subject.id === caseId)
      .reduce((file, { action, data, at }) => {
        const found = Data.parse({ ...data, what: action.slice('case.'.length) });
        return continued(file, found, at);
      }, this.find(caseId));
  }

  /** Every finding whose cause somebody told. */
  verdicts(): readonly Verdicted[] {
    return [...this.#earlier, ...[...this.#verdicts.values()].flat()];
  }
}

function continued(before: CaseFile, found: z.infer<typeof Data>, at: Date): CaseFile {
  const by = 'by' in found ? found.by : 'Tidewatch';
  const activity = [...before.activity, { at, by, what: found.what, text: textOf(found) }];
  return { ...changed(before, found, at), activity };
}

function changed(file: CaseFile, found: z.infer<typeof Data>, at: Date): CaseFile {
  switch (found.what) {
    case 'acknowledged':
      return { ...file, takenOnAt: file.takenOnAt ?? at };
    case 'escalated':
    case 'reminded':
      return { ...file, calls: [...file.calls, { kind: found.what, at, channels: found.channels }] };
    case 'assigned':
      return { ...file, assignee: found.to };
    case 'noted':
      return file;
    case 'closed':
      return { ...file, rootCause: found.rootCause };
    case 'reopened':
      return { ...file, rootCause: null };
  }
}

function textOf(found: z.infer<typeof Data>): string {
  switch (found.what) {
    case 'acknowledged':
      return '';
    case 'assigned':
      return found.to === null ? 'to nobody' : `to ${found.to}`;
    case 'noted':
      return found.text;
    case 'closed':
      return `${found.rootCause.toLowerCase().replaceAll('_', ' ')}${found.note === '' ? '' : `: ${found.note}`}`;
    case 'reopened':
      return found.reason;
    case 'escalated':
      return `to ${found.channels.join(', ')}: ${found.text}`;
    case 'reminded':
      return found.text;
  }
}

/** The entry of a call for a person. */
export function caseCall(
  id: string,
  {
    kind,
    channels,
    text,
  }: { readonly kind: CallKind; readonly channels: readonly string[]; readonly text: string },
  at: Date,
): NewEntry {
  const action = kind === 'escalated' ? 'case.escalated' : 'case.reminded';
  return { action, actor: SYSTEM, at, subject: { type: CASE_SUBJECT, id }, data: { channels, text } };
}

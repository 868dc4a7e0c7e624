import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { SERIOUS_CLASS_NAMES, type SeriousClass } from '../domain/serious-class.js';
import type { Projection } from '../ledger/projection.js';
import { REPORT_KINDS, type SeriousIncident } from './serious-incident.js';

export const SERIOUS_SUBJECT = 'serious_incident';

const Iso = z.iso.datetime();
const Classes = z.enum(SERIOUS_CLASS_NAMES as [SeriousClass, ...SeriousClass[]]);

const Entry = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('serious_incident.declared'),
    data: z.object({ model: z.string(), class: Classes, awareAt: Iso, by: z.string(), reason: z.string() }),
  }),
  z.object({ action: z.literal('serious_incident.withdrawn'), data: z.object({ by: z.string(), reason: z.string() }) }),
  z.object({
    action: z.literal('serious_incident.reported'),
    data: z.object({ kind: z.enum(REPORT_KINDS), by: z.string(), recipients: z.array(z.string()), sha256: z.string(), finalDueAt: Iso.nullable() }),
  }),
  z.object({ action: z.literal('serious_incident.reminded'), data: z.object({ key: z.string() }) }),
]); // prettier-ignore

/** Cases that people said to be serious incidents, folded from the ledger. */
export class SeriousIncidents implements Projection {
  readonly #found = new Map<string, SeriousIncident>();

  /** Also one that was withdrawn. */
  find(caseId: string): SeriousIncident | undefined {
    return this.#found.get(caseId);
  }

  /** One that was not withdrawn. */
  inForce(caseId: string): SeriousIncident | undefined {
    const found = this.#found.get(caseId);
    return found?.withdrawn ? undefined : found;
  }

  /** In the order in which they were first declared; those that were withdrawn among them. */
  list(): readonly SeriousIncident[] {
    return [...this.#found.values()];
  }

  reset(): void {
    this.#found.clear();
  }

  apply({ subject, action, data, at, seq }: LedgerEntry): void {
    if (subject.type !== SERIOUS_SUBJECT) return;
    const said = Entry.parse({ action, data });
    const known = this.#found.get(subject.id);
    if (said.action === 'serious_incident.declared') {
      const { awareAt, ...rest } = said.data;
      const before = { reports: known?.reports ?? [], finalDueAt: known?.finalDueAt ?? null, reminded: known?.reminded ?? new Set<string>(), withdrawn: null }; // prettier-ignore
      this.#found.set(subject.id, { caseId: subject.id, ...rest, awareAt: new Date(awareAt), ...before });
      return;
    }
    if (!known) return;
    if (said.action === 'serious_incident.withdrawn')
      this.#found.set(subject.id, { ...known, withdrawn: { ...said.data, at, seq } });
    if (said.action === 'serious_incident.reminded')
      this.#found.set(subject.id, { ...known, reminded: new Set([...known.reminded, said.data.key]) });
    if (said.action === 'serious_incident.reported') {
      const { finalDueAt, ...report } = said.data;
      const reports = [...known.reports, { ...report, at, seq }];
      this.#found.set(subject.id, { ...known, reports, finalDueAt: finalDueAt === null ? known.finalDueAt : new Date(finalDueAt) });
    }
  } // prettier-ignore
}

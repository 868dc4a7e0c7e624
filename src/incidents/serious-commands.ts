import type { NewEntry } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import type { SeriousClass } from '../domain/serious-class.js';
import { minuteText } from '../domain/wording.js';
import { IncidentRefusal } from './incident-refusal.js';
import { clockOf, type ReportKind, type SeriousIncident } from './serious-incident.js';
import { SERIOUS_SUBJECT, type SeriousIncidents } from './serious-incidents.js';

const DAY = 86_400_000;
/** The law names no day for the final report; left unsaid, it is promised for a month after the interim one. */
const FINAL_WITHIN_MS = 30 * DAY;
const MOST_RECIPIENTS = 50;

/** What somebody says of a case. */
export interface Declaration {
  readonly caseId: string;
  readonly model: string;
  readonly class: SeriousClass;
  /** When whoever answers for the model became aware of it. */
  readonly awareAt: Date;
  readonly reason: string;
}

/** A person says that a case is a serious incident, or of which kind it is after all. Throws an IncidentRefusal where nothing changes or awareness lies ahead. */
export function declareSerious(
  known: SeriousIncidents,
  { caseId, model, class: what, awareAt, reason }: Declaration,
  { actor, name }: Person,
  now: Date,
): readonly NewEntry[] {
  if (awareAt > now)
    throw new IncidentRefusal('aware_ahead', `awareAt: ${awareAt.toISOString()} is still to come`, 'awareAt');
  const before = known.inForce(caseId);
  if (before?.class === what && before.awareAt.getTime() === awareAt.getTime())
    throw new IncidentRefusal('already_declared', `${caseId} is declared so already, by ${before.by}`, 'id');
  const data = { model, class: what, awareAt: awareAt.toISOString(), by: name, reason: reasonOf(reason, 'reason', 'a case is declared serious') };
  return [{ action: 'serious_incident.declared', actor, at: now, subject: { type: SERIOUS_SUBJECT, id: caseId }, data }];
} // prettier-ignore

/** A person says that a case is no serious incident after all. Throws an IncidentRefusal where it is none, or where a report of it is out. */
export function withdrawSerious(
  known: SeriousIncidents,
  { caseId, reason }: { readonly caseId: string; readonly reason: string },
  { actor, name }: Person,
  now: Date,
): readonly NewEntry[] {
  const { reports } = demandSerious(known, caseId);
  const [first] = reports;
  if (first)
    throw new IncidentRefusal('already_reported', `a report of ${caseId} went to ${first.recipients.join(', ')}: tell them what it was after all with the final report`, 'case');
  const data = { by: name, reason: reasonOf(reason, 'reason', 'a serious incident is withdrawn') };
  return [{ action: 'serious_incident.withdrawn', actor, at: now, subject: { type: SERIOUS_SUBJECT, id: caseId }, data }];
} // prettier-ignore

/** A report that somebody gives to those who have to have it. */
export interface Filing {
  readonly caseId: string;
  readonly kind: ReportKind;
  readonly recipients: readonly string[];
  /** What stands in it, as JSON: kept in the ledger, so that nobody can say later that it said something else. */
  readonly document: NewEntry['data'];
  readonly sha256: string;
  /** With an interim report: by when the final one comes. */
  readonly finalDueAt: Date | null;
}

/** Records that a report went out. Throws an IncidentRefusal where the case is no serious incident, the final one is out, or nobody is named who has it. */
export function fileReport(
  known: SeriousIncidents,
  { caseId, kind, recipients, document, sha256, finalDueAt }: Filing,
  { actor, name }: Person,
  now: Date,
): readonly NewEntry[] {
  const serious = demandSerious(known, caseId);
  if (clockOf(serious, now).awaited === null)
    throw new IncidentRefusal('already_reported', `the final report of ${caseId} is out`, 'kind');
  const named = [...new Set(recipients.map((one) => one.trim()).filter(Boolean))];
  if (named.length === 0 || named.length > MOST_RECIPIENTS)
    throw new IncidentRefusal('no_recipient', `recipients: name 1 to ${MOST_RECIPIENTS} who have the report`, 'recipients');
  if (finalDueAt !== null && finalDueAt <= now)
    throw new IncidentRefusal('due_over', `finalDueAt: ${finalDueAt.toISOString()} is over`, 'finalDueAt');
  const final = finalDueAt ?? serious.finalDueAt ?? new Date(now.getTime() + FINAL_WITHIN_MS);
  const data = { kind, by: name, recipients: named, sha256, finalDueAt: kind === 'FINAL' ? null : final.toISOString(), document };
  return [{ action: 'serious_incident.reported', actor, at: now, subject: { type: SERIOUS_SUBJECT, id: caseId }, data }];
} // prettier-ignore

/** Throws an IncidentRefusal where nobody said that the case is a serious incident, or somebody said that it is none after all. */
export function demandSerious(known: SeriousIncidents, caseId: string): SeriousIncident {
  const found = known.find(caseId);
  if (!found) throw notSerious(`nobody has said that ${caseId} is a serious incident: do that first`);
  const { withdrawn } = found;
  if (withdrawn)
    throw notSerious(
      `${caseId} is no serious incident any more: ${withdrawn.by} withdrew it on ${minuteText(withdrawn.at)} UTC (${withdrawn.reason}); declare it again where it is one`,
    );
  return found;
}

function notSerious(message: string): IncidentRefusal {
  return new IncidentRefusal('not_serious', message, 'id');
} // prettier-ignore

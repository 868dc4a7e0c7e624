import { z } from 'zod';
import { peopleNeeded } from '../approvals/approval-rules.js';
import type { Approval } from '../approvals/approval.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { riskTier } from '../domain/model.js';
import type { Person } from '../domain/person.js';
import { reportDueAt, SERIOUS_CLASS_NAMES, type SeriousClass } from '../domain/serious-class.js';
import { minuteText } from '../domain/wording.js';
import { declareSerious, withdrawSerious } from '../incidents/serious-commands.js';
import type { SeriousIncident } from '../incidents/serious-incident.js';
import { askForYes, type AskedFor } from './ask-for-yes.js';
import type { Stages } from './stages.js';

const Declared = z.object({
  class: z.enum(SERIOUS_CLASS_NAMES as [SeriousClass, ...SeriousClass[]]),
  awareAt: z.iso.datetime(),
});

/** What a yes is a yes to: what the case would be, null for no serious incident, and what it is said to be. */
const Terms = z.object({ case: z.string(), becomes: Declared.nullable(), replaces: Declared });

/** What somebody says of a case: null takes back that it is a serious incident. */
export interface SeriousWish {
  readonly caseId: string;
  readonly model: string;
  readonly becomes: { readonly class: SeriousClass; readonly awareAt: Date } | null;
  readonly reason: string;
}

/** Asks others where a serious incident would end, or get more time, and the tier of its model asks for them; null where it needs nobody. */
export function askedOfSerious(stages: Pick<Stages, 'registry' | 'approvals' | 'approvalRules' | 'personOf' | 'seriousIncidents'>, wish: SeriousWish, { actor }: Person, now: Date): AskedFor | null {
  const { caseId, becomes, reason } = wish;
  const known = stages.seriousIncidents.inForce(caseId);
  const model = stages.registry.find(known?.model ?? '')?.model;
  if (!known || !model) return null;
  const [was, is] = [dueOf(known), becomes && dueOf(becomes)];
  if (is !== null && is <= was) return null;
  const tier = riskTier(model.risk);
  if (peopleNeeded(stages.approvalRules, 'SERIOUS', tier) === 0) return null;
  const what = is === null ? 'is no serious incident' : `is to be reported by ${minuteText(is)} UTC`;
  const summary = `${caseId} ${what}, and not by ${minuteText(was)} UTC`;
  const terms = { case: caseId, becomes: becomes && wordsOf(becomes), replaces: wordsOf(known) };
  return askForYes(stages, { kind: 'SERIOUS', model: model.key, tier, summary, reason: reason.trim(), terms, actor }, now);
} // prettier-ignore

/** What somebody says of a case is recorded. Throws an IncidentRefusal where the state does not allow it, and ReasonMissing. */
export function saidOfSerious(
  { seriousIncidents }: Pick<Stages, 'seriousIncidents'>,
  { caseId, model, becomes, reason }: SeriousWish,
  who: Person,
  now: Date,
): readonly NewEntry[] {
  if (becomes === null) return withdrawSerious(seriousIncidents, { caseId, reason }, who, now);
  return declareSerious(seriousIncidents, { caseId, model, ...becomes, reason }, who, now);
}

/** What others agreed to is said, as its asker's deed; that it is not outdated is the caller's to see. */
export function seriousAgreed(
  stages: Pick<Stages, 'seriousIncidents' | 'nameOf'>,
  approval: Approval,
  now: Date,
): readonly NewEntry[] {
  const { case: caseId, becomes } = Terms.parse(approval.terms);
  const said = becomes && { class: becomes.class, awareAt: new Date(becomes.awareAt) };
  const reason = `${approval.reason} (approval ${approval.id})`;
  const who = { actor: approval.askedBy, name: stages.nameOf(approval.askedBy.id) };
  return saidOfSerious(stages, { caseId, model: approval.model ?? '', becomes: said, reason }, who, now);
}

/** Why nobody has to agree any more; null where somebody has. */
export function seriousOutdated(
  { seriousIncidents }: Pick<Stages, 'seriousIncidents'>,
  { terms }: Approval,
): string | null {
  const { case: caseId, becomes, replaces } = Terms.parse(terms);
  const known = seriousIncidents.inForce(caseId);
  if (!known) return 'it is no serious incident any more';
  if (becomes === null && known.reports.length > 0) return 'a report of it went out since it was asked';
  const said = wordsOf(known);
  const isSame = said.class === replaces.class && said.awareAt === replaces.awareAt;
  return isSame ? null : 'it was declared anew since it was asked';
}

type Said = Pick<SeriousIncident, 'class' | 'awareAt'>;

function dueOf(said: Said): Date {
  return reportDueAt(said.class, said.awareAt);
}

function wordsOf(said: Said): { readonly class: SeriousClass; readonly awareAt: string } {
  return { class: said.class, awareAt: said.awareAt.toISOString() };
}

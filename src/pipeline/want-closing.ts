import { z } from 'zod';
import { peopleNeeded } from '../approvals/approval-rules.js';
import type { Approval } from '../approvals/approval.js';
import { isWorse, SEVERITIES, type Severity } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import { ROOT_CAUSES, type RootCause } from '../domain/root-cause.js';
import { closeByHand } from '../incidents/acknowledge.js';
import { closeCase } from '../incidents/case-commands.js';
import type { IncidentDecision } from '../incidents/incident-decision.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { CaseMessage } from '../domain/case-message.js';
import { headWord } from '../notify/case-lines.js';
import { caseTitle } from '../notify/message.js';
import { askForYes, type AskedFor } from './ask-for-yes.js';
import { briefCase } from './brief-case.js';
import { decideMessages } from './decide-messages.js';
import type { Stages } from './stages.js';

/** What a person wants to end by hand, and why: all of a case, or one incident. */
export interface Closing {
  readonly of: 'case' | 'incident';
  readonly id: string;
  /** What it was; of a case alone. */
  readonly rootCause: RootCause | null;
  readonly note: string;
}

/** What a yes is a yes to: what was open then, and how bad it was. */
const Terms = z.object({
  of: z.enum(['case', 'incident']),
  id: z.string(),
  rootCause: z.enum(ROOT_CAUSES).nullable(),
  open: z.record(z.string(), z.enum(SEVERITIES)),
});

/**
 * Ends what is open by hand. Something critical takes a reason and, where the model's tier asks for it, others who agree: then nothing changes yet,
 * and the id of the approval is returned, else null. Throws IncidentRefusal and ReasonMissing.
 */
export async function wantClosing(stages: Stages, closing: Closing, who: Person): Promise<string | null> {
  let approval: string | null = null;
  await stages.ledger.transact((now) => {
    const decision = decided(stages, closing, who, now);
    const asked = askedOf(stages, closing, who, now);
    approval = asked?.id ?? null;
    return asked?.entries ?? withMessages(stages, decision, now);
  });
  return approval;
}

/** Ends what others agreed to end, as its asker's deed; that it is not outdated is the caller's to see. */
export function closeAgreed(stages: Stages, approval: Approval, now: Date): readonly NewEntry[] {
  const terms = Terms.parse(approval.terms);
  const { askedBy: actor, reason: note, id } = approval;
  const who = { actor, name: stages.nameOf(actor.id) };
  return withMessages(stages, decided(stages, { ...terms, note, approval: id }, who, now), now);
}

/** Why nobody has to agree any more to end something; null where somebody has. */
export function closingOutdated(stages: Pick<Stages, 'incidents'>, { terms }: Approval): string | null {
  const asked = Terms.safeParse(terms);
  if (!asked.success) return null;
  return openProblem(openOf(stages, asked.data), asked.data.open);
}

/** Why what is open is not what a yes was asked to the end of, with its severities of then by id; null where it is. */
export function openProblem(
  open: readonly IncidentRecord[],
  asked: Readonly<Record<string, Severity>>,
): string | null {
  if (open.length === 0) return 'nothing of it is open any more';
  const isMore = open.some(({ id, severity }) => {
    const then = asked[id];
    return then === undefined ? severity !== 'info' : isWorse(severity, then);
  });
  return isMore ? 'more is open, or worse, than when it was asked' : null;
}

/** How bad what is open is, by id: what a yes is asked to the end of. */
export function severitiesOf(open: readonly IncidentRecord[]): Readonly<Record<string, Severity>> {
  return Object.fromEntries(open.map(({ id, severity }) => [id, severity]));
}

/** What waits for a yes to the end of a case; null where nothing does. */
export function closingOf({ approvals }: Pick<Stages, 'approvals'>, caseId: string): Approval | null {
  const isOfCase = ({ kind, terms }: Approval) =>
    kind === 'CLOSE' && Terms.safeParse(terms).data?.id === caseId;
  return approvals.pending().find(isOfCase) ?? null;
}

function askedOf(stages: Stages, closing: Closing, { actor }: Person, now: Date): AskedFor | null {
  const open = openOf(stages, closing);
  if (open.every(({ severity }) => severity !== 'critical')) return null;
  const { of, id, rootCause } = closing;
  const field = of === 'case' ? 'note' : 'reason';
  const reason = reasonOf(closing.note, field, 'something critical is closed by hand');
  const tier = stages.registry.tierOf(open[0]?.signal.model ?? '');
  if (peopleNeeded(stages.approvalRules, 'CLOSE', tier) === 0) return null;
  const model = open[0]?.signal.model ?? null;
  const found = stages.incidents.case(open[0]?.caseId ?? '');
  const summary = summaryOf(found ? briefCase(stages, found) : null, id);
  const terms = { of, id, rootCause, open: severitiesOf(open) };
  return askForYes(stages, { kind: 'CLOSE', model, tier, summary, reason, terms, actor }, now);
}

/** `CRITICAL credit-default 2026.11: age has moved, and 3 more; closing it by hand (case_…)`: what people decide about, before the id of it. */
function summaryOf(message: CaseMessage | null, id: string): string {
  return message === null ? `closing of ${id}` : `${headWord(message)} ${caseTitle(message)}; closing it by hand (${id})`;
} // prettier-ignore

function openOf(
  { incidents }: Pick<Stages, 'incidents'>,
  { of, id }: Pick<Closing, 'of' | 'id'>,
): readonly IncidentRecord[] {
  const found = incidents.find(id);
  const all = of === 'case' ? (incidents.case(id)?.members ?? []) : found ? [found] : [];
  return all.filter(({ state }) => state !== 'CLOSED');
}

function decided(
  stages: Pick<Stages, 'registry' | 'incidents'>,
  { of, id, rootCause, note, approval }: Closing & { readonly approval?: string },
  who: Person,
  now: Date,
): IncidentDecision {
  const { incidents, registry } = stages;
  if (of === 'case') {
    const tier = registry.tierOf(incidents.case(id)?.model ?? '');
    return closeCase({ incidents }, { id, rootCause, note, tier, approval }, who, now);
  }
  const reason = approval === undefined ? note : `${note} (approval ${approval})`;
  return closeByHand(incidents, { id, reason }, who.actor, now);
}

function withMessages(
  stages: Stages,
  { entries, changes }: IncidentDecision,
  now: Date,
): readonly NewEntry[] {
  return [...entries, ...decideMessages(stages, changes, now, entries)];
}

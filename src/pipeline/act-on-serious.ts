import type { Person } from '../domain/person.js';
import type { SeriousClass } from '../domain/serious-class.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import { fileReport } from '../incidents/serious-commands.js';
import type { ReportKind } from '../incidents/serious-incident.js';
import { incidentReport } from './incident-report.js';
import type { Stages } from './stages.js';
import { askedOfSerious, saidOfSerious, type SeriousWish } from './want-serious.js';

/** What a person does about a serious incident, wherever they do it. */
export type SeriousAction =
  | {
      readonly kind: 'declare';
      readonly caseId: string;
      readonly class: SeriousClass;
      /** Left out: now. */
      readonly awareAt: Date | null;
      readonly reason: string;
    }
  | { readonly kind: 'withdraw'; readonly caseId: string; readonly reason: string }
  | {
      readonly kind: 'report';
      readonly caseId: string;
      readonly report: ReportKind;
      readonly recipients: readonly string[];
      readonly note: string;
      readonly finalDueAt: Date | null;
    };

/**
 * Records it. What would end a serious incident of a model of high risk, or give it more time, waits for others: then nothing changes yet, and the id of the approval is
 * returned, else null. Throws an IncidentRefusal where the state does not allow it, and what is missing.
 */
export async function actOnSerious(
  stages: Stages,
  action: SeriousAction,
  who: Person,
): Promise<string | null> {
  const { ledger, seriousIncidents, clock } = stages;
  const { caseId } = action;
  if (action.kind === 'report') {
    const order = { caseId, kind: action.report, note: action.note };
    const { document, sha256 } = await incidentReport(stages, order, clock.now());
    const filing = { ...action, ...order, document, sha256 };
    await ledger.transact((now) => fileReport(seriousIncidents, filing, who, now));
    return null;
  }
  let approval: string | null = null;
  await ledger.transact((now) => {
    const wish = wishOf(stages, action, now);
    // What cannot be said is refused now, not when others have agreed.
    const said = saidOfSerious(stages, wish, who, now);
    const asked = askedOfSerious(stages, wish, who, now);
    approval = asked?.id ?? null;
    return asked?.entries ?? said;
  });
  return approval;
}

function wishOf(
  { incidents, seriousIncidents }: Pick<Stages, 'incidents' | 'seriousIncidents'>,
  action: Exclude<SeriousAction, { readonly kind: 'report' }>,
  now: Date,
): SeriousWish {
  const { caseId, reason } = action;
  const model = incidents.case(caseId)?.model ?? seriousIncidents.find(caseId)?.model;
  if (action.kind === 'withdraw') return { caseId, model: model ?? '', becomes: null, reason };
  if (model === undefined) throw new IncidentRefusal('case_not_found', `there is no case ${caseId}`, 'case');
  return { caseId, model, becomes: { class: action.class, awareAt: action.awareAt ?? now }, reason };
}

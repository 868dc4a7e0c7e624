import type { Person } from '../domain/person.js';
import type { SeriousClass } from '../domain/serious-class.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import { declareSerious, fileReport, withdrawSerious } from '../incidents/serious-commands.js';
import type { ReportKind } from '../incidents/serious-incident.js';
import { incidentReport } from './incident-report.js';
import type { Stages } from './stages.js';

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

/** Records it. Throws an IncidentRefusal where the state does not allow it, and what is missing. */
export async function actOnSerious(stages: Stages, action: SeriousAction, who: Person): Promise<void> {
  const { ledger, seriousIncidents, incidents, clock } = stages;
  const { caseId } = action;
  if (action.kind === 'report') {
    const order = { caseId, kind: action.report, note: action.note };
    const { document, sha256 } = await incidentReport(stages, order, clock.now());
    const filing = { ...action, ...order, document, sha256 };
    await ledger.transact((now) => fileReport(seriousIncidents, filing, who, now));
    return;
  }
  await ledger.transact((now) => {
    if (action.kind === 'withdraw') return withdrawSerious(seriousIncidents, action, who, now);
    const model = incidents.case(caseId)?.model ?? seriousIncidents.find(caseId)?.model;
    if (model === undefined)
      throw new IncidentRefusal('case_not_found', `there is no case ${caseId}`, 'case');
    return declareSerious(seriousIncidents, { ...action, model, awareAt: action.awareAt ?? now }, who, now);
  });
}

import type { CaseMessage } from '../domain/case-message.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { ledBy } from '../notify/led-by.js';
import { caseMessage, caseTelling, type CaseFacts, type CaseTelling } from '../notify/message.js';
import { caseSubject } from './case-subject.js';
import { quietNow } from './hold-back.js';
import type { Stages } from './stages.js';

type Told = Pick<
  Stages,
  | 'registry'
  | 'references'
  | 'policies'
  | 'book'
  | 'incidents'
  | 'caseFiles'
  | 'deliveries'
  | 'silences'
  | 'nameOf'
  | 'clock'
>;

/** What a message would say of a case now: pages and the API tell the same facts as mails. */
export function briefCase(stages: Told, found: IncidentCase): CaseMessage {
  return caseMessage(factsNow(stages, found));
}

/** What it is about, its title and probable cause, and who has it: what lists and pages say beside a message. */
export function tellCase(stages: Told, found: IncidentCase): CaseTelling<IncidentRecord> {
  return caseTelling(factsNow(stages, found));
}

function factsNow(
  stages: Told,
  { id, model, version, state }: IncidentCase,
): CaseFacts & { readonly members: readonly IncidentRecord[] } {
  const now = stages.clock.now();
  return {
    caseId: id,
    seq: 1,
    purpose: state === 'CLOSED' ? 'closed' : 'opened',
    members: stages.incidents.together(id),
    changes: [],
    news: [],
    rises: () => false,
    call: null,
    subject: caseSubject(stages, model, version),
    subjectOf: ({ signal }) => caseSubject(stages, signal.model, signal.version),
    quiet: quietNow(stages, now),
    handled: stages.caseFiles.find(id),
    toldAt: null,
    nameOf: stages.nameOf,
    led: ledBy(stages.deliveries.destinationsOf(id).flatMap((one) => stages.deliveries.stream(id, one.id))),
    baseUrl: '',
    now,
  };
}

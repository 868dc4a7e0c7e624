import type { CaseMessage } from '../domain/case-message.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { handsOf } from '../notify/case-hands.js';
import { caseMessage } from '../notify/message.js';
import { caseSubject } from './case-subject.js';
import type { Stages } from './stages.js';

/** What a message would say of a case now: pages and the API tell the same facts as mails. */
export function briefCase(
  stages: Pick<Stages, 'registry' | 'references' | 'policies' | 'book' | 'incidents' | 'caseFiles'>,
  { id, model, version, state }: IncidentCase,
): CaseMessage {
  return caseMessage({
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
    ...handsOf(stages.caseFiles.find(id), null),
    baseUrl: '',
  });
}

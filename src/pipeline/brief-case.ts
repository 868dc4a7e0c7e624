import type { Briefing, CaseMessage } from '../domain/case-message.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { handsOf } from '../notify/case-hands.js';
import { caseBriefing, caseMessage, type CaseFacts } from '../notify/message.js';
import { caseSubject } from './case-subject.js';
import type { Stages } from './stages.js';

type Told = Pick<Stages, 'registry' | 'references' | 'policies' | 'book' | 'incidents' | 'caseFiles'>;

/** What a message would say of a case now: pages and the API tell the same facts as mails. */
export function briefCase(stages: Told, found: IncidentCase): CaseMessage {
  return caseMessage(factsNow(stages, found));
}

/** Its title and probable cause alone, for lists of many. */
export function titleCase(stages: Told, found: IncidentCase): Briefing {
  return caseBriefing(factsNow(stages, found));
}

function factsNow(stages: Told, { id, model, version, state }: IncidentCase): CaseFacts {
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
    ...handsOf(stages.caseFiles.find(id), null),
    baseUrl: '',
  };
}

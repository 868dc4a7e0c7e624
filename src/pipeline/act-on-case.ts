import type { Person } from '../domain/person.js';
import {
  acknowledgeCase,
  assignCase,
  demandPerson,
  noteCase,
  reopenCase,
  type CaseClosing,
  type CaseState,
} from '../incidents/case-commands.js';
import type { IncidentDecision } from '../incidents/incident-decision.js';
import { decideMessages } from './decide-messages.js';
import type { Stages } from './stages.js';
import { wantClosing } from './want-closing.js';

/** What a person does about a case, wherever they do it: the API, a page, Slack. */
export type CaseAction =
  | { readonly kind: 'acknowledge'; readonly id: string }
  | { readonly kind: 'assign'; readonly id: string; readonly to: string | null }
  | { readonly kind: 'note'; readonly id: string; readonly note: string }
  | ({ readonly kind: 'close' } & CaseClosing)
  | { readonly kind: 'reopen'; readonly id: string; readonly reason: string };

/**
 * Records an action and what people are to hear of it, as one block. Where others have to agree first nothing changes yet, and the id of the approval
 * is returned, else null. Throws an IncidentRefusal when it cannot be, and ReasonMissing.
 */
export async function actOnCase(stages: Stages, action: CaseAction, who: Person): Promise<string | null> {
  if (action.kind === 'close') return wantClosing(stages, { ...action, of: 'case' }, who);
  await stages.ledger.transact((now) => {
    const { entries, changes } = decide(stages, action, who, now);
    return [...entries, ...decideMessages(stages, changes, now, entries)];
  });
  return null;
}

function decide(
  stages: Pick<Stages, 'incidents' | 'people'>,
  action: Exclude<CaseAction, { readonly kind: 'close' }>,
  who: Person,
  now: Date,
): IncidentDecision {
  const state: CaseState = { incidents: stages.incidents };
  switch (action.kind) {
    case 'acknowledge':
      return acknowledgeCase(state, action.id, who, now);
    case 'assign':
      if (action.to !== null)
        demandPerson(
          action.to,
          stages.people.map(({ name }) => name),
          who,
        );
      return assignCase(state, action, who, now);
    case 'note':
      return noteCase(state, action, who, now);
    case 'reopen':
      return reopenCase(state, action, who, now);
  }
}

import type { Person } from '../domain/person.js';
import { acknowledge } from '../incidents/acknowledge.js';
import { actOnCase, type CaseAction } from './act-on-case.js';
import { decideMessages } from './decide-messages.js';
import type { WhyNormal } from '../notify/slack-normal-form.js';
import type { Stages } from './stages.js';
import { wantClosing } from './want-closing.js';
import { askWhyNormal, wantNormal, type CalledNormal, type NormalWish } from './want-normal.js';

/** What people do about incidents and cases, with what others are to hear of it: by the API, a page or Slack alike. */
export class IncidentActions {
  constructor(private readonly stages: Stages) {}

  /** Throws IncidentRefusal for an incident that is unknown, closed or already theirs. */
  async acknowledge(id: string, who: Person): Promise<void> {
    const { ledger, incidents } = this.stages;
    await ledger.transact((now) => {
      const { entries, changes } = acknowledge(incidents, id, who, now);
      return [...entries, ...decideMessages(this.stages, changes, now)];
    });
  }

  /** Ends one incident by hand; the id of the approval where others have to agree first, else null. Throws IncidentRefusal and ReasonMissing. */
  async close(id: string, reason: string, who: Person): Promise<string | null> {
    return wantClosing(this.stages, { of: 'incident', id, rootCause: null, note: reason }, who);
  }

  /** As `wantNormal` does. */
  async normal(wish: NormalWish, who: Person): Promise<CalledNormal> {
    return wantNormal(this.stages, wish, who);
  }

  /** As `askWhyNormal` does. */
  whyNormal(caseId: string): WhyNormal {
    return askWhyNormal(this.stages, caseId);
  }

  /** As `actOnCase` does. */
  async onCase(action: CaseAction, who: Person): Promise<string | null> {
    return actOnCase(this.stages, action, who);
  }
}

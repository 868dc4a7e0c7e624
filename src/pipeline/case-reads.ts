import type { CaseMessage } from '../domain/case-message.js';
import type { Model } from '../domain/model.js';
import type { CaseFile } from '../incidents/case-files.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import type { SeriousIncident } from '../incidents/serious-incident.js';
import type { CaseHands } from '../notify/case-hands.js';
import type { CaseNow } from '../notify/case-now.js';
import type { Trend } from '../notify/trend-picture.js';
import { briefCase, tellCase } from './brief-case.js';
import { findingTrend } from './case-picture.js';
import { caseKnownNow } from './known-when-sent.js';
import type { Stages } from './stages.js';
import { closingOf } from './want-closing.js';

/** Everything there is to say of one case now. */
export interface CaseView {
  readonly found: IncidentCase;
  /** Null where it was taken out meanwhile. */
  readonly model: Model | null;
  /** Incidents of other cases that are told with it. */
  readonly guests: readonly IncidentRecord[];
  readonly file: CaseFile;
  readonly serious: SeriousIncident | null;
  /** The approval that its end waits for. */
  readonly closing: string | null;
  readonly message: CaseMessage;
  readonly about: CaseNow<IncidentRecord>;
  /** Who has it. */
  readonly hands: CaseHands;
  /** How large what leads was, window by window. */
  readonly trend: Trend;
}

/** One case as a whole, for whoever looks. */
export class CaseReads {
  constructor(private readonly stages: Stages) {}

  /** Null for a case that is unknown, or was closed long ago. */
  async view(id: string): Promise<CaseView | null> {
    const { incidents, caseFiles, seriousIncidents } = this.stages;
    const found = incidents.case(id);
    if (!found) return null;
    const message = await caseKnownNow(this.stages, briefCase(this.stages, found));
    const { about, hands } = tellCase(this.stages, found);
    const { leading } = about;
    return {
      found,
      model: this.modelOf(id),
      guests: incidents.together(id).filter(({ caseId }) => caseId !== id),
      file: caseFiles.find(id),
      serious: seriousIncidents.find(id) ?? null,
      closing: closingOf(this.stages, id)?.id ?? null,
      message,
      about,
      hands,
      trend: await findingTrend(this.stages, leading),
    };
  }

  /** The model that a case is about; null where it is not known. */
  modelOf(id: string): Model | null {
    const { incidents, registry } = this.stages;
    return registry.find(incidents.case(id)?.model ?? '')?.model ?? null;
  }
}

import type { CaseMessage } from '../domain/case-message.js';
import { changeOf } from '../domain/change-text.js';
import type { ExtraCost } from '../domain/extra-cost.js';
import type { Model } from '../domain/model.js';
import type { Flap } from '../domain/weekly-message.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { incidentAsOf } from './as-of.js';
import { briefCase, tellCase } from './brief-case.js';
import { findingTrend } from './case-picture.js';
import { caseSubject } from './case-subject.js';
import { explainTelling, type Question } from './explain-telling.js';
import { costOfIncident } from './incident-cost.js';
import { readEvidence, type IncidentEvidence } from './incident-evidence.js';
import { judgedFeatures } from './judged-features.js';
import { judgedSegments } from './judged-segments.js';
import type { Stages } from './stages.js';
import { flapsIn } from './week-of.js';
import type { Explanation } from './why-not.js';

const WEEK = 7 * 86_400_000;

/** What there is to say of incidents and cases, for whoever looks. */
export class IncidentReads {
  constructor(private readonly stages: Stages) {}

  /** An incident as it was at an instant that is over. */
  async asOf(id: string, at: Date): Promise<IncidentRecord | null> {
    return incidentAsOf(this.stages.ledger, id, at);
  }

  /** As `costOfIncident` does. */
  async costOf(incident: IncidentRecord): Promise<ExtraCost | null> {
    return costOfIncident(this.stages, incident);
  }

  /** What changed, in the words of a message. */
  changeOf(incident: IncidentRecord): ReturnType<typeof changeOf> {
    const { model, version } = incident.signal;
    return changeOf(incident, caseSubject(this.stages, model, version));
  }

  /** As `readEvidence` does. */
  async evidenceOf(incident: IncidentRecord): Promise<IncidentEvidence> {
    return readEvidence(this.stages, incident);
  }

  /** As `findingTrend` does. */
  async trendOf(incident: IncidentRecord): ReturnType<typeof findingTrend> {
    return findingTrend(this.stages, incident);
  }

  /** What a message would say of a case now. */
  brief(found: IncidentCase): CaseMessage {
    return briefCase(this.stages, found);
  }

  /** As `tellCase` does. */
  tell(found: IncidentCase): ReturnType<typeof tellCase> {
    return tellCase(this.stages, found);
  }

  /** The model that an incident is about; null where it is not known any more. */
  modelOf(incident: IncidentRecord | undefined): Model | null {
    return this.stages.registry.find(incident?.signal.model ?? '')?.model ?? null;
  }

  /** The risk tier of a model. */
  tierOf(model: string): ReturnType<Stages['registry']['tierOf']> {
    return this.stages.registry.tierOf(model);
  }

  /** What came and went in the last week, of a model or of all. */
  flapsOfWeek(model: string | null): readonly Flap[] {
    const now = this.stages.clock.now();
    const week = { from: new Date(now.getTime() - WEEK), to: now };
    return flapsIn(this.stages, week, ({ signal }) => (model ?? signal.model) === signal.model);
  }

  /** As `judgedFeatures` does. */
  async judgedFeatures(models: readonly Model[], check: string | null = null): Promise<readonly string[]> {
    return judgedFeatures(this.stages.database, models, check);
  }

  /** As `judgedSegments` does. */
  async judgedSegments(models: readonly string[]): ReturnType<typeof judgedSegments> {
    return judgedSegments(this.stages.database, models);
  }

  /** Why something was not told. */
  async explain(asked: Question): Promise<Explanation> {
    return explainTelling(this.stages, asked);
  }
}

import type { Person } from '../domain/person.js';
import { actOnSerious, type SeriousAction } from './act-on-serious.js';
import { incidentReport, type IncidentReport } from './incident-report.js';
import type { Stages } from './stages.js';

/** What people say of serious incidents, and the reports of them. */
export class SeriousActions {
  constructor(private readonly stages: Stages) {}

  /** As `actOnSerious` does. */
  async act(action: SeriousAction, who: Person): Promise<string | null> {
    return actOnSerious(this.stages, action, who);
  }

  /** A report as it would be filed now. Throws as `incidentReport` does. */
  async report(asked: Parameters<typeof incidentReport>[1]): Promise<IncidentReport> {
    return incidentReport(this.stages, asked, this.stages.clock.now());
  }
}

import type { IncidentRecord } from './incident-record.js';

/** What a decision may ask about the incidents there are. */
export interface IncidentView {
  find(id: string): IncidentRecord | undefined;
  /** The newest incident of a key, open or closed. */
  latest(key: string): IncidentRecord | undefined;
  /** All that are not closed, of one model version. */
  active(model: string, version: string): readonly IncidentRecord[];
  /** All that are kept of one model version, closed ones too. */
  known(model: string, version: string): readonly IncidentRecord[];
  /** All that are not closed, of features whose data come from a source, in whatever model. */
  ofSource(source: string): readonly IncidentRecord[];
}

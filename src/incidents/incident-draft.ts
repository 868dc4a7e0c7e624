import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';

/** The incidents as they will be once a decision under way is recorded. */
export class IncidentDraft implements IncidentView {
  readonly #changed = new Map<string, IncidentRecord>();
  readonly #byKey = new Map<string, IncidentRecord>();

  constructor(private readonly recorded: IncidentView) {}

  find(id: string): IncidentRecord | undefined {
    return this.#changed.get(id) ?? this.recorded.find(id);
  }

  latest(key: string): IncidentRecord | undefined {
    return this.#byKey.get(key) ?? this.recorded.latest(key);
  }

  active(model: string, version: string): readonly IncidentRecord[] {
    const untouched = this.recorded
      .active(model, version)
      .filter((incident) => !this.#changed.has(incident.id));
    const touched = [...this.#changed.values()].filter(
      ({ signal }) => signal.model === model && signal.version === version,
    );
    return [...untouched, ...touched.filter((incident) => incident.state !== 'CLOSED')];
  }

  put(incident: IncidentRecord): void {
    this.#changed.set(incident.id, incident);
    this.#byKey.set(incident.key, incident);
  }
}

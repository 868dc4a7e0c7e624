import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';

/** The incidents as they will be once a decision under way is recorded. */
export class IncidentDraft implements IncidentView {
  readonly #changed = new Map<string, IncidentRecord>();
  readonly #active = new Map<string, Map<string, IncidentRecord>>();
  readonly #byKey = new Map<string, IncidentRecord>();

  constructor(private readonly recorded: IncidentView) {}

  find(id: string): IncidentRecord | undefined {
    return this.#changed.get(id) ?? this.recorded.find(id);
  }

  latest(key: string): IncidentRecord | undefined {
    return this.#byKey.get(key) ?? this.recorded.latest(key);
  }

  active(model: string, version: string): readonly IncidentRecord[] {
    return [...this.#activeOf(model, version).values()];
  }

  known(model: string, version: string): readonly IncidentRecord[] {
    return this.#asChanged(
      this.recorded.known(model, version),
      ({ signal }) => signal.model === model && signal.version === version,
    );
  }

  ofSource(source: string): readonly IncidentRecord[] {
    return this.#asChanged(
      this.recorded.ofSource(source),
      (one) => one.source === source && one.state !== 'CLOSED',
    );
  }

  put(incident: IncidentRecord): void {
    const active = this.#activeOf(incident.signal.model, incident.signal.version);
    if (incident.state === 'CLOSED') active.delete(incident.id);
    else active.set(incident.id, incident);
    this.#changed.set(incident.id, incident);
    this.#byKey.set(incident.key, incident);
  }

  /** Recorded ones as they will be: those that the decision changes only where they are still asked for. */
  #asChanged(
    recorded: readonly IncidentRecord[],
    isAsked: (incident: IncidentRecord) => boolean,
  ): readonly IncidentRecord[] {
    const unchanged = recorded.filter(({ id }) => !this.#changed.has(id));
    return [...unchanged, ...[...this.#changed.values()].filter(isAsked)];
  }

  /** Copied from the record once: a storm asks again for every incident it opens. */
  #activeOf(model: string, version: string): Map<string, IncidentRecord> {
    const place = `${model}@${version}`;
    const known = this.#active.get(place);
    if (known) return known;
    const active = new Map(this.recorded.active(model, version).map((incident) => [incident.id, incident]));
    this.#active.set(place, active);
    return active;
  }
}

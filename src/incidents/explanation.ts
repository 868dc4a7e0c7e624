import type { Signal } from '../domain/incident.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';

/** Faults of the data that move a distribution by themselves. */
const CAUSES = new Set<string>(['null_rate', 'type_mismatch', 'stuck']);
const EFFECTS = new Set<string>(['feature_drift']);
/** Drift that outlives its cause by so many windows is a problem of its own. */
const OUTLIVES = 5;

export function isCause(signal: Signal): boolean {
  return CAUSES.has(signal.check) && signal.feature !== null;
}

/** The open data-quality incident of the same feature, which accounts for a drift of it; null when there is none. */
export function causeOf(view: IncidentView, signal: Signal): IncidentRecord | null {
  if (!EFFECTS.has(signal.check) || signal.feature === null) return null;
  const causes = view
    .active(signal.model, signal.version)
    .filter((one) => one.signal.feature === signal.feature && isCause(one.signal));
  return causes.find((one) => one.severity !== 'info') ?? null;
}

/** Open drift of the same feature that a fault which just opened accounts for. */
export function effectsOf(view: IncidentView, cause: IncidentRecord): readonly IncidentRecord[] {
  if (!isCause(cause.signal) || cause.severity === 'info') return [];
  return view
    .active(cause.signal.model, cause.signal.version)
    .filter(
      (one) =>
        one.signal.feature === cause.signal.feature &&
        EFFECTS.has(one.signal.check) &&
        one.explainedBy === null,
    );
}

/** The drift has outlived what explained it and has to be told by itself. */
export function hasOutlivedCause(view: IncidentView, incident: IncidentRecord, window: Window): boolean {
  if (incident.explainedBy === null) return false;
  const cause = view.find(incident.explainedBy);
  if (!cause || cause.closeReason === 'withdrawn') return true;
  const length = window.to.getTime() - window.from.getTime();
  return cause.state === 'CLOSED' && window.to.getTime() - cause.lastWindowTo.getTime() >= OUTLIVES * length;
}

import type { CheckName } from '../domain/check-result.js';
import type { IncidentRecord } from './incident-record.js';

/** What may be the new normal after two weeks; errors and faulty data are never that. */
const MAY_BE_NORMAL: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'volume']);
const LASTING_MS = 14 * 86_400_000;

/**
 * The command that pins the data since the change began as the new reference, for an incident that has been open for more than two weeks of
 * event time; null where there is nothing to propose.
 */
export function newReference({ signal, since, firstWindow, lastWindowTo }: IncidentRecord): string | null {
  if (!MAY_BE_NORMAL.has(signal.check)) return null;
  if (lastWindowTo.getTime() - firstWindow.to.getTime() <= LASTING_MS) return null;
  const from = (since ?? firstWindow.to).toISOString();
  return `tidewatch baseline pin ${signal.model} --since ${from} --until ${lastWindowTo.toISOString()} --reason "what lasts is the new normal"`;
}

import { DATA_FAULTS } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';
import { reachOf, seenUntil } from './seen-until.js';

/**
 * The open fault of another model in data from the same source, which a fault found in a window is part of, within a day of when that was there: the first that people were told of. Null where there is none, where nobody said where the data
 * come from, and of what is no fault of data. Pure.
 */
export function faultOfSource(
  view: Pick<IncidentView, 'ofSource'>,
  { signal, source }: Verdict,
  window: Window,
): IncidentRecord | null {
  if (source === undefined || !DATA_FAULTS.has(signal.check)) return null;
  const [at, reach] = [window.to.getTime(), reachOf(window)];
  const faults = view
    .ofSource(source)
    .filter((one) => one.signal.model !== signal.model && DATA_FAULTS.has(one.signal.check))
    .filter((one) => one.announced && one.explainedBy === null)
    .filter((one) => at >= one.course.onset.getTime() - reach && at <= seenUntil(one) + reach);
  return (
    faults.toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime() || (a.id < b.id ? -1 : 1))[0] ??
    null
  );
}

/** The incident of another model with which an incident is told, also its end where that one is over before; null where it is told by itself, or with something of its own model. */
export function hostOf(
  view: Pick<IncidentView, 'find'>,
  incident: Pick<IncidentRecord, 'explainedBy' | 'signal'>,
): IncidentRecord | null {
  const host = incident.explainedBy === null ? undefined : view.find(incident.explainedBy);
  return host && host.signal.model !== incident.signal.model && !isOverOtherwise(host) ? host : null;
}

/** What recovered tells of those that recover later; what was closed by hand, taken back or superseded says nothing of them. */
function isOverOtherwise({ state, closeReason }: Pick<IncidentRecord, 'state' | 'closeReason'>): boolean {
  return state === 'CLOSED' && closeReason !== 'recovered';
}

/** What other models have, or had, that is told with incidents of a case. */
export function guestsOf(
  explainedBy: (id: string) => readonly IncidentRecord[],
  members: readonly IncidentRecord[],
): readonly IncidentRecord[] {
  return members.flatMap(({ id, signal }) =>
    explainedBy(id).filter((one) => one.signal.model !== signal.model),
  );
}

/** The case with which all that is open of a case is told, being faults of a source that another model has too, and what follows from those; null where something of it stands by itself. */
export function hostCase(
  view: Pick<IncidentView, 'find'>,
  members: readonly IncidentRecord[],
): string | null {
  const open = members.filter(({ state, severity }) => state !== 'CLOSED' && severity !== 'info');
  const hosts = new Map(
    open.flatMap((one) => {
      const host = hostOf(view, one);
      return host && host.state !== 'CLOSED' ? [[one.id, host.caseId] as const] : [];
    }),
  );
  const isPart = ({ id, explainedBy }: IncidentRecord) => hosts.has(id) || hosts.has(explainedBy ?? '');
  return open.every(isPart) ? ([...hosts.values()][0] ?? null) : null;
}

import { CHECKS } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';

const OF_ALL: ReadonlySet<string> = new Set(CHECKS);

/** Whether an incident says of a segment what another one says of all rows: it is remembered, so that noise in a few rows makes none of its own, and is no finding, unless people were told of it before. */
export function isOfEverybody(
  { signal, explainedBy, announced }: Pick<IncidentRecord, 'signal' | 'explainedBy' | 'announced'>,
  view: Pick<IncidentView, 'find'>,
): boolean {
  if (announced || signal.segment === '' || explainedBy === null) return false;
  return view.find(explainedBy)?.signal.segment === '';
}

/** Whether all other rows changed as a segment did: then a check of all rows tells it, now or when its evidence is enough. */
export function isToldOfAll({ signal, explainedBy = [] }: Pick<Verdict, 'signal' | 'explainedBy'>): boolean {
  return signal.segment !== '' && explainedBy.some((name) => OF_ALL.has(name));
}

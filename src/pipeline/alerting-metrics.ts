import { SEVERITIES } from '../domain/incident.js';
import { SHOWN_STATES, shownState } from '../retraining/shown-state.js';
import type { Stages } from './stages.js';

/** Puts the state of incidents and deliveries where Prometheus reads it (contract section 11). Called again and again; counters only rise. */
export function countAlerting(
  {
    incidents,
    openings,
    deliveries,
    retrainings,
    metrics,
  }: Pick<Stages, 'incidents' | 'openings' | 'deliveries' | 'retrainings' | 'metrics'>,
  counted: Map<string, number>,
): void {
  const open = metrics.gauge('incidents_open', 'Incidents that are not closed, by severity.', [
    'severity',
  ] as const);
  const now = incidents.open();
  for (const severity of SEVERITIES)
    open.set({ severity }, now.filter((one) => one.severity === severity).length);
  const opened = metrics.counter('incidents_opened_total', 'Incidents that were opened, by the ledger.', [
    'severity',
    'check',
  ] as const);
  for (const { severity, check, count } of openings.list()) {
    const key = `${severity}/${check}`;
    opened.inc({ severity, check }, count - (counted.get(key) ?? 0));
    counted.set(key, count);
  }
  metrics
    .gauge('deliveries_pending', 'Messages that are owed and have not ended.')
    .set(deliveries.pendingCount);
  const states = retrainings.history().map((story) => shownState(story, retrainings.find(story.id)));
  const trainings = metrics.gauge('retrainings', 'Trainings that were wanted, by where they stand.', [
    'state',
  ] as const);
  for (const state of SHOWN_STATES) trainings.set({ state }, states.filter((one) => one === state).length);
}

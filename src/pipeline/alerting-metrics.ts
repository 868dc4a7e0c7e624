import { SEVERITIES } from '../domain/incident.js';
import { SHOWN_STATES, shownState } from '../retraining/shown-state.js';
import { platformMetrics } from './platform-metrics.js';
import type { Stages } from './stages.js';

const QUANTILES = { '0.5': 'median', '0.9': 'p90', '1': 'longest' } as const;
const MONTH_MS = 30 * 86_400_000;

/** How long versions took into production in the last thirty days before `now`; NaN where none began to answer. */
export function countPromotions(
  { registry, retrainings, metrics }: Pick<Stages, 'registry' | 'retrainings' | 'metrics'>,
  now: Date,
): void {
  const known = { models: registry.models(), incidents: [], retrainings };
  const { secondsToProduction: spread } = platformMetrics(known, {
    since: new Date(now.getTime() - MONTH_MS),
    until: now,
  });
  const gauge = metrics.gauge(
    'seconds_to_production',
    'From when a version was first heard of to when it first answered, of versions that began to answer in the last 30 days.',
    ['quantile'] as const,
  );
  for (const [quantile, name] of Object.entries(QUANTILES))
    gauge.set({ quantile }, spread ? spread[name] : Number.NaN);
}

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

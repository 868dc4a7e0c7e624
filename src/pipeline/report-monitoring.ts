import { Turns } from './in-turns.js';
import { championOf } from '../registry/answering.js';
import { countByModel, type MonitoredModel } from './monitoring-metrics.js';
import { MONITORING_STATES, type Monitoring } from '../domain/monitoring.js';
import { unlabelledModels } from './judged-labels.js';
import { readMonitoring } from './monitoring.js';
import type { SaidOfModel } from './monitoring.repository.js';
import type { Stages } from './stages.js';

/** How far every model of this process is monitored, by key, with what arrived lately: looked at once for all that is said of it. */
export async function monitoringOfAll(
  stages: Stages,
  problems: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Monitoring>> {
  const { registry, arrivals, clock } = stages;
  const models = registry.models();
  await arrivals.look(
    clock.now(),
    models.map(({ model }) => model),
  );
  await arrivals.unplaced.look(unlabelledModels(stages), clock.now());
  const found = new Map<string, Monitoring>();
  const turns = new Turns();
  for (const registered of models) {
    await turns.next();
    const { key } = registered.model;
    if (stages.replicas.holds(key)) found.set(key, await readMonitoring(stages, registered, problems));
  }
  return found;
}

/** Reports how far models are monitored: in the metrics, for dashboards whenever it changes, and in the log where nothing of a model is judged any more. */
export async function reportMonitoring(
  stages: Pick<Stages, 'clock' | 'log' | 'metrics' | 'arrivals' | 'monitoringSaid' | 'book' | 'registry'>,
  all: ReadonlyMap<string, Monitoring>,
): Promise<void> {
  const { arrivals, monitoringSaid, clock, log } = stages;
  // Each process says it of its own, so that the sum over all is the fleet.
  const said = [...all].map(([model, monitoring]): SaidOfModel => {
    return { model, monitoring, unmatched: arrivals.labelsOf(model)?.unmatched ?? null };
  });
  await count(stages, said);
  countByModel(stages.metrics, versioned(stages, all));
  for (const { model, monitoring } of await monitoringSaid.save(said, clock.now())) {
    if (monitoring.state !== 'CANNOT_JUDGE') continue;
    log.warn('nothing of a model is judged', { model, reason: monitoring.reason ?? '' });
  }
}

async function count(
  { metrics, book }: Pick<Stages, 'metrics' | 'book'>,
  said: readonly SaidOfModel[],
): Promise<void> {
  const counts = new Map<Monitoring['state'], number>(MONITORING_STATES.map((state) => [state, 0]));
  for (const { monitoring } of said) counts.set(monitoring.state, (counts.get(monitoring.state) ?? 0) + 1);
  const models = metrics.gauge('models', 'Registered models by how far they are monitored', [
    'state',
  ] as const);
  for (const [state, number] of counts) models.set({ state }, number);
  const unmatched = metrics.gauge('labels_unmatched', 'Labels of the last day that match no prediction.', [
    'model',
  ] as const);
  const turns = new Turns();
  for (const one of said) {
    await turns.next();
    if (one.unmatched !== null) unmatched.set({ model: one.model }, one.unmatched);
  }
  metrics
    .gauge(
      'rows_beyond_lateness_total',
      'Rows that came later than their model allows, so that their windows stay as they were judged',
    )
    .set(book.tooLate.all);
}

function versioned(
  { registry }: Pick<Stages, 'registry'>,
  all: ReadonlyMap<string, Monitoring>,
): readonly MonitoredModel[] {
  return [...all].map(([model, monitoring]) => {
    return { model, version: championOf(registry.find(model)?.versions ?? []) ?? '', monitoring };
  });
}

import type { MonitoringRun } from '../registry/monitoring-runs.js';
import type { Stages } from './stages.js';

/** A monitoring plan of a model and how far it is kept. */
export interface PlanStanding {
  readonly metrics: readonly string[];
  readonly responsible: string;
  readonly everyMs: number;
  readonly last: MonitoringRun | null;
  readonly dueAt: Date;
  readonly isOverdue: boolean;
}

/** Null where the model file has no plan. Before the first run it counts from when the model was registered. */
export function planStanding(
  { registry, monitoringRuns }: Pick<Stages, 'registry' | 'monitoringRuns'>,
  key: string,
  now: Date,
): PlanStanding | null {
  const registered = registry.find(key);
  const plan = registered?.model.monitoringPlan;
  if (!registered || !plan) return null;
  const last = monitoringRuns.of(key).at(-1) ?? null;
  const dueAt = new Date((last?.at ?? registered.registeredAt).getTime() + plan.every);
  const { metrics, every: everyMs, responsible } = plan;
  return { metrics, responsible: responsible ?? registered.model.owner, everyMs, last, dueAt, isOverdue: now > dueAt }; // prettier-ignore
}

import { FLEET_START, HOUR, timeOf } from './fleet-events.js';
import { parsed, type FleetModel } from './fleet-model.js';
import type { FleetRun } from './fleet-run.js';

const DAY = 86_400_000;

/** An incident that people were told of. */
export interface FleetIncident {
  readonly check: string;
  readonly feature: string | null;
  readonly statistic: string;
  readonly severity: string;
  readonly version: string;
  readonly summary: string;
  readonly model: { readonly key: string };
  readonly facts: { readonly onset: string; readonly foundAt: string };
  readonly caseId: string;
}

/** What a fleet has brought about so far. */
export interface FleetFindings {
  readonly incidents: readonly FleetIncident[];
  /** Cases of which people were told. */
  readonly told: number;
  /** Windows of the versions that answer, and ledger entries about windows. */
  readonly windows: number;
  readonly entries: number;
}

const INCIDENTS = `{ incidents(first: 200, filter: { severities: [WARNING, CRITICAL] }) { nodes {
  check feature statistic severity version summary model { key } facts { onset foundAt } caseId } }
  deliveries(first: 200) { caseId purpose state }
  auditEvents(first: 1, filter: { actions: ["window.evaluated"] }) { totalCount } }`;
interface Read {
  readonly incidents: { readonly nodes: readonly FleetIncident[] };
  readonly deliveries: readonly {
    readonly caseId: string | null;
    readonly purpose: string;
    readonly state: string;
  }[];
  readonly auditEvents: { readonly totalCount: number };
}

/** Reads them as anybody would, over GraphQL; at the end of a day. */
export async function findingsOf({ service, plan }: FleetRun, day: number): Promise<FleetFindings> {
  const { incidents, deliveries, auditEvents } = await service.query<Read>(INCIDENTS);
  const told = deliveries.filter(({ purpose }) => purpose.toLowerCase() === 'opened').length;
  const windows = plan.models.reduce(
    (sum, model) => sum + ((day - model.fromDay) * DAY) / parsed(model).window,
    0,
  );
  return { incidents: incidents.nodes, told, windows, entries: auditEvents.totalCount };
}

/** In how many windows with rows the fault of each broken model was found, in its own feature; null where it was not. */
export function delaysOf(
  { plan }: FleetRun,
  { incidents }: FleetFindings,
): ReadonlyMap<string, number | null> {
  return new Map(
    plan.models.flatMap((model) => {
      const broken = plan.broken[model.key];
      if (!broken) return [];
      const found = incidents
        .filter((one) => one.model.key === model.key && one.feature === model.kind.fault.feature)
        .map(({ facts }) => (Date.parse(facts.foundAt) - FLEET_START) / HOUR)
        .filter((hour) => hour > broken.from);
      const windows = found.length === 0 ? null : windowsWithRows(model, broken.from, Math.min(...found));
      return [[model.key, windows] as const];
    }),
  );
}

/** Windows of a model that end up to an hour and have rows: who is closed at night shows no fault before the morning. Hours count from the start of the run. */
function windowsWithRows(model: FleetModel, from: number, to: number): number {
  const width = parsed(model).window / HOUR;
  const starts = Array.from({ length: Math.ceil((to - from) / width) }, (_, i) => from + i * width);
  const hours = (start: number) =>
    Array.from({ length: Math.max(1, width) }, (_, i) => Math.floor(start) + i);
  return starts.filter((start) => hours(start).some((hour) => model.kind.volume(timeOf(hour)) > 0)).length;
}

import { extentText } from '../domain/incident-facts.js';
import { extraCostText } from '../domain/extra-cost.js';
import type { Incident, Severity } from '../domain/incident.js';
import { minuteText } from '../domain/wording.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { costOfIncident } from '../pipeline/incident-cost.js';
import { eventCounts } from '../ingest/landing/event-counts.js';
import type { Service } from '../service.js';
import { aucFromHistogram } from '../stats/auc.js';
import { FAULTS, isOfFault, type Fault } from './demo-faults.js';
import { LIVE_TO } from './demo-flights.js';
import { DEMO_MODEL, DEMO_VERSION, DEMO_WINDOW_MS } from './demo-reference.js';
import type { DemoTraining } from './demo-training.js';

/** What the demo tells at the end (contract section 6). */
export interface DemoReport {
  readonly url: string;
  readonly events: { readonly predictions: number; readonly labels: number; readonly deadLetters: number };
  readonly eventsPerSecond: number;
  readonly secondsToFirstIncident: number | null;
  readonly injected: readonly {
    feature: string;
    segment: string | null;
    kind: string;
    from: string;
    detectedAt: string | null;
  }[];
  readonly incidents: readonly {
    key: string;
    feature: string | null;
    segment: string | null;
    check: string;
    severity: Severity;
    /** The incident that accounts for it, of which people were told instead. */
    explainedBy: string | null;
    openedAt: string;
    foundAt: string;
    extent: string;
    /** What it has cost, in words; null where it cost no more, or the labels leave doubt. */
    cost: string | null;
    injected: boolean;
    summary: string;
  }[];
  readonly audit: { readonly entries: number; readonly valid: boolean };
  /** What became of the training that the demo asks for; absent where there was none. */
  readonly training?: DemoTraining;
  readonly performance: {
    readonly metric: 'auc';
    readonly baseline: number | null;
    readonly latest: number | null;
  };
}

/** What was measured while streaming. */
export interface DemoMeasures {
  readonly eventsPerSecond: number;
  readonly secondsToFirstIncident: number | null;
}

/** A person would be told: notices are not, nor is what another incident explains. */
export function isTold({ severity, explainedBy }: Pick<IncidentRecord, 'severity' | 'explainedBy'>): boolean {
  return severity !== 'info' && explainedBy === null;
}

/** The fault that an incident is about, if it is about one: by feature, and by when the change began. */
export function faultOf(incident: Incident): Fault | undefined {
  const began = incident.course.onset.getTime();
  return FAULTS.find(
    (fault) =>
      isOfFault(fault, incident) &&
      incident.course.foundAt.getTime() >= fault.from &&
      began >= fault.from - 2 * DEMO_WINDOW_MS &&
      began <= fault.to + 2 * DEMO_WINDOW_MS,
  );
}

export async function demoReport(service: Service, url: string, measures: DemoMeasures): Promise<DemoReport> {
  const all = service.incidents.list({ model: DEMO_MODEL }).toReversed();
  const told = all.filter(isTold);
  const { valid, entries } = await service.ledger.verify();
  const costs = await Promise.all(all.map(async (incident) => sureCost(service, incident)));
  return {
    url,
    events: await eventCounts(service.database, service.registry.load(DEMO_MODEL).model, {
      since: null,
      until: null,
    }),
    ...measures,
    injected: FAULTS.map((fault) => ({
      feature: fault.feature,
      segment: fault.segment,
      kind: fault.kind,
      from: new Date(fault.from).toISOString(),
      detectedAt: told.find((incident) => faultOf(incident) === fault)?.course.foundAt.toISOString() ?? null,
    })),
    incidents: all.map((incident, i) => ({
      key: incident.key,
      feature: incident.signal.feature,
      segment: incident.signal.segment === '' ? null : incident.signal.segment,
      check: incident.signal.check,
      severity: incident.severity,
      explainedBy: incident.explainedBy,
      openedAt: incident.openedAt.toISOString(),
      foundAt: incident.course.foundAt.toISOString(),
      extent: extentText(incident.signal.check, incident.course),
      cost: costs[i] ?? null,
      injected: faultOf(incident) !== undefined,
      summary: incident.summary,
    })),
    audit: { entries, valid },
    performance: await performance(service),
  };
}

async function sureCost({ stages }: Service, incident: IncidentRecord): Promise<string | null> {
  const cost = isTold(incident) ? await costOfIncident(stages, incident) : null;
  return cost && cost.low > 0 ? extraCostText(cost) : null;
}

/** Area under the ROC curve: the reference month against the last thirteen days of the version that answers. */
async function performance(service: Service): Promise<DemoReport['performance']> {
  const registered = service.registry.load(DEMO_MODEL);
  const champion = registered.versions.find(({ stage }) => stage === 'champion');
  const { baseline } = await service.stages.references.of(registered);
  const reference = baseline?.reference.performance;
  const width = 13 * 24 * 3_600_000;
  const span = {
    version: champion?.version ?? DEMO_VERSION,
    from: new Date(LIVE_TO - width),
    to: new Date(LIVE_TO),
    widthMs: width,
  };
  const [latest] = (await service.stages.profiles.windows(DEMO_MODEL, null, span)).values();
  const auc = (
    scores: { positiveScores: readonly number[]; negativeScores: readonly number[] } | undefined,
  ) =>
    scores && scores.positiveScores.length > 0
      ? Number(aucFromHistogram(scores.negativeScores, scores.positiveScores).auc.toFixed(4))
      : null;
  return { metric: 'auc', baseline: auc(reference), latest: auc(latest?.performance) };
}

/** Which promises of the demo were not kept: everything injected is found, nothing else is told, nothing is lost. */
export function keptPromises(
  report: DemoReport,
  sent: { predictions: number; labels: number } | null,
): string[] {
  const { events, injected, incidents, audit, training } = report;
  return [
    ...injected
      .filter((fault) => fault.detectedAt === null)
      .map((fault) => `the injected ${fault.kind} of ${fault.feature} was not found`),
    ...incidents
      .filter((incident) => !incident.injected && isTold(incident))
      .map(({ foundAt, summary }) => `nobody injected what was told on ${foundAt.slice(0, 10)}: ${summary}`),
    ...(training && !training.promoted
      ? [`the model that was trained again did not take over: ${training.reason ?? training.state}`]
      : []),
    ...(training && training.promoted && training.stillOpen > 0
      ? [`${training.stillOpen} incidents are open although their version is retired`]
      : []),
    ...(training && training.promoted && training.state !== 'PROVED'
      ? ['it was not shown that the training ended what it was asked for']
      : []),
    ...(audit.valid ? [] : ['the audit log does not verify']),
    ...(events.deadLetters === 0 ? [] : [`${events.deadLetters} events became dead letters`]),
    ...(sent && sent.predictions !== events.predictions
      ? [`${sent.predictions} predictions were sent, ${events.predictions} are stored`]
      : []),
    ...(sent && sent.labels !== events.labels
      ? [`${sent.labels} labels were sent, ${events.labels} are stored`]
      : []),
  ];
}

function trainingLine({ state, rows, version, reason, promoted, stillOpen }: DemoTraining): string {
  const became = promoted
    ? `it answers now, ${stillOpen} incidents of the old one are open`
    : 'it does not answer';
  return `trained again on ${rows} flights as ${version ?? 'nothing'} (${state.toLowerCase()}): ${reason ?? ''}; ${became}`;
}

/** The report for people. */
export function reportLines(report: DemoReport, directory: string): string[] {
  const { events, performance, audit } = report;
  const number = new Intl.NumberFormat('en');
  const line = (incident: DemoReport['incidents'][number]) => {
    const mark = incident.injected ? 'INJECTED' : 'real    ';
    const cost = incident.cost === null ? '' : `; ${incident.cost}`;
    return `  ${mark}  ${incident.foundAt.slice(0, 10)}  ${incident.severity.padEnd(8)}  ${incident.summary} (${incident.extent}${cost})`;
  };
  const told = report.incidents.filter(isTold).map(line);
  const noticed = report.incidents.filter((incident) => !isTold(incident)).map(line);
  return [
    '',
    `${number.format(events.predictions)} predictions and ${number.format(events.labels)} labels of real flights, ${number.format(Math.round(report.eventsPerSecond))} events a second over HTTP`,
    `model: AUC ${performance.baseline ?? '–'} on the reference month, ${performance.latest ?? '–'} on the last thirteen days`,
    '',
    `incidents (first one ${report.secondsToFirstIncident?.toFixed(0) ?? '–'} s after the start):`,
    ...told,
    '',
    `noticed, nobody was told (${noticed.length}):`,
    ...noticed.slice(0, 8),
    ...(noticed.length > 8 ? [`  … ${noticed.length - 8} more on the page`] : []),
    '',
    ...report.injected.map(
      (fault) =>
        `injected ${fault.kind} of ${fault.feature} from ${fault.from.slice(0, 10)}: ${fault.detectedAt ? `found in the window to ${minuteText(new Date(fault.detectedAt))}` : 'NOT FOUND'}`,
    ),
    ...(report.training ? [trainingLine(report.training)] : []),
    `audit log: ${number.format(audit.entries)} entries, ${audit.valid ? 'verified' : 'NOT VALID'}`,
    `data: ${directory}`,
  ];
}

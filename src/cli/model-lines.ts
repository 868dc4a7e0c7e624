import { durationText } from '../domain/duration.js';
import type { Monitoring } from '../domain/monitoring.js';
import { seriesText } from '../domain/monitoring-text.js';
import { manyText } from '../domain/wording.js';
import { utc } from './answer.js';
import { begunText } from './version-lines.js';

/** A model as GraphQL gives it, in a list. */
export interface ModelHead {
  readonly key: string;
  readonly task: string;
  readonly owner: string;
  readonly riskTier: string;
  readonly versions: readonly {
    readonly version: string;
    readonly stage: string;
    readonly firstSeenAt: string | null;
    readonly knownSince: string;
    readonly announcedBy: string | null;
  }[];
  readonly baseline: { readonly id: string; readonly pinnedAt: string; readonly rows: number } | null;
  readonly baselineProblem: string | null;
  readonly monitoring: Monitoring;
  readonly unsummed: string | null;
}

/** The same to whoever asks for one. */
export interface ModelDetail extends ModelHead {
  readonly name: string | null;
  readonly purpose: string | null;
  readonly undoneByFile: {
    readonly at: string;
    readonly seq: number;
    readonly what: readonly string[];
  } | null;
  readonly windowMs: number;
  readonly timezone: string;
  readonly registeredAt: string;
  readonly features: readonly {
    readonly name: string;
    readonly kind: string;
    readonly unit: string | null;
  }[];
  readonly counts: Readonly<Record<'predictions' | 'elsewhere' | 'labels' | 'deadLetters', number>>;
  readonly faults: readonly {
    readonly step: string;
    readonly version: string | null;
    readonly reason: string;
    readonly since: string;
  }[];
  readonly labelsUnmatched: number | null;
  readonly labelsDisputed: number | null;
  readonly labelsMisspelt: string | null;
  readonly eventTimeShift: string | null;
  readonly beyondLateness: number;
  readonly incidents: readonly {
    readonly id: string;
    readonly severity: string;
    readonly headline: string;
  }[];
}

/** The fields of `ModelHead`. */
export const HEAD = `key task owner riskTier versions { version stage firstSeenAt knownSince announcedBy } baseline { id pinnedAt rows } baselineProblem monitoring { state reason windowsLearnt windowsNeeded armed learning tooFewWindows uncalibratable expectedFalseAlerts heldAgainst labels } unsummed`;
/** What `ModelDetail` has beside them. */
export const DETAIL = `name purpose undoneByFile { at seq what } windowMs timezone registeredAt features { name kind unit }
    counts { predictions elsewhere labels deadLetters } faults { step version reason since } labelsUnmatched labelsDisputed labelsMisspelt eventTimeShift beyondLateness
    incidents(states: [OPEN, ACKNOWLEDGED, RECOVERING]) { id severity headline summary }`;

/** What a model is held against, or why it is not. Pure. */
export function referenceOf({ baseline, baselineProblem, monitoring }: ModelHead): string {
  if (baseline) return `${baseline.rows} rows, pinned ${utc(baseline.pinnedAt)}`;
  if (baselineProblem !== null) return `problem: ${baselineProblem}`;
  return monitoring.state === 'LEARNING' ? 'learning' : 'none yet';
}

/** What there is to say of a model, a line each. Pure. */
export function modelLines(model: ModelDetail): readonly string[] {
  const versions = model.versions.map((one) => `  ${one.version} (${one.stage.toLowerCase()}) ${sinceText(one)}`);
  const features = model.features.map(({ name, kind, unit }) => `  ${name}: ${kind}${unit === null ? '' : `, ${unit}`}`);
  const incidents = model.incidents.map(({ severity, headline, id }) => `  ${severity.toLowerCase()}: ${headline} (${id})`);
  const undone = model.undoneByFile;
  return [
    ...factsOf(model).map(([name, value]) => `${`${name}:`.padEnd(12)} ${value}`),
    ...(undone && undone.what.length > 0 ? [`taken back by its file at the start of ${undone.at} (entry ${undone.seq}):`, ...undone.what.map((one) => `  ${one}`)] : []),
    `versions:${versions.length === 0 ? '    none seen' : ''}`,
    ...versions,
    `features:${features.length === 0 ? '    found in the first events' : ''}`,
    ...features,
    `incidents:${incidents.length === 0 ? '   none open' : ''}`,
    ...incidents,
  ];
} // prettier-ignore

type Fact = readonly [name: string, value: string];

function factsOf(model: ModelDetail): readonly Fact[] {
  const { counts, monitoring } = model;
  const elsewhere = counts.elsewhere > 0 ? `; ${manyText(counts.elsewhere, 'prediction')} of other environments, neither judged nor counted` : '';
  return [
    ['model', model.name === null ? model.key : `${model.key} (${model.name})`],
    ['task', model.task.toLowerCase()],
    ['owner', model.owner],
    ['purpose', model.purpose ?? '—'],
    ['risk', model.riskTier.toLowerCase()],
    ['windows', `${durationText(model.windowMs)} in ${model.timezone}`],
    ['registered', utc(model.registeredAt)],
    ['reference', referenceOf(model)],
    ...known('held against', monitoring.heldAgainst),
    ...known('not summed yet', model.unsummed),
    ['monitoring', monitoringText(monitoring)],
    ...model.faults.map(({ step, version, reason, since }): Fact => ['fault', `${step}${version === null ? '' : ` of version ${version}`} fails since ${utc(since)}: ${reason}`]),
    ['labels', monitoring.labels ?? (counts.labels === 0 ? 'none has come yet' : 'not looked at yet')],
    ...oddities(model),
    ['events', `${manyText(counts.predictions, 'prediction')}, ${manyText(counts.labels, 'label')}, ${manyText(counts.deadLetters, 'dead letter')}${elsewhere}`],
  ];
} // prettier-ignore

/** What is odd about events as they come in. */
function oddities({ labelsUnmatched, labelsDisputed, labelsMisspelt, eventTimeShift, beyondLateness }: ModelDetail): readonly Fact[] {
  return [
    ...known('unmatched', labelsUnmatched ? `${labelsUnmatched} labels of the last day name no prediction` : null),
    ...known('disputed', labelsDisputed ? `of ${labelsDisputed} predictions of the last day two sources say different things; the newest label counts` : null),
    ...known('misspelt', labelsMisspelt),
    ...known('event times', eventTimeShift),
    ...known('too late', beyondLateness > 0 ? `${beyondLateness} rows came later than the model allows since the process that judges it began: kept, not judged` : null),
  ];
} // prettier-ignore

function known(name: string, value: string | null): readonly Fact[] {
  return value === null ? [] : [[name, value]];
}

function monitoringText(monitoring: Monitoring): string {
  const { state, reason } = monitoring;
  return `${state.toLowerCase().replaceAll('_', ' ')}${reason === null ? '' : `: ${reason}`} (${seriesText(monitoring)})`;
}

function sinceText(one: ModelHead['versions'][number]): string {
  return one.firstSeenAt === null ? `${begunText(one)}, no row yet` : `since ${utc(one.firstSeenAt)}`;
}

import type { BaselineNotes } from '../domain/baseline.js';
import { durationText } from '../domain/duration.js';
import { ANSWERING, riskTier } from '../domain/model.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { ModelFault } from '../pipeline/model-faults.js';
import type { LabelArrival } from '../profiles/arrivals.js';
import type { Monitoring } from '../domain/monitoring.js';
import { seriesText } from '../domain/monitoring-text.js';
import { heldInForce, type RegisteredModel } from '../registry/registry.js';
import { type Chart, chartFigure } from './chart.js';
import { byUrgency, type FeatureStanding } from './feature-rank.js';
import { effectText, statisticText, valueText } from '../domain/statistic-text.js';
import { countText, minuteText, numberText, percentText, utcText, words } from '../domain/wording.js';
import type { KnownChange } from '../windows/changed-windows.js';
import { changedOfModel } from './changed-section.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { judgedSection } from './judged-section.js';
import { incidentTable, regionsOf } from './incident-table.js';
import type { PageContent } from './layout.js';
import { slowSection } from './slow-section.js';
import { deployments, performanceSection, serviceSection } from './performance-section.js';
import type { SlowCalls } from '../pipeline/slow-calls.js';
import type { ExpectationStanding } from '../pipeline/expectations.js';
import type { JudgedSegment } from '../pipeline/judged-metrics.js';
import type { ServicePoint } from '../pipeline/service-points.js';
import type { MetricSeries } from '../pipeline/performance.js';
import { comparisonPath, featurePath, modelPath, retrainingsOfPath, slicesPath } from './links.js';
import type { ConfusionTable } from '../pipeline/confusion.js';
import { confusionSection } from './confusion-section.js';
import { heatMap } from './heat-map.js';
import type { HeatCell, ResultPoint, SegmentResult, WindowPoint } from './model.reads.js';
import { expectationSection } from './expectation-section.js';
import { nothingJudged } from './nothing-judged.js';
import { numbersNow } from './numbers-now.js';
import { openOf, saidNow } from './said-now.js';
import { segmentSection } from './segment-section.js';
import { modelState, standingState, noReference, versionState } from './state.js';
import { type View, viewTools } from './view-options.js';

export interface ModelPage {
  readonly registered: RegisteredModel;
  readonly view: View;
  readonly windows: readonly WindowPoint[];
  /** End of the newest judged window of the version, whatever the range, epoch ms; null before the first. */
  readonly judgedTo: number | null;
  /** Since when no row has come, epoch ms; null while the stream has not stopped. */
  readonly silentSince: number | null;
  readonly standings: readonly FeatureStanding[];
  /** Performance and concept drift. */
  readonly results: readonly ResultPoint[];
  /** Every metric with its interval, by labels. */
  readonly metrics: readonly MetricSeries[];
  /** Null of a regression. */
  readonly confusion: ConfusionTable | null;
  readonly service: readonly ServicePoint[];
  readonly segments: readonly JudgedSegment[];
  readonly ofSegments: readonly SegmentResult[];
  readonly expectations: readonly ExpectationStanding[];
  /** Null where no call failed or says how long it took. */
  readonly slow: SlowCalls | null;
  /** What other versions did, on the metrics that are drawn. */
  readonly others: readonly MetricSeries[];
  readonly heat: readonly HeatCell[];
  /** Of the rows as a whole, the newest of each: volume, freshness, rules, many features together. */
  readonly whole: readonly ResultPoint[];
  readonly incidents: readonly IncidentRecord[];
  /** Its judged windows that were changed in the store and nobody looked into. */
  readonly changes: readonly KnownChange[];
  readonly problem: string | null;
  /** How the reference was read, and what of it is not watched. */
  readonly notes: BaselineNotes;
  /** Steps that fail for this model. */
  readonly faults: readonly ModelFault[];
  readonly monitoring: Monitoring;
  /** Rows later than the model allows. */
  readonly beyondLateness: number;
  readonly unsummed: string | null;
  /** Labels of the last day that match no prediction; null until that was looked at. */
  readonly labels: LabelArrival | null;
  /** That labels say the positive class in another spelling; null where they do not. */
  readonly misspelt: string | null;
  /** Rows of environments that are not the model's; null where there are none. */
  readonly elsewhere: string | null;
  /** Where event times are off by a time zone. */
  readonly shift: string | null;
  /** Who answers for it, where its data has to stay, how people watch it. */
  readonly governance: readonly (readonly [name: string, text: string])[];
}

const faultText = ({ step, version, reason, since }: ModelFault) =>
  `${step}${version === null ? '' : ` of version ${version}`} fails since ${utcText(since)}: ${reason}`;

function monitoringText(monitoring: Monitoring): string {
  const { state, reason } = monitoring;
  return `${words(state)}${reason === null ? '' : `: ${reason}`} (${seriesText(monitoring)})`;
}

function versionLinks(model: string, versions: RegisteredModel['versions']): Html | string {
  if (versions.length === 0) return 'none seen';
  return html`${versions.map(({ version, stage, firstSeenAt }, i) => html`${i > 0 && ', '}<a href="${comparisonPath(model, version)}">${version}</a> (${stage}${firstSeenAt === null && ', no row yet'})`)}`;
} // prettier-ignore

function facts({
  registered,
  problem,
  faults,
  notes,
  judgedTo,
  monitoring,
  beyondLateness,
  unsummed,
  labels,
  misspelt,
  elsewhere,
  shift,
  governance,
}: ModelPage): Html {
  const { model, versions } = registered;
  // A version that took over may have a reference of its own.
  const { baseline } = heldInForce(registered);
  const list: readonly (readonly [string, Html | string])[] = [
    ['Task', model.positive === undefined ? model.task : `${model.task}, positive: ${model.positive}`],
    ['Owner', model.owner],
    ['Risk tier', riskTier(model.risk).toLowerCase()],
    ...governance,
    ['Window', `${durationText(model.window)}, ${model.timezone}`],
    ['Versions', versionLinks(model.key, versions)],
    ['Labels expected within', durationText(model.labels.expectedWithin)],
    ['Newest window', judgedTo === null ? 'none yet' : `to ${minuteText(new Date(judgedTo))}`],
    ['Baseline', baseline ? `${countText(baseline.rows)} rows, frozen ${minuteText(baseline.pinnedAt)}` : noReference(model, problem)],
    ...notes.remarks.map((remark) => ['Of the reference', remark] as const),
    ...notes.unwatched.map(({ name: feature, reason }) => ['Not watched', `${JSON.stringify(feature)}: ${reason}`] as const),
    ...(unsummed === null ? [] : [['Not summed yet', unsummed] as const]),
    ['Monitoring', monitoringText(monitoring)],
    ['Held against', monitoring.heldAgainst ?? '–'],
    ...(monitoring.labels === null ? [] : [['Labels', monitoring.labels] as const]),
    ...(beyondLateness > 0 ? [['Too late', `${countText(beyondLateness)} rows came later than ${durationText(model.lateness)} since the process that judges it began: kept, not judged`] as const] : []),
    ...(labels === null ? [['Labels without prediction', 'counted by the day from the second look on, ten minutes after the start'] as const] : []),
    ...(labels && labels.unmatched > 0 ? [['Labels without prediction', `${countText(labels.unmatched)} of ${countText(labels.labels)} of the last day`] as const] : []),
    ...(misspelt === null ? [] : [['Labels in another spelling', misspelt] as const]),
    ...(elsewhere === null ? [] : [['Other environments', elsewhere] as const]),
    ...(labels && labels.disputed > 0 ? [['Labels that disagree', `of ${countText(labels.disputed)} predictions of the last day two sources say different things; the newest label counts`] as const] : []),
    ...(shift === null ? [] : [['Event times', shift] as const]),
    ...faults.map((fault) => ['Cannot judge', faultText(fault)] as const),
    ['Training', html`<a href="${retrainingsOfPath(model.key)}">asked for, put off and refused</a>`],
    ['Fingerprint', baseline ? html`<span class="mono" title="${baseline.fingerprint}">${baseline.fingerprint.slice(0, 16)}…</span>` : '–'],
  ]; // prettier-ignore
  return html`<dl class="facts">
    ${list.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function charts({ windows, incidents }: ModelPage): Html {
  const shared = {
    times: windows.map(({ from }) => new Date(from)),
    regions: regionsOf(incidents),
    span: spanOf(windows),
  };
  const volume: Chart = {
    ...shared,
    title: 'Volume',
    note: 'predictions a window, and those with ground truth',
    series: [
      { name: 'predictions', values: windows.map(({ predictions }) => predictions) },
      { name: 'labelled', values: windows.map(({ labelled }) => labelled) },
    ],
    zero: true,
  };
  const evidence: Chart = {
    ...shared,
    title: 'Evidence',
    note: 'strongest of all series; an alert is declared at 1 (dashed)',
    series: [{ name: 'evidence', values: windows.map((window) => window.evidence) }],
    scale: 'log',
    threshold: 1,
  };
  return html`${chartFigure(volume)}${chartFigure(evidence)}`;
}

function spanOf(windows: readonly WindowPoint[]): Chart['span'] {
  const [first, last] = [windows[0], windows.at(-1)];
  return first && last ? [new Date(first.from), new Date(last.from)] : null;
}

function featureRow(
  model: string,
  { feature, leading, psi, nulls }: FeatureStanding,
  incidents: readonly IncidentRecord[],
): Html {
  return html`<tr>
    <th scope="row"><a href="${featurePath(model, feature)}">${feature}</a></th>
    <td>
      ${standingState(
        leading.state,
        incidents.filter(({ signal, state }) => state !== 'CLOSED' && signal.feature === feature),
      )}
    </td>
    <td>${words(leading.check)} <span class="hint">${statisticText(leading.statistic)}</span></td>
    <td class="number">${numberText(leading.evidence)}</td>
    <td class="number">${numbersNow(leading, feature, incidents).effect}</td>
    <td class="number">${numberText(psi)}</td>
    <td class="number">${percentText(nulls)}</td>
    <td class="wide">${saidNow(leading, feature, incidents)}</td>
  </tr>`;
}

function featureTable({ standings, registered, ...page }: ModelPage): Html {
  const newest = standings[0];
  if (!newest) return nothingJudged(page.judgedTo, page.view);
  const incidents = ofVersion(page);
  return dataTable(
    html`<th>Feature</th>
      <th>State</th>
      <th>Leading check</th>
      <th class="number" title="an alert is declared at 1">Evidence</th>
      <th class="number" title="signed, in the statistic's own unit">Effect</th>
      <th class="number">PSI</th>
      <th class="number">Nulls</th>
      <th>What it looks like</th>`,
    standings.map((standing) => featureRow(registered.model.key, standing, incidents)),
    { caption: html`Window from ${minuteText(new Date(newest.leading.from))}, the loudest first` },
  );
}

function ofVersion({ incidents, view }: Pick<ModelPage, 'incidents' | 'view'>): readonly IncidentRecord[] {
  return incidents.filter(({ signal }) => signal.version === view.version);
}

/** Rows of a table that somebody reads. */
const MOST_SHOWN = 30;

function wholeTable({ whole, ...page }: ModelPage): Html {
  if (whole.length === 0) return nothingJudged(page.judgedTo, page.view);
  const incidents = ofVersion(page);
  const rows = [...whole]
    .sort(byUrgency)
    .slice(0, MOST_SHOWN)
    .map((one) => html`<tr><th scope="row">${words(one.check)}</th><td>${statisticText(one.statistic)}</td><td>${standingState(one.state, openOf(one, null, incidents))}</td><td class="number">${valueText(one.check, one.statistic, one.value)}</td><td class="number">${numberText(one.evidence)}</td><td class="number">${effectText(one.check, one.statistic, one.effect)}</td><td class="number">${countText(one.n)}</td><td class="wide">${saidNow(one, null, incidents)}</td></tr>`); // prettier-ignore
  const more = whole.length - rows.length;
  return dataTable(
    html`<th>Check</th>
      <th>Statistic or rule</th>
      <th>State</th>
      <th class="number">Value</th>
      <th class="number" title="an alert is declared at 1">Evidence</th>
      <th class="number" title="signed, in the statistic's own unit">Effect</th>
      <th class="number">n</th>
      <th>What it looks like</th>`,
    rows,
    {
      caption: html`The newest of each, the loudest
      first${more > 0 && html`; ${countText(more)} more are quieter`}`,
    },
  );
}

/** How the model stands, or the version on trial that is looked at. */
function headState({ registered: { versions }, view, incidents, monitoring, metrics, silentSince }: ModelPage): Html {
  const shown = versions.find(({ version }) => version === view.version);
  if (shown && !ANSWERING.has(shown.stage)) {
    const isLabelled = metrics.some(({ basis, points }) => basis === 'REALISED' && points.some(({ value }) => value !== null));
    return versionState(shown.stage, isLabelled);
  }
  return modelState(incidents.filter(({ state }) => state !== 'CLOSED'), monitoring, silentSince);
} // prettier-ignore

/** One model: how it stands, what moved, how well it does. */
export function modelPage(page: ModelPage): PageContent {
  const { registered, view, incidents } = page;
  const { key, name, purpose } = registered.model;
  const onTime = {
    regions: regionsOf(incidents.filter(({ signal }) => signal.feature === null)),
    span: spanOf(page.windows),
  };
  const body = html`<p class="crumbs"><a href="/">Fleet</a> / ${key}</p>
    <h1>${name ?? key} ${headState(page)}</h1>
    ${purpose && html`<p class="lead">${purpose}</p>`}
    ${changedOfModel(page.changes)}
    <section class="panel">${facts(page)}</section>
    ${viewTools(view, modelPath(key))}
    <section class="panel"><h2>Windows</h2>${charts(page)}</section>
    <section class="panel"><h2>Features and outputs</h2>${featureTable(page)}</section>
    <section class="panel"><h2>Features by window</h2>${heatMap(registered.model.key, page.heat, page.windows.length)}</section>
    <section class="panel"><h2>Rows as a whole</h2>${wholeTable(page)}</section>
    <section class="panel"><h2>How well it does</h2>${performanceSection(page.metrics, page.others, { ...onTime, marks: deployments(registered.versions), currency: registered.model.costs?.currency })}</section>
    ${page.confusion && html`<section class="panel"><h2>Confusion matrix</h2>${confusionSection(page.confusion)}</section>`}
    <section class="panel"><h2>Performance, as it is judged</h2>${judgedSection(page.results, { ...onTime, labels: page.monitoring.labels, incidents: ofVersion(page), currency: registered.model.costs?.currency })}</section>
    <section class="panel"><h2>Expectations</h2>${expectationSection(page.expectations)}</section>
    <section class="panel"><h2>Segments</h2>${page.windows.length === 0 && page.segments.length === 0 ? nothingJudged(page.judgedTo, view) : segmentSection(page.segments, page.ofSegments, registered.model, ofVersion(page))}<p class="hint"><a href="${slicesPath(registered.model.key)}">Weak slices</a>: parts of the rows that nobody named and that are answered badly.</p></section>
    <section class="panel"><h2>Service</h2>${serviceSection(page.service, { regions: [], span: spanOf(page.windows), errorRate: registered.model.service.errorRate })}${page.slow && slowSection(page.slow)}</section>
    <section class="panel"><h2>Incidents</h2>${incidentTable(incidents.slice(0, 50), 'None so far.')}</section>`; // prettier-ignore
  return { title: name ?? key, section: 'fleet', body, charts: true };
}

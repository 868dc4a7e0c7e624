import { isDrift } from '../domain/check-result.js';
import { headlineOf, windowWords } from '../domain/incident-headline.js';
import { worstOf } from '../domain/incident.js';
import { OPEN_DOMAIN, type FeatureBaseline } from '../domain/baseline.js';
import type { Feature } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { chartFigure } from './chart.js';
import { byUrgency } from './feature-rank.js';
import { statisticText } from '../domain/statistic-text.js';
import { countText, minuteText, numberText, percentText, words } from '../domain/wording.js';
import { distributionBars } from './distribution.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { incidentTable, regionsOf } from './incident-table.js';
import type { PageContent } from './layout.js';
import { featurePath, modelLink } from './links.js';
import type { ResultPoint } from './model.reads.js';
import { numbersNow } from './numbers-now.js';
import { openOf } from './said-now.js';
import { standingState } from './state.js';
import { type View, viewTools } from './view-options.js';

export interface FeaturePage {
  readonly name: string;
  readonly described: Feature | undefined;
  readonly view: View;
  readonly baseline: FeatureBaseline | null;
  readonly reference: FeatureProfile | null;
  /** The stretch of time that is held against the reference. */
  readonly current: { readonly profile: FeatureProfile; readonly from: Date; readonly to: Date } | null;
  readonly results: readonly ResultPoint[];
  /** Of this feature, newest first. */
  readonly incidents: readonly IncidentRecord[];
}

function distribution({ baseline, reference, current }: FeaturePage): Html {
  if (!baseline || !reference) return html`<p class="empty">There is no reference yet.</p>`;
  const span = current
    ? html`<p class="hint">
        Current: ${minuteText(current.from)} to ${minuteText(current.to)}, ${countText(current.profile.n)}
        values. Reference: ${countText(reference.n)} values.
      </p>`
    : html`<p class="hint">
        No values in the windows of this range. Reference: ${countText(reference.n)} values.
      </p>`;
  return html`${span}${distributionBars(baseline, reference, current?.profile ?? null)}`;
}

interface Line {
  readonly title: string;
  readonly note: string;
  readonly pick: (result: ResultPoint) => boolean;
  readonly value: (result: ResultPoint) => number | null;
  readonly scale?: 'log';
  readonly threshold?: number;
  readonly zero?: true;
}

const LINES: readonly Line[] = [
  { title: 'PSI', note: 'population stability index against the reference; informs, never alerts', pick: (one) => isDrift(one.check) && one.statistic === 'psi', value: (one) => one.value, zero: true },
  { title: 'Evidence', note: 'strongest of this feature; an alert is declared at 1 (dashed)', pick: (one) => one.evidence !== null, value: (one) => one.evidence, scale: 'log', threshold: 1 },
  { title: 'Location', note: 'shift against what the season expects, in reference standard deviations', pick: (one) => isDrift(one.check) && one.statistic === 'location', value: (one) => one.effect ?? one.value },
  { title: 'Nulls', note: 'share of rows', pick: (one) => one.check === 'null_rate', value: (one) => one.value, zero: true },
  { title: 'New categories', note: 'share of values never seen in the reference', pick: (one) => one.check === 'new_category', value: (one) => one.value, zero: true },
]; // prettier-ignore

/** One value a window: the largest where a line gathers several results. */
function figure(line: Line, page: FeaturePage): Html | null {
  const byWindow = new Map<number, number | null>();
  for (const result of page.results.filter(line.pick)) {
    const [known, value] = [byWindow.get(result.from) ?? null, line.value(result)];
    byWindow.set(result.from, known === null || (value !== null && value > known) ? value : known);
  }
  if (byWindow.size === 0) return null;
  const values = [...byWindow.values()];
  if (line.zero && values.every((value) => value === 0 || value === null))
    return html`<p class="hint"><strong>${line.title}</strong>: none in this range.</p>`;
  const ends = [page.results[0], page.results.at(-1)].flatMap((one) => (one ? [new Date(one.from)] : []));
  return chartFigure({
    ...line,
    times: [...byWindow.keys()].map((from) => new Date(from)),
    series: [{ name: line.title, values }],
    regions: regionsOf(page.incidents),
    span: ends[0] && ends[1] ? [ends[0], ends[1]] : null,
  });
}

function quality({ baseline, reference, current }: FeaturePage): Html {
  const share = (profile: FeatureProfile | null | undefined, count: (one: FeatureProfile) => number) =>
    profile && profile.rows > 0 ? percentText(count(profile) / profile.rows) : '–';
  const row = (name: string, count: (one: FeatureProfile) => number) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="number">${share(reference, count)}</td>
      <td class="number">${share(current?.profile, count)}</td>
    </tr>`;
  const range = (profile: FeatureProfile | null | undefined) =>
    profile?.kind === 'numeric' && profile.n > 0
      ? `${numberText(profile.min)} … ${numberText(profile.max)}`
      : '–';
  const numeric =
    reference?.kind === 'numeric' &&
    html`<tr>
      <th scope="row">Range</th>
      <td class="number">${range(reference)}</td>
      <td class="number">${range(current?.profile)}</td>
    </tr>`;
  const fresh =
    baseline?.kind === 'categorical' &&
    baseline.unseenMass < OPEN_DOMAIN &&
    row('Never seen before', (one) => (one.kind === 'categorical' ? one.fresh : 0));
  return html`<table>
    <thead><tr><th></th><th class="number">Reference</th><th class="number">Current</th></tr></thead>
    <tbody>
      ${row('Null', (one) => one.nulls)}${row('Missing', (one) => one.missing)}${row('Of another type', (one) => one.mistyped)}${fresh}${numeric}
    </tbody>
  </table>`; // prettier-ignore
}

function newestTable({ results, incidents, name }: FeaturePage): Html {
  const newest = results.at(-1)?.from;
  const rows = results
    .filter(({ from }) => from === newest)
    .sort(byUrgency)
    .map((one) => ({ one, said: numbersNow(one, name, incidents) }))
    .map(({ one, said }) => html`<tr><td>${words(one.check)}</td><td>${statisticText(one.statistic)}</td><td>${standingState(one.state, openOf(one, name, incidents))}</td><td class="number">${said.value}</td><td class="number">${numberText(one.evidence)}</td><td class="number">${said.effect}</td><td class="number">${countText(one.n)}</td></tr>`); // prettier-ignore
  return dataTable(
    html`<th>Check</th>
      <th>Statistic</th>
      <th>State</th>
      <th class="number">Value</th>
      <th class="number">Evidence</th>
      <th class="number">Effect</th>
      <th class="number">n</th>`,
    rows,
  );
}

/** The gravest that is open, of several the newest; what a feature is said to be, and since when. */
export function gravestOpen(incidents: readonly IncidentRecord[]): IncidentRecord | undefined {
  const open = incidents.filter(({ state }) => state !== 'CLOSED');
  return open.find(({ severity }) => severity === worstOf(open));
}

/** One feature: what it looked like, what it looks like now, and since when. */
export function featurePage(page: FeaturePage): PageContent {
  const { name, view, results, incidents, described } = page;
  const newest = results.filter(({ from }) => from === results.at(-1)?.from).sort(byUrgency)[0];
  const open = gravestOpen(incidents);
  const said = open ? headlineOf(open) : newest?.explanation;
  const inWindow = open && windowWords(open);
  const kind = [page.baseline?.kind ?? described?.type, described?.unit].filter(Boolean).join(', ');
  const body = html`<p class="crumbs"><a href="/">Fleet</a> / ${modelLink(view.model)} / ${name}</p>
    <h1>${name} ${standingState(newest?.state ?? null, incidents.filter(({ state }) => state !== 'CLOSED'))}</h1>
    <p class="lead">${kind}${described?.description && html` · ${described.description}`}</p>
    ${said && html`<p><strong>${said}</strong>${open && html`, since ${minuteText(open.course.onset)}`}</p>`}
    ${inWindow && html`<p class="hint">${inWindow}</p>`}
    ${viewTools(view, featurePath(view.model, name))}
    <div class="grid">
      <section class="panel"><h2>Reference against current</h2>${distribution(page)}</section>
      <section class="panel"><h2>Quality</h2>${quality(page)}</section>
    </div>
    <section class="panel" id="drift"><h2>Over time</h2>${results.length > 0 ? LINES.map((line) => figure(line, page)) : html`<p class="empty">No window was judged in this range.</p>`}</section>
    <section class="panel"><h2>Incidents</h2>${incidentTable(incidents.slice(0, 50), 'None so far.')}</section>
    <section class="panel"><h2>Newest window</h2>${newestTable(page)}</section>`; // prettier-ignore
  return { title: `${name} of ${view.model}`, section: 'fleet', body, charts: true };
}

import { effectText, valueText } from '../domain/statistic-text.js';
import { countText, minuteText, words } from '../domain/wording.js';
import { type Chart, chartFigure } from './chart.js';
import { dataTable } from './data-table.js';
import type { CheckName } from '../domain/check-result.js';
import type { Incident } from '../domain/incident.js';
import { html, type Html } from './html.js';
import { metricTitle } from './metric-title.js';
import type { ResultPoint } from './model.reads.js';
import { standingState } from './state.js';

/** Metrics that most people ask for first; the rest follows by name. */
const FIRST = ['error_rate', 'mean_absolute_error', 'auc', 'accuracy'];

interface Shared extends Pick<Chart, 'regions' | 'span'> {
  readonly currency?: string | undefined;
  /** Up to where labels are judged, and what waits; null before the first. */
  readonly labels: string | null;
  /** Of the version that is shown. */
  readonly incidents: readonly Incident[];
}

const JUDGED: readonly CheckName[] = ['performance', 'concept_drift'];

/** Performance and concept drift as they are judged: the first three over time, and the newest of each. */
export function judgedSection(
  results: readonly ResultPoint[],
  { currency, labels, incidents, ...shared }: Shared,
): Html {
  const points = results.filter(({ check }) => JUDGED.includes(check));
  const names = [...new Set(points.map(({ statistic }) => statistic))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  const known = names.filter((name) =>
    points.some((point) => point.statistic === name && point.value !== null),
  );
  if (known.length === 0)
    return html`<p class="empty">
      No window of this range is judged by its labels${labels && `: ${labels}`}.
    </p>`;
  // They are measures of the same answers: an incident of one is no matter of that one alone.
  const open = incidents.filter(
    ({ state, signal }) =>
      state !== 'CLOSED' && signal.feature === null && signal.segment === '' && JUDGED.includes(signal.check),
  );
  const figures = known.slice(0, 3).map((name) => metricFigure(name, points, shared));
  const rows = known.map((name) => {
    const newest = points.findLast((point) => point.statistic === name && point.value !== null);
    return (
      newest &&
      html`<tr>
        <th scope="row">${metricTitle(name, currency)}</th>
        <td>${standingState(newest.state, open)}</td>
        <td class="number">${valueText(newest.check, name, newest.value)}</td>
        <td class="number">${effectText(newest.check, name, newest.effect)}</td>
        <td class="number">${countText(newest.n)}</td>
        <td class="when">${minuteText(new Date(newest.from))}</td>
      </tr>`
    );
  });
  return html`<div class="grid">${figures}</div>
    ${dataTable(html`<th>Metric</th><th>State</th><th class="number">Value</th><th class="number" title="against the reference">Change</th><th class="number">Labels</th><th>Window from</th>`, rows, { caption: html`Newest window that was judged by its labels, by metric` })}`; // prettier-ignore
}

function rank(statistic: string): number {
  const place = FIRST.indexOf(statistic);
  return place === -1 ? FIRST.length : place;
}

function metricFigure(
  name: string,
  points: readonly ResultPoint[],
  shared: Pick<Chart, 'regions' | 'span'>,
): Html {
  const own = points.filter(({ statistic }) => statistic === name);
  return chartFigure({
    ...shared,
    title: words(name),
    note: 'by time of prediction, as labels came',
    times: own.map(({ from }) => new Date(from)),
    series: [{ name: words(name), values: own.map(({ value }) => value) }],
  });
}

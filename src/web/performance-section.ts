import { leastBroken } from '../checks/promised-share.js';
import { MATURE_SHARE, newestMature } from '../domain/newest-mature.js';
import { numberText, percentText, minuteText, countText, intervalText, words } from '../domain/wording.js';
import type { ServicePoint } from '../pipeline/service-points.js';
import type { MetricSeries } from '../pipeline/performance.js';
import { answeredSince } from '../registry/answering.js';
import type { ModelVersion } from '../registry/registry.js';
import { chartFigure, type Chart, type Mark } from './chart.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { metricTitle } from './metric-title.js';

/** How a version was served: how long calls took, and how many failed by which code. */
export function serviceSection(
  points: readonly ServicePoint[],
  { errorRate, ...shared }: Pick<Chart, 'regions' | 'span'> & { readonly errorRate?: number | undefined },
): Html {
  const newest = points.at(-1);
  if (!newest) return html`<p class="empty">No call in this range.</p>`;
  const times = points.map(({ from }) => new Date(from));
  const of = (part: 'p50Ms' | 'p95Ms' | 'p99Ms' | 'failureRate') => points.map((point) => point[part]);
  const latency: Chart = {
    ...shared,
    title: 'Latency',
    note: `milliseconds, each quantile within ${percentText(newest.relativeError)}`,
    times,
    series: [
      { name: 'p95', values: of('p95Ms') },
      { name: 'p50', values: of('p50Ms') },
      { name: 'p99', values: of('p99Ms') },
    ],
    zero: true,
  };
  const failures: Chart = { ...shared, title: 'Failed calls', note: 'part of all calls', times, series: [{ name: 'failed', values: of('failureRate') }], zero: true };
  const isTimed = points.some(({ p50Ms }) => p50Ms !== null);
  const codes = newest.codes.map(({ code, calls }) => `${code}: ${countText(calls)}`).join(', ');
  return html`<div class="grid">${isTimed && chartFigure(latency)}${chartFigure(failures)}</div>
    <p class="hint">Newest window: ${countText(newest.calls)} calls, ${countText(newest.failed)} failed${codes && ` (${codes})`}${isTimed ? '' : '; no call says how long it took (latency_ms)'}.${errorRate !== undefined && targetText(errorRate, newest)}</p>`;
} // prettier-ignore

/** Why a window beyond its target may be OK: of few calls chance makes many failures. */
function targetText(errorRate: number, { calls, failed }: ServicePoint): string {
  const least = leastBroken(calls, errorRate);
  const from = least === null ? 'so few calls cannot show more' : `of ${countText(calls)} calls that is from ${countText(least)} failed ones on`;
  const isAbove = failed > errorRate * calls && failed < (least ?? Infinity);
  return ` The target allows ${percentText(errorRate)}; a window is beyond it where chance would do that once in a million: ${from}${isAbove ? ', so this one is above the target and told by nobody' : ''}.`;
} // prettier-ignore

/** Metrics drawn; all are in the table. */
export const DRAWN: readonly string[] = ['accuracy', 'auc', 'macro_auc', 'precision', 'recall', 'f1', 'macro_f1', 'log_loss', 'brier', 'mean_absolute_error', 'root_mean_squared_error', 'bias', 'r_squared', 'cost', 'estimation_gap', 'calibration_error', 'calibration_slope', 'calibration_intercept']; // prettier-ignore

/** What a metric is where nothing is wrong, whatever the reference was. */
const IDEAL: Readonly<Record<string, number>> = {
  bias: 0,
  calibration_error: 0,
  calibration_slope: 1,
  calibration_intercept: 0,
  estimation_gap: 0,
};

/** What charts of one page share, and the currency of the model's costs. */
interface Shared extends Pick<Chart, 'regions' | 'marks' | 'span'> {
  readonly currency?: string | undefined;
}

/** When versions began to answer, to be marked on charts. */
export function deployments(versions: readonly ModelVersion[]): readonly Mark[] {
  return versions.flatMap((one) => {
    const at = answeredSince(one);
    return at ? [{ at, name: one.version }] : [];
  });
}

/** How well a version does by its labels, others beside it: a chart a metric with its band, and every metric's newest value. */
export function performanceSection(
  series: readonly MetricSeries[],
  others: readonly MetricSeries[],
  shared: Shared,
): Html {
  const known = series.filter(({ points }) => points.some(({ value }) => value !== null));
  if (known.length === 0)
    return html`<p class="empty">
      No label has come for an answer of this range, and nothing is
      estimated${series[0]?.remark && `: ${series[0].remark}`}.
    </p>`;
  const figures = DRAWN.flatMap((metric) => {
    const own = known.filter((one) => one.metric === metric);
    const beside = others.filter((one) => one.metric === metric);
    return own.length > 0 ? [metricFigure(own, beside, shared)] : [];
  });
  return html`${wholeTable(series, shared.currency)}
    <div class="grid">${figures}</div>
    ${newestTable(series, shared.currency)}`;
}

/** What its dashed line is, and where. */
function lineOf({ metric, usual }: MetricSeries): { readonly threshold?: number; readonly text: string } {
  const ideal = IDEAL[metric];
  if (ideal !== undefined) return { threshold: ideal, text: `; dashed: ${numberText(ideal)}, where nothing is wrong` };
  return usual === null ? { text: '' } : { threshold: usual, text: `; dashed: ${numberText(usual)}, the reference` };
} // prettier-ignore

/** Realised, what that will be, and estimated, and what other versions did, on one axis; beneath them the labels. */
function metricFigure(series: readonly MetricSeries[], others: readonly MetricSeries[], { currency, ...shared }: Shared): Html {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ from }) => from)))].sort((a, b) => a - b);
  const [first] = series;
  const { text, ...line } = first ? lineOf(first) : { text: '' };
  const at = ({ points }: MetricSeries) => new Map(points.map((point) => [point.from, point]));
  const over = (points: ReturnType<typeof at>, part: 'value' | 'low' | 'high' | 'n') => times.map((from) => points.get(from)?.[part] ?? null);
  const realised = series.find(({ basis }) => basis === 'REALISED');
  return chartFigure({
    ...shared,
    ...line,
    title: metricTitle(first?.metric ?? '', currency),
    note: `by time of prediction, each with its 95 % interval${text}`,
    times: times.map((from) => new Date(from)),
    series: [
      ...series.map((one) => {
        const points = at(one);
        return { name: words(one.basis), values: over(points, 'value'), band: { low: over(points, 'low'), high: over(points, 'high') } };
      }),
      ...others.map((one) => ({ name: `version ${one.version}`, values: over(at(one), 'value') })),
    ],
    ...(realised ? { beneath: { name: 'labels', values: over(at(realised), 'n') } } : {}),
  });
} // prettier-ignore

/** Every metric over all that is shown: what an hour with few rows says is no headline. */
function wholeTable(series: readonly MetricSeries[], currency: string | undefined): Html | null {
  const found = series.flatMap(({ metric, usual, whole, remark }) =>
    whole ? [{ metric, usual, whole, remark }] : [],
  );
  const [first] = found;
  if (!first) return null;
  const { from, to, maturity } = first.whole;
  const rows = found.map(
    ({ metric, usual, whole, remark }) =>
      html`<tr>
        <th scope="row">${metricTitle(metric, currency)}</th>
        <td class="number">${numberText(whole.value)}</td>
        <td class="number">${intervalText(whole.low, whole.high)}</td>
        <td class="number">${numberText(usual)}</td>
        <td class="number">${countText(whole.n)}</td>
        <td class="wide">${remark ?? whole.reason}</td>
      </tr>`,
  );
  const head = html`<th>Metric</th><th class="number">Value</th><th class="number">95 % interval</th><th class="number">Reference</th><th class="number">n</th><th>Remark</th>`;
  return dataTable(head, rows, {
    caption: html`All answers of ${minuteText(new Date(from))} to ${minuteText(new Date(to))} together; ${percentText(maturity)} have a label`,
  });
} // prettier-ignore

/** The largest share there is stands in the column beside it. */
const UNRIPE = `fewer than ${percentText(MATURE_SHARE)}, and no window has more`;

function newestTable(series: readonly MetricSeries[], currency: string | undefined): Html {
  const rows = series.flatMap(({ metric, basis, usual, remark, points }) => {
    const found = basis === 'REALISED' ? newestMature(points) : null;
    const newest = found?.point ?? points.findLast(({ value }) => value !== null) ?? points.at(-1);
    if (!newest) return [];
    return [
      html`<tr>
        <th scope="row">${metricTitle(metric, currency)}</th>
        <td>${words(basis)}</td>
        <td class="number">${numberText(newest.value)}</td>
        <td class="number">${intervalText(newest.low, newest.high)}</td>
        <td class="number">${numberText(usual)}</td>
        <td class="number">${countText(newest.n)}</td>
        <td class="number">${percentText(newest.maturity)}</td>
        <td class="when">${minuteText(new Date(newest.from))}</td>
        <td class="wide">${remark ?? (found?.mature === false ? UNRIPE : newest.reason)}</td>
      </tr>`,
    ];
  });
  return dataTable(
    html`<th>Metric</th>
      <th title="realised: by labels; estimated: from the answers alone">Basis</th>
      <th class="number">Value</th>
      <th class="number">95 % interval</th>
      <th class="number">Reference</th>
      <th class="number">n</th>
      <th class="number" title="answers of the window whose truth is known">Labelled</th>
      <th>Window from</th>
      <th>Remark</th>`,
    rows,
    {
      caption: html`By metric, the newest window with labels for ${percentText(MATURE_SHARE)} of its answers;
      where none has, the one with the most`,
    },
  );
}

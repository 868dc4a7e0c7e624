import { minuteText, numberText } from '../domain/wording.js';
import { html, type Html } from './html.js';

interface Series {
  readonly name: string;
  /** One value a time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Where the values lie with 95 % confidence: drawn as a ground behind the line. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
}

/** A stretch of time that is marked; open-ended while `to` is null. */
export interface Region {
  readonly from: Date;
  readonly to: Date | null;
}

/** An instant that is marked, and what happened then. */
export interface Mark {
  readonly at: Date;
  readonly name: string;
}

export interface Chart {
  readonly title: string;
  /** What the numbers are, in one clause. */
  readonly note: string;
  readonly times: readonly Date[];
  readonly series: readonly Series[];
  readonly scale?: 'linear' | 'log';
  /** A dashed line. */
  readonly threshold?: number;
  /** The axis begins at zero. */
  readonly zero?: true;
  readonly regions?: readonly Region[];
  readonly marks?: readonly Mark[];
  /** Counts drawn as bars at the foot, such as the rows that the values rest on; one a time. */
  readonly beneath?: { readonly name: string; readonly values: readonly (number | null)[] };
  /** The stretch of time shown, so that charts of one page stand under each other; the data's own when left out. */
  readonly span?: readonly [from: Date, to: Date] | null | undefined;
}

const seconds = (at: Date) => at.getTime() / 1000;
/** Rows of the table beside a chart; older ones are a question for SQL. */
const TABLE_ROWS = 60;

function table({ times, series }: Chart): Html {
  const from = Math.max(0, times.length - TABLE_ROWS);
  const rows = times.slice(from).map((at, i) => {
    const cells = series.map(
      ({ values }) => html`<td class="number">${numberText(values[from + i] ?? null)}</td>`,
    );
    return html`<tr>
      <td class="when">${minuteText(at)}</td>
      ${cells}
    </tr>`;
  });
  return html`<table>
    <thead>
      <tr>
        <th>Window from (UTC)</th>
        ${series.map(({ name }) => html`<th class="number">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.toReversed()}
    </tbody>
  </table>`;
}

/** Lines as they are drawn, each followed by the edges of its band, and which edges belong together (places among the lines, from 1). */
function linesOf(series: readonly Series[]) {
  const lines: (Series & { readonly edge?: true })[] = [];
  const bands: (readonly [high: number, low: number])[] = [];
  for (const { name, values, band } of series) {
    lines.push({ name, values });
    if (!band) continue;
    lines.push({ name: `${name}, low`, values: band.low, edge: true }, { name: `${name}, high`, values: band.high, edge: true });
    bands.push([lines.length, lines.length - 1]);
  }
  return { lines, bands };
} // prettier-ignore

/** A time series: drawn by the browser's script, and a table for everybody. */
export function chartFigure(chart: Chart): Html {
  const {
    title,
    note,
    times,
    series,
    scale = 'linear',
    threshold = null,
    zero = false,
    regions = [],
    marks = [],
    beneath = null,
    span = null,
  } = chart;
  if (times.length === 0) return html`<p class="empty">${title}: nothing in this range.</p>`;
  // A logarithm has no zero.
  const drawable = (value: number | null) => (scale === 'log' && value !== null && value <= 0 ? null : value);
  const { lines, bands } = linesOf(series);
  const data = {
    times: times.map(seconds),
    series: lines.map(({ values, ...line }) => ({ ...line, values: values.map(drawable) })),
    bands,
    regions: regions.map(({ from, to }) => ({ from: seconds(from), to: to && seconds(to) })),
    marks: marks.map(({ at, name }) => ({ at: seconds(at), name })),
    beneath: beneath && beneath.values,
    scale,
    threshold,
    zero,
    span: span ? span.map(seconds) : null,
  };
  return html`<figure class="chart" data-chart="${JSON.stringify(data)}">
    <figcaption>
      <strong>${title}</strong>
      <span class="hint"
        >${note}${beneath && `; bars: ${beneath.name}, up to ${numberText(Math.max(0, ...beneath.values.map((value) => value ?? 0)))}`}</span
      >
    </figcaption>
    <div class="plot"></div>
    <details>
      <summary>Table</summary>
      <div class="scroll">${table({ ...chart, series: beneath ? [...lines, beneath] : lines })}</div>
    </details>
  </figure>`;
}

/** A small line without axes, for a cell of a table. */
export function sparkline(values: readonly number[], label: string): Html {
  const [width, height] = [132, 28];
  if (values.length < 2) return html`<span class="hint">–</span>`;
  const top = Math.max(...values, 1);
  const x = (i: number) => ((i / (values.length - 1)) * width).toFixed(1);
  const y = (value: number) => (height - 2 - (value / top) * (height - 4)).toFixed(1);
  const line = values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(value)}`).join('');
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    <path class="ground" d="${line}L${width} ${height}L0 ${height}Z" />
    <path d="${line}" />
  </svg>`;
}

import { numberText, percentText } from '../domain/wording.js';
import { html, type Html } from './html.js';

/** One bin or category: shares of the reference and of now, each of all values that are there. */
export interface Bar {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}

const key = html`<p>
  <span class="key"><svg width="12" height="12" aria-hidden="true"><rect class="reference" width="12" height="12" rx="2" /></svg> reference</span>
  <span class="key"><svg width="12" height="12" aria-hidden="true"><rect class="current" width="12" height="12" rx="2" /></svg> current</span>
</p>`; // prettier-ignore

function table(bars: readonly Bar[]): Html {
  return html`<details>
    <summary>Table</summary>
    <table>
      <thead>
        <tr>
          <th>Values</th>
          <th class="number">Reference</th>
          <th class="number">Current</th>
        </tr>
      </thead>
      <tbody>
        ${bars.map(
          (bar) =>
            html`<tr>
              <td>${bar.label}</td>
              <td class="number">${percentText(bar.reference)}</td>
              <td class="number">${percentText(bar.current)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** Names of the bins between edges: `≤ 10`, `10 – 20`, `> 20`. */
export function binLabels(edges: readonly number[]): readonly string[] {
  const names = edges.map(numberText);
  return [...names, ''].map((name, i) => {
    if (i === 0) return `≤ ${name}`;
    return i === names.length ? `> ${names[i - 1] ?? ''}` : `${names[i - 1] ?? ''} – ${name}`;
  });
}

/** Standing pairs of bars over the edges of a numeric feature; bins hold equal shares of the reference rather than equal widths. */
export function numericHistogram(bars: readonly Bar[], edges: readonly number[]): Html {
  const [width, height, foot] = [640, 210, 24];
  const step = width / bars.length;
  const top = Math.max(...bars.flatMap((bar) => [bar.reference, bar.current]), 0.01);
  const size = (share: number) => (share / top) * (height - 18);
  const column = (share: number, i: number, side: 0 | 1) => {
    const tall = size(share);
    const [x, w] = [i * step + step * 0.1 + side * step * 0.42, step * 0.38];
    const kind = side === 0 ? 'reference' : 'current';
    return html`<rect class="${kind}" x="${x.toFixed(1)}" y="${(height - tall).toFixed(1)}" width="${w.toFixed(1)}" height="${tall.toFixed(1)}" rx="1.5"><title>${bars[i]?.label}: ${percentText(share)} (${kind})</title></rect>`; // prettier-ignore
  };
  const shapes = bars.map(({ reference, current }, i) => [column(reference, i, 0), column(current, i, 1)]);
  // On a phone there is room for half of them.
  const every = edges.length > 8 ? 2 : 1;
  const labels = edges.map(
    (edge, i) =>
      i % every === 0 &&
      html`<text x="${((i + 1) * step).toFixed(1)}" y="${height + 15}" text-anchor="middle"
        >${numberText(edge)}</text
      >`,
  );
  return html`${key}
    <div class="scroll">
      <svg
        class="histogram standing"
        viewBox="0 0 ${width} ${height + foot}"
        role="img"
        aria-label="Shares of the bins, reference and current; the numbers are in the table below"
      >
        <line x1="0" x2="${width}" y1="${height}" y2="${height}" />
        ${shapes}${labels}
      </svg>
    </div>
    ${table(bars)}`;
}

/** Lying pairs of bars, one pair a category. */
export function categoryHistogram(bars: readonly Bar[]): Html {
  const [width, row, left, right] = [560, 30, 170, 56];
  const top = Math.max(...bars.flatMap((bar) => [bar.reference, bar.current]), 0.01);
  const size = (share: number) => ((share / top) * (width - left - right)).toFixed(1);
  const rows = bars.map(({ label, reference, current }, i) => {
    const name = label.length > 26 ? `${label.slice(0, 25)}…` : label;
    return html`<g>
      <title>${label}: ${percentText(reference)} in the reference, ${percentText(current)} now</title>
      <text x="${left - 8}" y="${i * row + 18}" text-anchor="end">${name}</text>
      <rect
        class="reference"
        x="${left}"
        y="${i * row + 3}"
        width="${size(reference)}"
        height="11"
        rx="1.5"
      />
      <rect class="current" x="${left}" y="${i * row + 15}" width="${size(current)}" height="11" rx="1.5" />
      <text x="${left + Number(size(Math.max(reference, current))) + 6}" y="${i * row + 19}">
        ${percentText(current)}
      </text>
    </g>`;
  });
  return html`${key}
    <svg
      class="histogram"
      viewBox="0 0 ${width} ${bars.length * row}"
      role="img"
      aria-label="Shares of the categories, reference and current; the numbers are in the table below"
    >
      ${rows}
    </svg>
    ${table(bars)}`;
}

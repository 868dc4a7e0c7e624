import type { FoundSlice } from '../pipeline/weak-slices.js';
import { countText, intervalText, minuteText, numberText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html } from './html.js';
import type { PageContent } from './layout.js';
import { modelLink, slicesPath } from './links.js';

export interface SlicesPage {
  readonly model: string;
  readonly version: string;
  readonly since: Date;
  readonly until: Date;
  readonly pairs: boolean;
  readonly slices: readonly FoundSlice[];
}

/** Parts of the labelled rows that are answered badly and that nobody has named. */
export function slicesPage({ model, version, since, until, pairs, slices }: SlicesPage): PageContent {
  const rows = slices.map(
    ({ slice, loss, elsewhere, low, high, rows: n, segmentKey }) =>
      html`<tr>
        <th scope="row">${slice}</th>
        <td class="number">${numberText(loss)}</td>
        <td class="number">${numberText(elsewhere)}</td>
        <td class="number">${intervalText(low, high)}</td>
        <td class="number">${countText(n)}</td>
        <td>
          ${segmentKey && html`<code>tidewatch model slices ${model} --adopt ${segmentKey.includes(' ') ? `"${segmentKey}"` : segmentKey}</code>`}
        </td>
      </tr>`,
  );
  const found =
    rows.length === 0
      ? html`<p class="empty">
          No part of the labelled rows is answered much worse than the rest in both halves of this range.
        </p>`
      : dataTable(
          html`<th>Slice</th>
            <th class="number">Loss</th>
            <th class="number">Elsewhere</th>
            <th class="number">95 % of the difference</th>
            <th class="number">Labels</th>
            <th>To watch its values</th>`,
          rows,
          { caption: html`By the later half, the most wrong answers beyond the rest's rate first` },
        );
  const other = pairs ? 'one condition alone' : 'pairs of two conditions as well';
  const body = html`<p class="crumbs"><a href="/">Fleet</a> / ${modelLink(model)} / weak slices</p>
    <h1>Weak slices of ${model} ${version}</h1>
    <p class="lead">Searched in the earlier half of ${minuteText(since)} to ${minuteText(until)}, and shown where the later half confirms it.</p>
    <p class="tools"><a href="${slicesPath(model, !pairs)}">${other}</a></p>
    <section class="panel">${found}</section>`; // prettier-ignore
  return { title: `Weak slices of ${model}`, section: 'fleet', body };
}

import { countText, minuteText, percentText } from '../domain/wording.js';
import type { ExpectationStanding } from '../pipeline/expectations.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';

/** What must hold of every row, how many broke it, and which. */
export function expectationSection(standings: readonly ExpectationStanding[]): Html {
  if (standings.length === 0)
    return html`<p class="empty">The model file writes down no <code>expectations</code>.</p>`;
  return dataTable(
    html`<th>Expected</th>
      <th class="number">Rows</th>
      <th class="number">Broken by</th>
      <th class="number">Share</th>
      <th class="number">May be</th>
      <th>Newest that break it</th>`,
    standings.map(row),
    { caption: html`Over the range that is shown, the most broken first` },
  );
}

function row({ expectation, atMost, rows, broken, examples }: ExpectationStanding): Html {
  const shown = examples.map(
    ({ predictionId, at, values }) =>
      html`<div>
        <span class="mono">${predictionId}</span> ${minuteText(new Date(at))}
        <span class="hint">${Object.entries(values).map(([name, value], i) => html`${i > 0 && ', '}${name}: ${value ?? 'absent'}`)}</span>
      </div>`,
  ); // prettier-ignore
  return html`<tr>
    <th scope="row">${expectation}</th>
    <td class="number">${countText(rows)}</td>
    <td class="number">${countText(broken)}</td>
    <td class="number">${percentText(rows > 0 ? broken / rows : null)}</td>
    <td class="number">${percentText(atMost)}</td>
    <td class="wide">${shown}</td>
  </tr>`;
}

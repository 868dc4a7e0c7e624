import { countText, minuteText } from '../domain/wording.js';
import type { IncidentEvidence } from '../pipeline/incident-evidence.js';
import { dataTable } from './data-table.js';
import { distributionBars } from './distribution.js';
import { html, type Html } from './html.js';

/** How the feature was and is distributed, and rows that show it. */
export function evidenceSection({ compared, examples }: IncidentEvidence): Html | null {
  if (!compared && !examples) return null;
  return html`<div class="grid">${compared && before(compared)}${examples && exampleRows(examples)}</div>`;
}

function before({ baseline, reference, current, from, to }: NonNullable<IncidentEvidence['compared']>): Html {
  return html`<section class="panel">
    <h2>Before and after</h2>
    <p class="hint">
      Current: ${minuteText(from)} to ${minuteText(to)}, ${countText(current.n)} values. Reference:
      ${countText(reference.n)} values.
    </p>
    ${distributionBars(baseline, reference, current)}
  </section>`;
}

function exampleRows({ what, rows }: NonNullable<IncidentEvidence['examples']>): Html {
  if (rows.length === 0)
    return html`<section class="panel">
      <h2>Example rows</h2>
      <p class="empty">No stored row shows it any more, or not in its newest windows: ${what}.</p>
    </section>`;
  const shown = rows.map(
    ({ predictionId, at, value }) =>
      html`<tr>
        <td class="mono" data-label="Prediction">${predictionId}</td>
        <td class="when" data-label="At">${minuteText(new Date(at))}</td>
        <td data-label="Value">${value ?? html`<span class="hint">none</span>`}</td>
      </tr>`,
  );
  return html`<section class="panel">
    <h2>Example rows</h2>
    ${dataTable(
      html`<th>Prediction</th>
        <th>Event time (UTC)</th>
        <th>Value</th>`,
      shown,
      { stacks: true, caption: `The newest ${rows.length}: ${what}` },
    )}
  </section>`;
}

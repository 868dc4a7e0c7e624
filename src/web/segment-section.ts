import { countText, intervalText, numberText, percentText, words } from '../domain/wording.js';
import type { Incident } from '../domain/incident.js';
import type { Model } from '../domain/model.js';
import type { JudgedSegment } from '../pipeline/judged-metrics.js';
import { remarks } from '../pipeline/metric-remarks.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { SegmentResult } from './model.reads.js';
import { standingState } from './state.js';
import type { CheckState } from '../domain/check-result.js';
import { byLoudness } from '../domain/loudness.js';

/** Parts of the traffic by how badly they are answered, each with what its newest window was found to be. */
export function segmentSection(
  standings: readonly JudgedSegment[],
  results: readonly SegmentResult[],
  { segments: declared, costs }: Pick<Model, 'segments' | 'costs'>,
  incidents: readonly Pick<Incident, 'signal' | 'state' | 'severity'>[],
): Html {
  if (declared.length === 0)
    return html`<p class="empty">The model file names no <code>segments</code>.</p>`;
  if (standings.length === 0 && results.length === 0)
    return html`<p class="empty">
      No value of ${declared.join(', ')} is watched yet: the reference in force has none with enough rows, or no row came since.
    </p>`;
  const known = new Map(standings.map((one) => [one.segment, one]));
  const names = [...new Set([...known.keys(), ...results.map(({ segment }) => segment)])];
  const rows = names.map((name) => segmentRow(name, known.get(name), { result: loudestOf(name, results), hasCosts: costs !== undefined, open: incidents.filter(({ signal, state }) => state !== 'CLOSED' && signal.segment === name) }));
  return dataTable(
    html`<th>Segment</th>
      <th>State</th>
      <th class="number">Predictions</th>
      <th class="number">Labels</th>
      <th>Loss</th>
      <th class="number">Value</th>
      <th class="number">95 % interval</th>
      <th class="number">Reference</th>
      ${costs && html`<th class="number">Cost, ${costs.currency}</th>`}
      <th>What it looks like</th>`,
    rows,
    { caption: html`Over the range that is shown, the largest loss first` },
  );
} // prettier-ignore

function loudestOf(name: string, results: readonly SegmentResult[]): SegmentResult | undefined {
  return results
    .filter(({ segment }) => segment === name)
    .toSorted((a, b) => byLoudness(a.state, b.state))[0];
}

/** What is wrong of anything in it comes first; else it is as good as what is known of its loss, which is not OK where nobody judged it. */
function stateOf(standing: JudgedSegment | undefined, result: SegmentResult | undefined): CheckState {
  if (result?.state === 'ALERT' || result?.state === 'NOTICE') return result.state;
  return standing?.loss.state ?? result?.state ?? 'NOT_JUDGED';
}

function segmentRow(
  name: string,
  standing: JudgedSegment | undefined,
  {
    result,
    hasCosts,
    open,
  }: {
    readonly result: SegmentResult | undefined;
    readonly hasCosts: boolean;
    readonly open: readonly Pick<Incident, 'severity'>[];
  },
): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${standingState(stateOf(standing, result), open)}</td>
    ${lossCells(standing, hasCosts)}
    <td class="wide">
      ${remarks(result?.explanation ?? standing?.loss.reason ?? null, standing?.usualRemark ?? null)}
    </td>
  </tr>`;
}

function lossCells(standing: JudgedSegment | undefined, hasCosts: boolean): Html {
  if (!standing) return html`<td colspan="${hasCosts ? 7 : 6}">no answers in this range</td>`;
  const { predictions, labelled, loss, usualLoss, metrics } = standing;
  const text = loss.metric === 'error_rate' ? percentText : numberText;
  const cost = metrics.find(({ metric }) => metric === 'cost')?.value ?? null;
  return html`<td class="number">${countText(predictions)}</td>
    <td class="number">${countText(labelled)}</td>
    <td>${words(loss.metric)}</td>
    <td class="number">${text(loss.value)}</td>
    <td class="number">${intervalText(loss.low, loss.high, text)}</td>
    <td class="number">${text(usualLoss)}</td>
    ${hasCosts && html`<td class="number">${numberText(cost)}</td>`}`;
}

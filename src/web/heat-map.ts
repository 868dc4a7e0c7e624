import type { CheckState } from '../domain/check-result.js';
import { groupBy } from '../domain/group-by.js';
import { minuteText, words } from '../domain/wording.js';
import { html, type Html } from './html.js';
import { featurePath } from './links.js';
import { HEAT_COLUMNS, type HeatCell } from './model.reads.js';
import { checkClass } from './state.js';

/** Features of a heat map, the loudest first; every feature is in the table above it. */
const HEAT_ROWS = 40;
/** A letter beside the colour. */
const LETTERS: Readonly<Record<CheckState, string>> = {
  ALERT: 'A',
  NOTICE: 'N',
  OK: '·',
  INSUFFICIENT: '–',
  INDETERMINATE: '?',
  LEARNING: '…',
  NOT_APPLICABLE: '',
  NOT_JUDGED: '',
};

/** Which features were loud in the windows shown, of which there are so many: a row a feature, a column a window or several beside each other, oldest first. */
export function heatMap(model: string, cells: readonly HeatCell[], shown: number): Html {
  const each = Math.max(1, Math.ceil(shown / HEAT_COLUMNS));
  const windows = [...new Set(cells.map(({ from }) => from))].sort((a, b) => a - b);
  const byFeature = groupBy(cells, ({ feature }) => feature);
  const loudness = (own: readonly HeatCell[]) => own.reduce((sum, { state }) => sum + (LOUD.get(state) ?? 0), 0);
  const rows = [...byFeature]
    .filter(([, own]) => loudness(own) > 0)
    .sort(([, a], [, b]) => loudness(b) - loudness(a))
    .slice(0, HEAT_ROWS);
  if (rows.length === 0) return html`<p class="empty">No feature was loud in the windows shown.</p>`;
  return html`<div class="scroll"><table class="heat">
    <caption>The ${shown} windows shown, oldest first${each > 1 && `, ${each} a column and the loudest of them`}, of features that were loud in any: A alert, N notice</caption>
    <tbody>${rows.map(([feature, own]) => heatRow(model, feature, { own, windows }))}</tbody>
  </table></div>`;
} // prettier-ignore

/** What a window of a feature counts for its place: an alert as much as five notices. */
const LOUD: ReadonlyMap<CheckState, number> = new Map([
  ['ALERT', 5],
  ['NOTICE', 1],
]);

function heatRow(
  model: string,
  feature: string,
  { own, windows }: { readonly own: readonly HeatCell[]; readonly windows: readonly number[] },
): Html {
  const at = new Map(own.map((cell) => [cell.from, cell]));
  const cells = windows.map((from) => {
    const state = at.get(from)?.state;
    const title = `${minuteText(new Date(from))}: ${state ? words(state) : 'no result'}`;
    return html`<td class="${state ? `state ${checkClass(state)}` : ''}" title="${title}">${state ? LETTERS[state] : ''}</td>`;
  });
  return html`<tr><th scope="row"><a href="${featurePath(model, feature)}">${feature}</a></th>${cells}</tr>`;
} // prettier-ignore

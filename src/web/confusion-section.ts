import type { ConfusedClass, ConfusionTable } from '../pipeline/confusion.js';
import { countText, percentText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';

/** Classes of a table that a person reads: those with the most rows. */
const MOST_SHOWN_CLASSES = 12;
const NEW = 'not among the classes of the model file';

/** Which class was answered for which: a row a true class, a column an answered one, and how many of each were found. */
export function confusionSection({ cells, classes, labelled }: ConfusionTable): Html {
  if (labelled === 0) return html`<p class="empty">No label has come for an answer of this range.</p>`;
  if (cells.length === 0)
    return html`<p class="empty">Labels and answers have so many values that they are not counted as classes.</p>`;
  const shown = classes
    .toSorted((a, b) => b.actual + b.answered - a.actual - a.answered)
    .slice(0, MOST_SHOWN_CLASSES);
  const rowsOf = new Map(cells.map(({ actual, answered, rows }) => [JSON.stringify([actual, answered]), rows]));
  const at = (actual: string, answered: string) => rowsOf.get(JSON.stringify([actual, answered])) ?? 0;
  const rows = shown.map((one) => {
    const known = shown.map(({ name }) => at(one.name, name));
    const others = one.actual - known.reduce((a, b) => a + b, 0);
    return html`<tr>
      <th scope="row">${named(one)}</th>
      ${known.map((count, i) => cell(count, one, shown[i]?.name === one.name))}
      ${shown.length < classes.length && cell(others, one, false)}
      <td class="number">${countText(one.actual)}</td>
      <td class="number">${percentText(one.actual > 0 ? one.hits / one.actual : null)}</td>
      <td class="number">${percentText(one.answered > 0 ? one.hits / one.answered : null)}</td>
    </tr>`;
  });
  const left = classes.length - shown.length;
  return dataTable(
    html`<th>Truth</th>
      ${shown.map((one) => html`<th class="number">${named(one)}</th>`)}
      ${left > 0 && html`<th class="number">${countText(left)} others</th>`}
      <th class="number">Rows</th>
      <th class="number" title="of the rows of the class, those that were answered so">Recall</th>
      <th class="number" title="of the rows that were answered so, those that are">Precision</th>`,
    rows,
    {
      caption: html`${countText(labelled)} labelled answers of this range: truth by row, answer by column${left > 0 && html`; the ${MOST_SHOWN_CLASSES} classes with the most rows`}`,
    },
  );
} // prettier-ignore

function named({ name, foreseen }: ConfusedClass): Html {
  return html`${name === '' ? '(none)' : name}${foreseen === false && html` <span class="hint" title="${NEW}">new</span>`}`;
}

/** Shares of the true class, so that a rare one reads like a frequent one. */
function cell(count: number, { actual }: ConfusedClass, isHit: boolean): Html {
  const share = actual > 0 ? percentText(count / actual) : '–';
  return html`<td class="number${isHit ? ' hit' : ''}" title="${share} of the row">${countText(count)}</td>`;
}

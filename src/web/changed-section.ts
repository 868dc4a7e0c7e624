import { countText, minuteText } from '../domain/wording.js';
import type { ChangesReview, KnownChange, WrittenWindow } from '../windows/changed-windows.js';
import { writtenText } from '../windows/written-text.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { modelPath } from './links.js';

/** Judged windows that were changed in the store, and what people said of them. */
export interface ChangedSection {
  readonly changes: readonly WrittenWindow[];
  /** The newest first. */
  readonly reviews: readonly ChangesReview[];
  readonly nameOf: (id: string) => string;
  readonly mayReview: boolean;
}

/** Where windows that were changed are listed. */
export const CHANGES = '/audit#changes';
/** Rows of a table that somebody reads. */
const CHANGES_SHOWN = 100;

/** That judged windows were changed in the store and nobody looked into it; nothing where none were. */
export function changedBanner(changes: readonly WrittenWindow[]): Html | false {
  const [first] = changes;
  if (!first) return false;
  const { model, version, from } = first;
  const windows = changes.length === 1 ? 'judged window was' : 'judged windows were';
  return html`<p role="alert" class="panel">
    <span class="state alert">changed in the store</span> ${countText(changes.length)} ${windows} changed in
    the database, the first of ${model} ${version} from ${minuteText(new Date(from))} UTC: what is stored is
    not what the ledger says, and the ledger counts: what was judged stays as it was judged, what was added
    does not count. <a href="${CHANGES}">Look into it</a>
  </p>`;
}

/** So many windows that were looked into are named. */
const NAMED = 5;

/** What of a model was changed in the store: what nobody looked into, and what is not as it was judged although somebody did, such as a judgement that is gone. */
export function changedOfModel(known: readonly KnownChange[]): Html {
  const open = known.filter(({ review }) => review === null);
  return html`${changedBanner(open.map(({ window }) => window))}${lookedIntoHint(known)}`;
}

function lookedIntoHint(known: readonly KnownChange[]): Html | false {
  const own = known.filter(({ review }) => review !== null);
  const review = own.at(-1)?.review;
  if (!review) return false;
  const named = own.slice(-NAMED).map(({ window }) => `${window.version} from ${minuteText(new Date(window.from))} UTC (${window.track}: ${writtenText(window)})`);
  const [are, more] = [own.length === 1 ? 'judged window is' : 'judged windows are', own.length - named.length];
  return html`<p class="panel" id="looked-into"><span class="state">changed, looked into</span> ${countText(own.length)} ${are} not stored as judged: ${named.join('; ')}${more > 0 && ` and ${countText(more)} more`}.
    Somebody looked into it (<a href="/audit/${review.seq}">entry ${review.seq}</a>); <code>tidewatch audit recompute</code> goes on naming what differs.</p>`;
} // prettier-ignore

/** All of them, with what a person who looked into them says, and what people said before; nothing where there never were any. */
export function changedSection(section: ChangedSection): Html | false {
  const { changes, reviews } = section;
  if (changes.length + reviews.length === 0) return false;
  return html`<section class="panel" id="changes">
    <h2>Judged windows that were changed in the store</h2>
    ${changes.length === 0 ? html`<p class="empty">None that nobody looked into.</p>` : listed(section)}
    ${reviews.length > 0 && reviewed(section)}
  </section>`;
}

function listed({ changes, mayReview }: ChangedSection): Html {
  const more = changes.length - CHANGES_SHOWN;
  const table = dataTable(
    html`<th>Window from (UTC)</th>
      <th>Model</th>
      <th>Track</th>
      <th>Changed</th>
      <th>What was found</th>
      <th>Found (UTC)</th>
      <th class="number">Entry</th>`,
    changes.slice(0, CHANGES_SHOWN).map(changeRow),
    { broad: true },
  );
  const review = html`<form class="tools" method="post" action="/audit/changes">
    <label>What was found out <input name="note" required maxlength="2000" size="60" /></label>
    <button>These were looked into</button>
  </form>`;
  return html`${table}${more > 0 && html`<p class="hint">and ${countText(more)} more: tidewatch audit changes</p>`}
    <p class="hint"><code>tidewatch audit recompute</code> names what differs. They stay as they were judged, whatever is said here.</p>${mayReview && review}`;
} // prettier-ignore

function changeRow(change: WrittenWindow): Html {
  const { model, version, from, track, what, foundAt, seq } = change;
  return html`<tr>
    <td class="when">${minuteText(new Date(from))}</td>
    <td><a href="${modelPath(model)}">${model}</a> ${version}</td>
    <td>${track}</td>
    <td>${what}</td>
    <td class="wide">${writtenText(change)}</td>
    <td class="when">${minuteText(foundAt)}</td>
    <td class="number"><a href="/audit/${seq}">${seq}</a></td>
  </tr>`;
}

function reviewed({ reviews, nameOf }: ChangedSection): Html {
  return dataTable(
    html`<th>Looked into (UTC)</th>
      <th>By</th>
      <th class="number">Windows</th>
      <th>What was found out</th>
      <th class="number">Entry</th>`,
    reviews.map(
      ({ at, actor, windows, note, seq }) =>
        html`<tr>
          <td class="when">${minuteText(at)}</td>
          <td>${nameOf(actor.id)}</td>
          <td class="number">${countText(windows)}</td>
          <td class="wide">${note}</td>
          <td class="number"><a href="/audit/${seq}">${seq}</a></td>
        </tr>`,
    ),
  );
}

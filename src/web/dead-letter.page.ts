import type { RefusalCount, RefusalRow } from './dead-letter.reads.js';
import { countText, minuteText, secondText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';

export interface DeadLetterPage {
  readonly days: number;
  readonly counts: readonly RefusalCount[];
  readonly rows: readonly RefusalRow[];
}

const REPLAY = html`<p class="hint">
  The bytes are kept: <code>tidewatch dead-letters</code> shows them, and sends them again once the cause is
  gone. Of what is marked “the beginning” not all is kept: its sender has to send it again.
</p>`;

function byReason(counts: readonly RefusalCount[]): Html {
  const rows = counts.map(
    (one) =>
      html`<tr>
        <th scope="row">${one.code}</th>
        <td>${one.model || html`<span class="hint">unknown</span>`}</td>
        <td class="number">${countText(one.open)}</td>
        <td class="number">${countText(one.total)}</td>
        <td class="when">${minuteText(new Date(one.newest))}</td>
      </tr>`,
  );
  return dataTable(
    html`<th>Reason</th>
      <th>Model</th>
      <th class="number">Open</th>
      <th class="number">All</th>
      <th>Newest</th>`,
    rows,
  );
}

function newest(refusals: readonly RefusalRow[]): Html {
  const rows = refusals.map(
    (one) =>
      html`<tr>
        <td class="when">${secondText(new Date(one.at))}</td>
        <td>${one.code}</td>
        <td class="wide">${one.message}</td>
        <td>${one.kind}</td>
        <td>${one.topic} <span class="hint">${one.partition} : ${one.offset}</span></td>
        <td class="number">
          ${countText(one.size)}${one.isCut ? html` <span class="hint">the beginning</span>` : ''}
        </td>
        <td>
          ${one.isOpen ? html`<span class="state notice">open</span>` : html`<span class="state ok">replayed</span>`}
        </td>
      </tr>`,
  );
  return dataTable(
    html`<th>Received (UTC)</th>
      <th>Reason</th>
      <th>What is wrong</th>
      <th>Kind</th>
      <th>Position</th>
      <th class="number">Bytes</th>
      <th>State</th>`,
    rows,
    { broad: true },
  );
}

/** What was refused, and why. */
export function deadLetterPage({ days, counts, rows }: DeadLetterPage): PageContent {
  const open = counts.reduce((sum, one) => sum + one.open, 0);
  const none = html`<section class="panel">
    <p class="empty">Nothing was refused in the last ${days} days.</p>
  </section>`;
  const tables = html`<section class="panel">
      <h2>By reason</h2>
      ${byReason(counts)}
    </section>
    <section class="panel">
      <h2>Newest</h2>
      ${newest(rows)}${REPLAY}
    </section>`;
  const body = html`<h1>Dead letters</h1>
    <p class="lead">
      Events that were refused, ${countText(open)} of them open, last ${days} days. Each is kept with its
      bytes, or the beginning of them, its position and the reason.
    </p>
    ${counts.length > 0 ? tables : none}`;
  return { title: 'Dead letters', section: 'dead-letters', body };
}

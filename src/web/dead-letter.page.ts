import type { RefusalCount, RefusalRow } from './dead-letter.reads.js';
import { countText, minuteText, secondText } from './format.js';
import { html } from './html.js';
import type { PageContent } from './layout.js';

export interface DeadLetterPage {
  readonly days: number;
  readonly counts: readonly RefusalCount[];
  readonly rows: readonly RefusalRow[];
}

const REPLAY = html`<p class="hint">
  The bytes are kept: <code>tidewatch dead-letters</code> shows them, and sends them again once the cause is
  gone.
</p>`;

/** What was refused, and why. */
export function deadLetterPage({ days, counts, rows }: DeadLetterPage): PageContent {
  const open = counts.reduce((sum, one) => sum + one.open, 0);
  const summary = counts.map(
    (one) =>
      html`<tr>
        <th scope="row">${one.code}</th>
        <td>${one.model || html`<span class="hint">unknown</span>`}</td>
        <td class="number">${countText(one.open)}</td>
        <td class="number">${countText(one.total)}</td>
        <td class="when">${minuteText(new Date(one.newest))}</td>
      </tr>`,
  );
  const list = rows.map(
    (one) =>
      html`<tr>
        <td class="when">${secondText(new Date(one.at))}</td>
        <td>${one.code}</td>
        <td class="wide">${one.message}</td>
        <td>${one.kind}</td>
        <td>${one.topic} <span class="hint">${one.partition} : ${one.offset}</span></td>
        <td class="number">${countText(one.size)}</td>
        <td>
          ${one.isOpen ? html`<span class="state notice">open</span>` : html`<span class="state ok">replayed</span>`}
        </td>
      </tr>`,
  );
  const none = html`<p class="empty">Nothing was refused in the last ${days} days.</p>`;
  const tables = html`<section class="panel">
      <h2>By reason</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Reason</th>
              <th>Model</th>
              <th class="number">Open</th>
              <th class="number">All</th>
              <th>Newest</th>
            </tr>
          </thead>
          <tbody>
            ${summary}
          </tbody>
        </table>
      </div>
    </section>
    <section class="panel">
      <h2>Newest</h2>
      <div class="scroll">
        <table class="broad">
          <thead>
            <tr>
              <th>Received (UTC)</th>
              <th>Reason</th>
              <th>What is wrong</th>
              <th>Kind</th>
              <th>Position</th>
              <th class="number">Bytes</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            ${list}
          </tbody>
        </table>
      </div>
      ${REPLAY}
    </section>`;
  const body = html`<h1>Dead letters</h1>
    <p class="lead">
      Events that were refused, ${countText(open)} of them open, last ${days} days. Each is kept with its
      bytes, its position and the reason.
    </p>
    ${counts.length > 0 ? tables : html`<section class="panel">${none}</section>`}`;
  return { title: 'Dead letters', section: 'dead-letters', body };
}

import { actionMeaning, ACTIONS } from '../domain/actions.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { SignedCheckpoint } from '../ledger/checkpoints.js';
import type { Verification } from '../ledger/verification.js';
import { countText, minuteText, secondText, someOf } from '../domain/wording.js';
import { changedBanner, changedSection, type ChangedSection } from './changed-section.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';

export interface AuditPage {
  readonly entries: readonly LedgerEntry[];
  /** The name of whoever an actor id stands for. */
  readonly nameOf: (id: string) => string;
  readonly size: number;
  readonly root: string;
  readonly checkpoint: SignedCheckpoint | null;
  /** What is known to be wrong with the log; null while nothing is. */
  readonly problem: string | null;
  /** Rows that this service did not write and nobody looked into. */
  readonly refused: number;
  /** Judged windows that were changed in the store. */
  readonly changed: ChangedSection;
  /** How far the look at what the start took over has come; null where all of it was looked at. */
  readonly checking: string | null;
  /** Null when it was not asked for. */
  readonly verification: { readonly found: Verification; readonly at: Date } | null;
  readonly action: string | null;
  /** Who is asked for, and everybody who can be. */
  readonly actor: string | null;
  readonly actors: readonly string[];
  /** Nobody is called as was asked. */
  readonly isUnknown: boolean;
  readonly peopleOnly: boolean;
  /** Where the next older page begins; null on the last one. */
  readonly older: number | null;
}

function state({ size, root, checkpoint, verification, problem, refused, checking }: AuditPage): Html {
  const found = verification?.found;
  const verdict = found
    ? html`<p role="status">
        <span class="state ${found.valid ? 'ok' : 'alert'}">${found.valid ? 'intact' : 'not intact'}</span>
        ${countText(found.entries)} entries recomputed from the stored bytes at
        ${minuteText(verification.at)}${found.problem && html`: <strong>${found.problem}</strong>`}
      </p>`
    : html`<p class="hint">
        Verification recomputes every hash from the stored bytes and compares the root and the newest signed
        checkpoint.
      </p>`;
  const broken =
    problem !== null &&
    html`<p role="alert">
      <span class="state alert">not intact</span> <strong>${problem}</strong>. Decisions are still recorded;
      what the log proves ends where it broke. Export it (<code>tidewatch audit export</code>) and compare it
      with the checkpoints that were published elsewhere.
    </p>`;
  const foreign =
    refused > 0 &&
    html`<p role="alert">
      <span class="state alert">not obeyed</span> ${countText(refused)} rows were not written by this service:
      somebody wrote the database. <code>tidewatch audit refusals</code> lists them.
    </p>`;
  const unchecked =
    checking !== null &&
    html`<p role="status"><span class="state">${checking}</span> by what was signed before.</p>`;
  return html`${broken}${foreign}${unchecked}${verdict}
    <dl class="facts">
      <div>
        <dt>Entries</dt>
        <dd>${countText(size)}</dd>
      </div>
      <div>
        <dt>Root (RFC 6962)</dt>
        <dd class="mono">${root}</dd>
      </div>
      <div>
        <dt>Signed checkpoint</dt>
        <dd>${checkpoint ? html`of ${countText(checkpoint.head.size)} entries` : 'none yet'}</dd>
      </div>
    </dl>
    <form class="tools" method="get" action="/audit">
      <button name="verify" value="now">Verify now</button>
      <span class="hint"
        >Offline and without this service: <code>tidewatch audit export --out ledger.ndjson</code> (or
        <code>GET /v1/audit/export</code>), then <code>tidewatch audit verify ledger.ndjson</code>.</span
      >
    </form>`;
}

function row(entry: LedgerEntry, nameOf: AuditPage['nameOf']): Html {
  const { seq, at, action, actor, subject, data, hash, isRefused } = entry;
  return html`<tr>
    <td class="number" id="e${seq}"><a href="/audit?before=${seq + 1}#e${seq}">${seq}</a></td>
    <td class="when">${secondText(at)}</td>
    <td title="${actionMeaning(action)}">
      ${action}${isRefused === true && html` <span class="state alert">not obeyed</span>`}
    </td>
    <td>
      <span title="${actor.type} ${actor.id}">${actor.type === 'system' ? 'system' : nameOf(actor.id)}</span>
    </td>
    <td>${subject.type} <span class="mono">${subject.id}</span></td>
    <td class="wide">
      <details>
        <summary class="mono">${hash.slice(0, 12)}…</summary>
        <pre>${JSON.stringify(data, null, 1)}</pre>
        <a href="/audit/${seq}">Proof that this entry stands in the signed log</a>
      </details>
    </td>
  </tr>`;
}

/** The ledger, newest first. */
export function auditPage(page: AuditPage): PageContent {
  const { entries, action, actor, actors, isUnknown, peopleOnly, older, nameOf } = page;
  const options = Object.keys(ACTIONS).map(
    (name) => html`<option value="${name}" ${name === action && html` selected`}>${name}</option>`,
  );
  const filter = html`<form class="tools" method="get" action="/audit">
    <label
      >Action
      <select name="action">
        <option value="">all</option>
        ${options}
      </select></label
    >
    <label>Who <input name="actor" list="actors" value="${actor ?? ''}" placeholder="anybody" /></label>
    <datalist id="actors">${actors.map((name) => html`<option value="${name}"></option>`)}</datalist>
    <label
      ><input type="checkbox" name="people" value="only" ${peopleOnly && html`checked`} /> people only</label
    >
    <button class="quiet">Show</button>
  </form>`;
  const unknown =
    isUnknown &&
    html`<p role="alert">Nobody is called <strong>${actor}</strong>. Known: ${someOf(actors, 50)}.</p>`;
  const asked = [...(action === null ? [] : [`action=${action}`]), ...(actor === null ? [] : [`actor=${encodeURIComponent(actor)}`]), ...(peopleOnly ? ['people=only'] : [])]; // prettier-ignore
  const next =
    older !== null &&
    html`<p><a href="/audit?${[`before=${older}`, ...asked].join('&')}">Older entries</a></p>`;
  const table = dataTable(
    html`<th class="number">#</th>
      <th>At (UTC)</th>
      <th>Action</th>
      <th>By</th>
      <th>About</th>
      <th>Hash and content</th>`,
    entries.map((entry) => row(entry, nameOf)),
    { broad: true },
  );
  const body = html`<h1>Audit</h1>
    <p class="lead">Every decision, in the order it was taken; nothing is ever changed or removed.</p>
    ${changedBanner(page.changed.changes)}
    <section class="panel"><h2>State of the log</h2>${state(page)}</section>
    ${changedSection(page.changed)}
    <section class="panel"><h2>Entries</h2>${filter}${unknown}${entries.length > 0 ? table : html`<p class="empty">None.</p>`}${next}</section>`; // prettier-ignore
  return { title: 'Audit', section: 'audit', body };
}

import { durationText } from '../domain/duration.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Model } from '../domain/model.js';
import { keptFor } from '../domain/record-class.js';
import { countText, minuteText } from '../domain/wording.js';
import { deletionIn } from '../pipeline/deletion.js';
import type { KeepTerms, RecordClass } from '../pipeline/retention-report.js';
import type { Erasure } from '../records/erasures.js';
import type { LegalHold } from '../records/legal-holds.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';

export interface RetentionPage {
  readonly classes: readonly RecordClass[];
  /** Models, of which those that say something of their own are shown. */
  readonly own: readonly Model[];
  readonly terms: KeepTerms;
  readonly remarks: readonly string[];
  readonly holds: readonly LegalHold[];
  readonly erasures: readonly Erasure[];
  /** Entries of what was deleted by age, newest first. */
  readonly deletions: readonly LedgerEntry[];
  readonly nextAt: Date | null;
  readonly nameOf: (id: string) => string;
}

/** For how long things are kept, what may not be deleted, what was, and who was erased. */
export function retentionPage(page: RetentionPage): PageContent {
  const next = page.nextAt === null ? 'with the next beat' : minuteText(page.nextAt);
  const body = html`<h1>Retention</h1>
    <p class="lead">What is older than it is kept goes once a day, next ${next}. What may still change, what an open incident or a reference needs, and what a hold keeps stays.</p>
    ${page.remarks.length > 0 && html`<section class="panel" role="alert"><h2>Contradictions</h2><ul>${page.remarks.map((text) => html`<li>${text}</li>`)}</ul></section>`}
    <section class="panel"><h2>Classes</h2>${classTable(page)}</section>
    <section class="panel"><h2>Models with periods of their own</h2>${modelTable(page)}</section>
    <section class="panel"><h2>Legal holds</h2>${holdTable(page)}</section>
    <section class="panel"><h2>Deleted by age</h2>${deletionTable(page)}</section>
    <section class="panel"><h2>Persons erased, or asked to be</h2>${erasureTable(page)}</section>`; // prettier-ignore
  return { title: 'Retention', section: 'retention', body };
}

const spanText = (ms: number | null) => (ms === null ? 'for ever' : durationText(ms));
const nothing = html`<p class="empty">Nothing.</p>`;

function listed(rows: readonly Html[], headings: Html): Html {
  return rows.length === 0 ? nothing : dataTable(headings, rows);
}

function classTable({ classes }: RetentionPage): Html {
  const rows = classes.map(
    ({ name, about, keptMs, floorMs, highFloorMs }) =>
      html`<tr>
        <td><code>${name}</code></td>
        <td>${about}</td>
        <td>${spanText(keptMs)}</td>
        <td>${floorMs === null ? '' : spanText(floorMs)}</td>
        <td>${highFloorMs === null ? '' : spanText(highFloorMs)}</td>
      </tr>`,
  );
  return listed(
    rows,
    html`<th>Class</th>
      <th>What</th>
      <th>Kept</th>
      <th>At least</th>
      <th>At least, of high risk</th>`,
  );
}

function modelTable({ own, terms }: RetentionPage): Html {
  const rows = own.flatMap((model) =>
    keptFor(model, terms.models, terms.floors)
      .filter(({ isOwn }) => isOwn)
      .map(
        ({ dataClass, ms, floorMs }) =>
          html`<tr>
            <td>${model.key}</td>
            <td><code>${dataClass}</code></td>
            <td>${spanText(Math.max(ms, floorMs))}</td>
          </tr>`,
      ),
  );
  return listed(
    rows,
    html`<th>Model</th>
      <th>Class</th>
      <th>Kept</th>`,
  );
}

function holdTable({ holds, nameOf }: RetentionPage): Html {
  const rows = holds.map(
    (one) => html`<tr>
      <td><code>${one.id}</code></td>
      <td>${one.model ?? 'all models'}${one.person !== null && html`, a person (<code>${one.person.slice(0, 8)}…</code>)`}</td>
      <td class="when">${one.since ? minuteText(one.since) : 'the beginning'} to ${one.until ? minuteText(one.until) : 'the end'}</td>
      <td>${one.releasedAt === null ? 'in force' : `released ${minuteText(one.releasedAt)} by ${one.releasedBy ? nameOf(one.releasedBy.id) : ''}: ${one.releaseReason ?? ''}`}</td>
      <td>${nameOf(one.placedBy.id)}</td>
      <td>${one.reason}</td>
    </tr>`,
  ); // prettier-ignore
  return listed(
    rows,
    html`<th>Hold</th>
      <th>Of</th>
      <th>Time (UTC)</th>
      <th>State</th>
      <th>Placed by</th>
      <th>Why</th>`,
  );
}

function deletionTable({ deletions }: RetentionPage): Html {
  const rows = deletions.map(({ seq, at, subject, data }) => {
    const { dataClass, tables, before, rows: count, rule } = deletionIn({ data });
    return html`<tr>
      <td class="when">${minuteText(at)}</td>
      <td>${subject.id}</td>
      <td><code>${dataClass}</code></td>
      <td>${tables.map(({ table, rows: of }) => `${table} ${countText(of)}`).join(', ')}</td>
      <td>${rule}</td>
      <td class="when">${before}</td>
      <td class="number">${countText(count)}</td>
      <td class="number">${seq}</td>
    </tr>`;
  });
  return listed(
    rows,
    html`<th>When (UTC)</th>
      <th>Of</th>
      <th>Class</th>
      <th>Tables</th>
      <th>Rule</th>
      <th>Older than</th>
      <th class="number">Rows</th>
      <th class="number">Entry</th>`,
  );
}

function erasureTable({ erasures, nameOf }: RetentionPage): Html {
  const rows = erasures.map(
    (one) => html`<tr>
      <td><code>${one.hash.slice(0, 8)}…</code></td>
      <td>${one.state.toLowerCase()}</td>
      <td class="when">${minuteText(one.finishedAt ?? one.askedAt)}</td>
      <td>${nameOf(one.askedBy.id)}${one.approvedBy && html`, ${nameOf(one.approvedBy.id)}`}</td>
      <td>${one.reason}</td>
      <td>${one.holds.length > 0 && html`held by ${one.holds.join(', ')}`}${Object.entries(one.erased?.rows ?? {}).map(([table, n]) => html`<code>${table}</code> ${countText(n)} `)}</td>
      <td class="number">${one.seq}</td>
    </tr>`,
  ); // prettier-ignore
  return listed(
    rows,
    html`<th>Person</th>
      <th>State</th>
      <th>When (UTC)</th>
      <th>By</th>
      <th>Why</th>
      <th>Stored rows</th>
      <th class="number">Entry</th>`,
  );
}

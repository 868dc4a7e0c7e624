import { MATCHED, meaningText } from '../domain/matcher.js';
import { weeklyText } from '../domain/weekly-time.js';
import { countText, minuteText } from '../domain/wording.js';
import { silenceState, type HeldBack, type Silence, type Silences } from '../incidents/silences.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { incidentPath, SILENCES } from './links.js';

/** What is held back, in words where the incident is still known. */
export interface Held extends HeldBack {
  readonly summary: string | null;
}

export interface SilencePage {
  readonly silences: readonly Silence[];
  readonly maintenance: ReturnType<Silences['maintenanceAt']>;
  readonly held: readonly Held[];
  readonly mayOperate: boolean;
  readonly now: Date;
}

/** What is not told, why, until when, and what that holds back. */
export function silencePage({ silences, maintenance, held, mayOperate, now }: SilencePage): PageContent {
  const rows = silences.map((one) => row(one, mayOperate, now));
  const list =
    rows.length === 0
      ? html`<p class="empty">Nothing is silenced.</p>`
      : dataTable(
          html`<th>Matches</th>
            <th>Time (UTC)</th>
            <th>State</th>
            <th class="number">Held back</th>
            <th>By</th>
            <th>Why</th>
            <th></th>`,
          rows,
        );
  const body = html`<h1>Silences</h1>
    <p class="lead">What matches is not told for a time. Who was told that a case opened is told that it closed all the same; what is still there when the silence ends is told then.</p>
    ${mayOperate && form()}
    <section class="panel"><h2>Silences</h2>${list}</section>
    ${maintenance.length > 0 && html`<section class="panel"><h2>Every week, by the channels file</h2>${maintenanceTable(maintenance)}</section>`}
    <section class="panel"><h2>Held back now</h2>${heldList(held)}</section>`; // prettier-ignore
  return { title: 'Silences', section: 'silences', body };
}

function row(one: Silence, mayOperate: boolean, now: Date): Html {
  const state = silenceState(one, now);
  return html`<tr>
    <td><code>${meaningText(one)}</code></td>
    <td class="when">${minuteText(one.startsAt)} to ${minuteText(one.endsAt)}</td>
    <td>${state.toLowerCase()}</td>
    <td class="number">${countText(one.suppressed)}</td>
    <td>${one.createdBy}</td>
    <td>${one.comment}</td>
    <td>
      ${
        mayOperate &&
        state !== 'EXPIRED' &&
        html`<form method="post" action="${SILENCES}/${one.id}/expire"><button>End now</button></form>`
      }
    </td>
  </tr>`; // prettier-ignore
}

function maintenanceTable(windows: SilencePage['maintenance']): Html {
  return dataTable(
    html`<th>Name</th>
      <th>Matches</th>
      <th>Time</th>
      <th>State</th>`,
    windows.map(
      (one) =>
        html`<tr>
          <th scope="row">${one.name}</th>
          <td><code>${meaningText(one)}</code></td>
          <td>${weeklyText(one)}</td>
          <td>${one.isOn ? 'active' : 'not now'}</td>
        </tr>`,
    ),
  );
}

function heldList(held: readonly Held[]): Html {
  if (held.length === 0) return html`<p class="empty">Nothing.</p>`;
  return html`<ul>
    ${held.map(
      ({ incidentId, by, summary }) =>
        html`<li>
          <a href="${incidentPath(incidentId)}">${summary ?? incidentId}</a>
          <span class="hint">by ${by}</span>
        </li>`,
    )}
  </ul>`;
}

function form(): Html {
  return html`<form class="tools" method="post" action="${SILENCES}">
    <label>What <input name="matchers" required placeholder="model=credit-* feature=age" aria-describedby="names" /></label>
    <label>For <select name="hours"><option value="1">1 h</option><option value="8">8 h</option><option value="24">24 h</option><option value="168">7 d</option></select></label>
    <label>Why <input name="comment" required /></label><button>Silence</button>
    <span class="hint" id="names">conditions on ${MATCHED.join(', ')}, with blanks between them; * stands for anything</span>
  </form>`; // prettier-ignore
}

import { ACTIONS } from '../domain/actions.js';
import { INCIDENT_STATES, type IncidentState } from '../domain/incident.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { caseList } from './case-list.js';
import { extraCostText, type ExtraCost } from '../domain/extra-cost.js';
import { extentText, factsOf } from '../domain/incident-facts.js';
import { effectText, statisticText, valueText } from '../domain/statistic-text.js';
import { countText, minuteText, spanText, words } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { incidentTable } from './incident-table.js';
import type { StoryEntry, ToldRow } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { casePath, featureLink, incidentPath, modelLink } from './links.js';
import { pager, type Paged } from './pager.js';
import { incidentState, severityBadge } from './state.js';

export interface IncidentsPage {
  readonly incidents: Paged<IncidentRecord>;
  /** Null shows every state. */
  readonly state: IncidentState | null;
  readonly cases: Paged<IncidentCase>;
}

export function incidentsPage({ incidents, state, cases }: IncidentsPage): PageContent {
  const tab = (label: string, value: string, current: boolean) =>
    html`<a href="/incidents${value && `?state=${value}`}" ${current && html` aria-current="true"`}
      >${label}</a
    >`;
  const tabs = html`<div class="tools">
    <span class="tabs" role="group" aria-label="State">
      ${tab('all', '', state === null)}${INCIDENT_STATES.map((one) => tab(words(one), one, state === one))}
    </span>
  </div>`;
  const pathOf = (page: number, cases: number) =>
    `/incidents?${state === null ? '' : `state=${state}&`}page=${page}&cases=${cases}`;
  const otherIncidents = pager(incidents, (page) => pathOf(page, cases.page));
  const otherCases = pager(cases, (page) => pathOf(incidents.page, page));
  const body = html`<h1>Incidents</h1>
    <p class="lead">What people are told about is a case: everything that goes on in one model version at a time.</p>
    <section class="panel"><h2>Open cases</h2>${caseList(cases.items)}${otherCases}</section>
    <section class="panel"><h2>All incidents</h2>${tabs}${incidentTable(incidents.items, 'None.')}${otherIncidents}</section>`; // prettier-ignore
  return { title: 'Incidents', section: 'incidents', body, live: true };
}

export interface IncidentPage {
  readonly incident: IncidentRecord;
  /** What it has cost; null where that is not known. */
  readonly cost: ExtraCost | null;
  readonly cause: IncidentRecord | null;
  readonly story: readonly StoryEntry[];
  readonly told: readonly ToldRow[];
  readonly mayOperate: boolean;
  /** The name behind an actor's id. */
  readonly nameOf: (id: string) => string;
  readonly now: Date;
}

function factList({ incident, cost, nameOf }: IncidentPage): Html {
  const { signal, policy } = incident;
  const { onset, foundAt, lastAt, lastedMs, pattern } = factsOf(incident.course);
  const open = incident.state !== 'CLOSED';
  const list: readonly (readonly [string, Html | string | null])[] = [
    ['Model', html`${modelLink(signal.model)} ${signal.version}`],
    ['Feature', featureLink(signal.model, signal.feature)],
    ['Check', `${words(signal.check)}, ${statisticText(incident.statistic)}`],
    ['Since', `${minuteText(onset)} (${open ? 'for' : 'lasted'} ${spanText(lastedMs)}, last seen ${minuteText(lastAt)})`],
    ['Comes and goes', pattern],
    ['Found', `${minuteText(foundAt)}; judged ${minuteText(incident.openedAt)}`],
    ['Closed', incident.closedAt && `${minuteText(incident.closedAt)} (${incident.closeReason ?? 'recovered'})`],
    ['How bad', extentText(signal.check, incident.course)],
    ['When told', `${valueText(signal.check, incident.statistic, incident.value)}, ${effectText(signal.check, incident.statistic, incident.effect)}, on ${countText(incident.n)} rows`],
    ['Cost so far', cost && extraCostText(cost)],
    ['Clear', `${incident.clearWindows} of ${incident.clearAfter} windows`],
    ['Occurrences', incident.occurrences > 1 ? countText(incident.occurrences) : null],
    ['Decided by', html`<span title="${policy.hash}">${policy.id} v${policy.version}</span>, rule ${policy.rule}`],
    ['Acknowledged', incident.acknowledgedBy && `by ${nameOf(incident.acknowledgedBy)}${incident.acknowledgedUntil ? ` until ${minuteText(incident.acknowledgedUntil)}` : ''}`],
    ['New normal?', incident.proposal ? html`<code>${incident.proposal}</code>` : null],
    ['Case', html`<a href="${casePath(incident.caseId)}">${incident.caseId}</a>`],
  ]; // prettier-ignore
  return html`<dl class="facts">
    ${list.map(
      ([name, value]) =>
        value &&
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function storyList({ story, nameOf }: IncidentPage): Html {
  const meaning = (action: string) => (ACTIONS as Readonly<Record<string, string>>)[action] ?? '';
  const items = story.map(
    (entry) =>
      html`<li>
        <strong title="${meaning(entry.action)}">${words(entry.action.replace('.', ' '))}</strong>
        <span class="when">${minuteText(new Date(entry.at))}</span>
        <a class="hint" href="/audit?before=${entry.seq + 1}">entry ${entry.seq}</a>
        <br />${entry.reason || html`<span class="hint">${meaning(entry.action)}</span>`}${entry.actorType !== 'system' && html` <span class="hint">by ${nameOf(entry.actor)}</span>`}
      </li>`,
  );
  return html`<ol class="story">
    ${items}
  </ol>`;
}

/** What became of a message, in the words of a person who waits for it. */
const TOLD: Readonly<Record<string, string>> = {
  requested: 'waiting',
  retry_scheduled: 'is tried again',
  ambiguous: 'being looked up',
  dead: 'not delivered',
  replayed: 'waiting again',
};

/** Who was told, and what became of it. */
export function toldTable(told: readonly ToldRow[]): Html {
  if (told.length === 0)
    return html`<p class="empty">Nobody was told: no channel takes incidents like this one.</p>`;
  const rows = told.map(
    (one) =>
      html`<tr>
        <td>${one.kind}</td>
        <td>${one.destination}</td>
        <td>${one.channel}</td>
        <td>${one.purpose}</td>
        <td>
          ${TOLD[one.state] ?? one.state}${one.attempts > 1 && html` <span class="hint">after ${one.attempts} attempts</span>`}
        </td>
        <td class="when">${minuteText(new Date(one.changedAt))}</td>
      </tr>`,
  );
  return dataTable(
    html`<th>By</th>
      <th>To</th>
      <th>Channel</th>
      <th>About</th>
      <th>State</th>
      <th>When</th>`,
    rows,
  );
}

function actions({ incident, mayOperate, now }: IncidentPage): Html | null {
  const held = incident.acknowledgedUntil !== null && incident.acknowledgedUntil > now;
  if (incident.state === 'CLOSED' || held) return null;
  if (!mayOperate) return html`<p class="hint">A key that may operate can acknowledge this.</p>`;
  return html`<form class="tools" method="post" action="${incidentPath(incident.id)}/acknowledge">
    <button>Acknowledge</button>
    <span class="hint"
      >It then stops asking for attention for a day, or until it becomes worse. Its end is told all the
      same.</span
    >
  </form>`;
}

/** One incident with everything that was decided about it. */
export function incidentPage(page: IncidentPage): PageContent {
  const { incident, cause, told } = page;
  const explained =
    cause &&
    html`<p>
      Explained by <a href="${incidentPath(cause.id)}">${cause.summary}</a>; it is not announced by itself.
    </p>`;
  const body = html`<p class="crumbs"><a href="/incidents">Incidents</a> / ${incident.id}</p>
    <h1>${incident.summary}</h1>
    <p>${severityBadge(incident.severity)} ${incidentState(incident.state)}</p>
    ${explained}${actions(page)}
    <section class="panel">${factList(page)}</section>
    <div class="grid">
      <section class="panel"><h2>Story</h2>${storyList(page)}</section>
      <section class="panel"><h2>Who was told</h2>${toldTable(told)}</section>
    </div>`; // prettier-ignore
  return { title: incident.summary, section: 'incidents', body };
}

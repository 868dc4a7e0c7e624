import { actionMeaning } from '../domain/actions.js';
import { INCIDENT_STATES, type IncidentState } from '../domain/incident.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { caseList, type Telling } from './case-list.js';
import { isBeyondBins } from './numbers-now.js';
import { extraCostText, type ExtraCost } from '../domain/extra-cost.js';
import { extentText, factsOf } from '../domain/incident-facts.js';
import { headlineOf, windowWords } from '../domain/incident-headline.js';
import type { Trend } from '../notify/trend-picture.js';
import { effectText, statisticText, valueText } from '../domain/statistic-text.js';
import { countText, minuteText, spanText, words } from '../domain/wording.js';
import type { IncidentEvidence } from '../pipeline/incident-evidence.js';
import { evidenceSection } from './evidence-section.js';
import { factList } from './fact-list.js';
import { html, type Html } from './html.js';
import { incidentTable } from './incident-table.js';
import type { StoryEntry, ToldRow } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { casePath, featureLink, incidentPath, modelLink } from './links.js';
import { toldTable } from './told-table.js';
import { trendFigure } from './trend-figure.js';
import { pager, type Paged } from './pager.js';
import { incidentState, severityBadge } from './state.js';

export interface IncidentsPage {
  readonly incidents: Paged<IncidentRecord>;
  /** Null shows every state. */
  readonly state: IncidentState | null;
  readonly cases: Paged<IncidentCase>;
  readonly tell: Telling;
}

export function incidentsPage({ incidents, state, cases, tell }: IncidentsPage): PageContent {
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
    <section class="panel"><h2>Open cases</h2>${caseList(cases.items, tell)}${otherCases}</section>
    <section class="panel"><h2>All incidents</h2>${tabs}${incidentTable(incidents.items, 'None.')}${otherIncidents}</section>`; // prettier-ignore
  return { title: 'Incidents', section: 'incidents', body, live: true };
}

export interface IncidentPage {
  readonly incident: IncidentRecord;
  /** From what to what; null where there are no such two numbers. */
  readonly change: string | null;
  /** What it has cost; null where that is not known. */
  readonly cost: ExtraCost | null;
  readonly cause: IncidentRecord | null;
  readonly story: readonly StoryEntry[];
  readonly told: readonly ToldRow[];
  /** How large it was window by window. */
  readonly trend: Trend;
  readonly evidence: IncidentEvidence;
  readonly mayOperate: boolean;
  /** The name behind an actor's id. */
  readonly nameOf: (id: string) => string;
  readonly now: Date;
}

function facts({ incident, change, cost, nameOf }: IncidentPage): Html {
  const { signal, policy } = incident;
  const { onset, foundAt, lastAt, lastedMs, pattern } = factsOf(incident.course);
  const { seenFrom } = incident.course;
  const open = incident.state !== 'CLOSED';
  const list: readonly (readonly [string, Html | string | null])[] = [
    ['Model', html`${modelLink(signal.model)} ${signal.version}`],
    [signal.feature === null && signal.segment !== '' ? 'Segment' : 'Feature', featureLink(signal.model, signal.feature, signal.segment)],
    ['Check', `${words(signal.check)}, ${statisticText(incident.statistic)}`],
    ['By how much', change],
    ['How bad', extentText(signal.check, incident.course)],
    ['In event time (UTC)', `from ${minuteText(onset)} ${open ? 'on, last seen' : 'to'} ${minuteText(lastAt)}: ${spanText(lastedMs)}`],
    ['Comes and goes', pattern],
    ['Found', `by the window to ${minuteText(foundAt)}, event time${seenFrom ? `; windows from ${minuteText(seenFrom)} on show it` : ''}`],
    ['By the clock (UTC)', `judged ${minuteText(incident.openedAt)}${incident.closedAt ? `, closed ${minuteText(incident.closedAt)} (${incident.closeReason ?? 'recovered'})` : ''}`],
    [`In the ${incident.saidFrom ? `windows from ${minuteText(incident.saidFrom)}` : 'window'} that ${incident.saidFrom ? 'were' : 'was'} told`, (incident.value === null && incident.effect === null) || isBeyondBins(incident) ? null : `${valueText(signal.check, incident.statistic, incident.value)}, ${effectText(signal.check, incident.statistic, incident.effect)}, on ${countText(incident.n)} rows`],
    [open ? 'Cost of all answers so far' : 'Cost of all answers meanwhile', cost && extraCostText(cost)],
    ['Clear', `${incident.clearWindows} of ${incident.clearAfter} windows`],
    ['Occurrences', incident.occurrences > 1 ? countText(incident.occurrences) : null],
    ['Decided by', html`<span title="${policy.hash}">${policy.id} v${policy.version}</span>, rule ${policy.rule}`],
    ['Acknowledged', incident.acknowledgedBy && `by ${nameOf(incident.acknowledgedBy)}${incident.acknowledgedUntil ? ` until ${minuteText(incident.acknowledgedUntil)}` : ''}`],
    ['New normal?', incident.proposal ? html`<code>${incident.proposal}</code>` : null],
    ['Case', html`<a href="${casePath(incident.caseId)}">${incident.caseId}</a>`],
  ]; // prettier-ignore
  return factList(list);
}

function storyList({ story, nameOf }: IncidentPage): Html {
  const items = story.map(
    (entry) =>
      html`<li>
        <strong title="${actionMeaning(entry.action)}">${words(entry.action.replace('.', ' '))}</strong>
        <span class="when">${minuteText(new Date(entry.at))}</span>
        <a class="hint" href="/audit?before=${entry.seq + 1}">entry ${entry.seq}</a>
        <br />${entry.reason || html`<span class="hint">${actionMeaning(entry.action)}</span>`}${entry.actorType !== 'system' && html` <span class="hint">by ${nameOf(entry.actor)}</span>`}
      </li>`,
  );
  return html`<ol class="story">
    ${items}
  </ol>`;
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
  const { incident, cause, told, trend } = page;
  const said = windowWords(incident);
  const explained =
    cause &&
    html`<p>
      Explained by <a href="${incidentPath(cause.id)}">${headlineOf(cause)}</a>; it is not announced by
      itself.
    </p>`;
  const body = html`<p class="crumbs"><a href="/incidents">Incidents</a> / ${incident.id}</p>
    <h1>${headlineOf(incident)}</h1>
    ${said !== null && html`<p class="lead">${said}</p>`}
    <p>${severityBadge(incident.severity)} ${incidentState(incident.state)}</p>
    ${explained}${actions(page)}
    <section class="panel">${facts(page)}</section>
    ${trendFigure(incident, trend)}
    ${evidenceSection(page.evidence)}
    <div class="grid">
      <section class="panel"><h2>Story</h2>${storyList(page)}</section>
      <section class="panel"><h2>Who was told</h2>${toldTable(told)}</section>
    </div>`; // prettier-ignore
  return { title: headlineOf(incident), section: 'incidents', body, charts: true };
}

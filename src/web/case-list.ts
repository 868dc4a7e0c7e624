import { headlineOf, windowWords } from '../domain/incident-headline.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { minuteText, spanText } from '../domain/wording.js';
import { stretchOf, type CaseNow } from '../notify/case-now.js';
import type { CaseTelling } from '../notify/message.js';
import { html, type Html } from './html.js';
import { casePath, featurePath, incidentPath, modelLink } from './links.js';
import { incidentState, severityBadge } from './state.js';

/** What a message would say of a case; undefined where nobody can say. */
export type Telling = (
  one: IncidentCase,
) => Pick<CaseTelling<IncidentRecord>, 'about' | 'briefing'> | undefined;

/** Findings of one case on a list of cases. */
const LISTED_FINDINGS = 5;

/** When what a case is about began, as messages say it: the onset of what leads, of a case that is over of all of it; and how long that has been there, in event time. */
function extentOf({ leading, about, over }: CaseNow<IncidentRecord>): { readonly from: Date; readonly lastedMs: number } {
  const all = over ?? stretchOf(about);
  const from = over ? over.from : leading.course.onset;
  return { from, lastedMs: all.to.getTime() - from.getTime() };
} // prettier-ignore

function member(incident: IncidentRecord): Html {
  const { signal } = incident;
  const place =
    signal.feature === null
      ? null
      : html` · <a href="${featurePath(signal.model, signal.feature)}">chart</a>`;
  const said = windowWords(incident);
  return html`<li>
    ${severityBadge(incident.severity)}
    <a href="${incidentPath(incident.id)}">${headlineOf(incident)}</a>${place}
    ${incident.state === 'OPEN' ? null : incidentState(incident.state)}
    ${said !== null && html`<div class="hint">${said}</div>`}
  </li>`;
}

/** Cases with their title and probable cause as messages say them, what moved, since when and how bad; incidents that a fault explains are listed with it. */
export function caseList(cases: readonly IncidentCase[], tell: Telling): Html {
  if (cases.length === 0) return html`<p class="empty">Nothing is open.</p>`;
  const items = cases.map((one) => {
    const told = tell(one);
    if (!told) return null;
    const { about, briefing } = told;
    const shown = about.ranked.filter((finding) => about.over !== null || finding.state !== 'CLOSED');
    const { from, lastedMs } = extentOf(about);
    return html`<li>
      <h3>
        ${severityBadge(about.severity)} ${modelLink(one.model)}
        <span class="hint">${one.version}</span>: <a href="${casePath(one.id)}">${briefing.title}</a>
      </h3>
      ${briefing.cause && html`<div>Probable cause: ${briefing.cause.text}</div>`}
      <div class="hint">
        in event time since ${minuteText(from)}, for ${spanText(lastedMs)} · judged
        ${minuteText(one.openedAt)} by the clock ·
        <a href="${casePath(one.id)}">${shown.length} ${shown.length === 1 ? 'finding' : 'findings'}</a>
      </div>
      <ul>
        ${shown.slice(0, LISTED_FINDINGS).map(member)}
        ${shown.length > LISTED_FINDINGS && html`<li><a href="${casePath(one.id)}">and ${shown.length - LISTED_FINDINGS} more</a></li>`}
      </ul>
    </li>`;
  });
  return html`<ol class="cases">
    ${items}
  </ol>`;
}

import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Region } from './chart.js';
import { factsOf } from '../domain/incident-facts.js';
import { headlineOf, windowWords } from '../domain/incident-headline.js';
import { minuteText, spanText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { featureLink, incidentPath, modelLink } from './links.js';
import { incidentState, severityBadge } from './state.js';

interface TableWish {
  readonly ofOneModel?: boolean;
  /** What else is to be known of one, by its id: that a silence holds it back. */
  readonly noteOf?: (id: string) => string | undefined;
}

/** Incidents, one row each, newest first: what happened with how bad it was, when in event time, and when people heard the last of it. */
export function incidentTable(
  incidents: readonly IncidentRecord[],
  none: string,
  { ofOneModel = false, noteOf }: TableWish = {},
): Html {
  if (incidents.length === 0) return html`<p class="empty">${none}</p>`;
  const rows = incidents.map((incident) => {
    const { severity, state, signal, explainedBy, openedAt, closedAt } = incident;
    const said = windowWords(incident);
    const note = noteOf?.(incident.id);
    return html`<tr>
      <td>
        ${severityBadge(severity)}
        ${incidentState(state)}${note !== undefined && html`<div class="hint">${note}</div>`}
      </td>
      <td class="wide">
        <a href="${incidentPath(incident.id)}">${headlineOf(incident)}</a>
        ${said !== null && html`<div class="hint">${said}</div>`}
        <div class="hint">
          ${!ofOneModel && html`${modelLink(signal.model)} ${signal.version} · `}${featureLink(signal.model, signal.feature, signal.segment)}${explainedBy && ' · follows from another finding'}
        </div>
      </td>
      <td data-label="In event time">${eventTime(incident)}</td>
      <td data-label="By the clock" class="hint">
        judged ${minuteText(openedAt)}${closedAt && html`<br />closed ${minuteText(closedAt)}`}
      </td>
    </tr>`;
  });
  return dataTable(
    html`<th>State</th>
      <th>What</th>
      <th>In event time (UTC)</th>
      <th>By the clock (UTC)</th>`,
    rows,
    { stacks: true },
  );
}

/** From when to when the change was in the data, and which window found it. */
function eventTime({ course, state }: IncidentRecord): Html {
  const { onset, foundAt, lastAt, lastedMs } = factsOf(course);
  const end = state === 'CLOSED' ? html`to ${minuteText(lastAt)}` : html`still at ${minuteText(lastAt)}`;
  return html`${minuteText(onset)}<br />${end}
    <div class="hint">${spanText(lastedMs)}; found ${minuteText(foundAt)}</div>`;
}

/**
 * When incidents were going on in event time, to be marked on charts: stretches that meet are one, and those of mere interest are left out.
 */
export function regionsOf(incidents: readonly IncidentRecord[]): readonly Region[] {
  const stretches = incidents
    .filter(({ severity }) => severity !== 'info')
    .map(({ course, state }) => ({
      from: course.onset.getTime(),
      to: state === 'CLOSED' ? course.lastAt.getTime() : Infinity,
    }))
    .sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to);
    else merged.push({ ...stretch });
  }
  return merged.map(({ from, to }) => ({ from: new Date(from), to: to === Infinity ? null : new Date(to) }));
}

import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Region } from './chart.js';
import { minuteText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { featureLink, incidentPath, modelLink } from './links.js';
import { incidentState, severityBadge } from './state.js';

/** Incidents, one row each, newest first. */
export function incidentTable(incidents: readonly IncidentRecord[], none: string): Html {
  if (incidents.length === 0) return html`<p class="empty">${none}</p>`;
  const rows = incidents.map(
    (incident) =>
      html`<tr>
        <td>${severityBadge(incident.severity)}</td>
        <td>${incidentState(incident.state)}</td>
        <td class="wide">
          <a href="${incidentPath(incident.id)}">${incident.summary}</a
          >${incident.explainedBy && html` <span class="hint">explained by another</span>`}
        </td>
        <td>${modelLink(incident.signal.model)}</td>
        <td>${featureLink(incident.signal.model, incident.signal.feature)}</td>
        <td class="when">${minuteText(incident.course.onset)}</td>
        <td class="when">${minuteText(incident.course.foundAt)}</td>
        <td class="when">${incident.closedAt && minuteText(incident.closedAt)}</td>
      </tr>`,
  );
  return dataTable(
    html`<th>Severity</th>
      <th>State</th>
      <th>What</th>
      <th>Model</th>
      <th>Feature</th>
      <th>Since</th>
      <th>Found</th>
      <th>Closed</th>`,
    rows,
    { broad: true },
  );
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

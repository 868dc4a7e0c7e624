import { trafficText, type VersionComparison } from '../domain/version-comparison.js';
import { countText, intervalText, minuteText, numberText, percentText, words } from '../domain/wording.js';
import type { ModelVersion, RegisteredModel } from '../registry/registry.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { comparisonPath, modelPath } from './links.js';
import { metricTitle } from './metric-title.js';
import { recordPanel } from './record.panel.js';

export interface ComparisonPage {
  readonly registered: RegisteredModel;
  readonly own: ModelVersion;
  /** Null where there is no other. */
  readonly other: ModelVersion | null;
  readonly found: VersionComparison | null;
}

/** Two versions side by side. */
export function comparisonPage({ registered, own, other, found }: ComparisonPage): PageContent {
  const { key } = registered.model;
  const others = registered.versions.filter(({ version }) => version !== own.version);
  const body = html`<p class="crumbs">
      <a href="/">Fleet</a> / <a href="${modelPath(key)}">${key}</a> / ${own.version}
    </p>
    <h1>${own.version} ${other && `beside ${other.version}`}</h1>
    ${found ? comparison(found, registered.model.costs?.currency) : html`<p class="empty">There is no other version to hold it against.</p>`}
    ${recordPanel(own)}
    <section class="panel">
      <h2>Versions</h2>
      ${dataTable(html`<th>Held against</th><th>Stage</th><th>Known since</th>`, others.map((one) => versionRow(key, own, one)))}
    </section>`; // prettier-ignore
  return { title: `${key} ${own.version}`, section: 'fleet', body };
}

function versionRow(key: string, own: ModelVersion, one: ModelVersion): Html {
  return html`<tr>
    <th scope="row"><a href="${comparisonPath(key, own.version, one.version)}">${one.version}</a></th>
    <td>${words(one.stage)}</td>
    <td class="when">${one.firstSeenAt ? minuteText(one.firstSeenAt) : 'no row yet'}</td>
  </tr>`;
}

function comparison(found: VersionComparison, currency: string | undefined): Html {
  const { from, to, advice, reason, certainty, requests, agreement, segments, metrics } = found;
  const share = trafficText(found);
  const sure = certainty === null ? '' : `; ${certaintyText(certainty)} sure that they differ, whenever one looks`;
  return html`<section class="panel"><h2>${words(advice.toLowerCase())}</h2><p>${reason}${sure}.</p>${from && to && html`<p>Both answered from ${minuteText(from)} to ${minuteText(to)}${share === null ? '' : `, this version ${share}`}.</p>`}</section>
    <section class="panel"><h2>Metrics</h2>${dataTable(
      html`<th>Metric</th><th class="number">This version</th><th class="number">The other</th><th class="number">Difference</th><th class="number">95 % interval</th><th>Taken from</th>`,
      metrics.map((one) => metricRow(one, currency)),
      { caption: html`Where both answered a request it is compared with itself; else rows of their own in the same time, which is the wider interval` },
    )}</section>
    <section class="panel"><h2>Agreement</h2>${requests === 0
      ? html`<p class="empty">No request was answered by both: send the same <code>prediction_id</code>, or the same <code>request_id</code>, for both versions.</p>`
      : dataTable(html`<th>Requests</th><th class="number">Answered by both</th><th class="number">Alike</th>`, [
          { segment: 'all', requests, agreement }, ...segments,
        ].map((one) => html`<tr><th scope="row">${one.segment}</th><td class="number">${countText(one.requests)}</td><td class="number">${percentText(one.agreement)}</td></tr>`))}</section>`;
} // prettier-ignore

function metricRow(one: VersionComparison['metrics'][number], currency: string | undefined): Html {
  const { metric, value, other, difference, low, high, paired, reason } = one;
  return html`<tr>
    <th scope="row">${metricTitle(metric, currency)}</th>
    <td class="number">${numberText(value)}</td>
    <td class="number">${numberText(other)}</td>
    <td class="number">${numberText(difference)}</td>
    <td class="number">${intervalText(low, high)}</td>
    <td>${reason ?? (paired ? 'request by request' : 'own rows')}</td>
  </tr>`;
}

/** Nothing is entirely sure. */
function certaintyText(certainty: number): string {
  return certainty > 0.999 ? 'more than 99.9 %' : percentText(certainty);
}

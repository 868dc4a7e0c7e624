import { countText, numberText } from '../domain/wording.js';
import { explainPolicy } from '../policies/explain-policy.js';
import { Policy } from '../policies/policy-schema.js';
import type { Rehearsal } from '../policies/policy-proposal.js';
import type { Change } from '../registry/json-diff.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';

/** What a policy would have done with stored results, in numbers beside those in force. */
export function rehearsalTable({
  days,
  windows,
  concerned,
  alerts,
  retrainings,
  messagesPerWeek,
  notComputed,
}: Rehearsal): Html {
  const row = (name: string, active: string, candidate: string) =>
    html`<tr><td>${name}</td><td class="number">${active}</td><td class="number">${candidate}</td></tr>`; // prettier-ignore
  const rows = [
    row('alerts', countText(alerts.active), countText(alerts.candidate)),
    row('trainings asked for', countText(retrainings.active), countText(retrainings.candidate)),
    ...messagesPerWeek.map(({ channel, active, candidate }) =>
      row(`messages a week to ${channel}`, numberText(active), numberText(candidate)),
    ),
  ];
  const untried = concerned === 0 && html`<p role="status">Nothing of it could be tried: the models that it is about have no judged window in these days.</p>`; // prettier-ignore
  return html`${untried}<p>${countText(windows)} windows of the last ${numberText(days)} days judged again${concerned !== null && `, ${countText(concerned)} of them of models that it is about`}: ${countText(alerts.added)} alerts added, ${countText(alerts.removed)} removed.</p>
    ${dataTable(html`<th></th><th class="number">In force</th><th class="number">With it</th>`, rows)}
    ${notComputed.map((name) => html`<p class="hint">${name} read no labels of these windows: what it would have found is not counted.</p>`)}`; // prettier-ignore
}

/** What a text says, for who does not read policy files; nothing of one that this version cannot read. */
export function policyInWords(content: unknown): Html | null {
  const parsed = Policy.safeParse(content);
  if (!parsed.success) return null;
  const text = explainPolicy(parsed.data).join('\n');
  return html`<section class="panel">
    <h2>In words</h2>
    <pre>${text}</pre>
  </section>`;
}

/** What one text changes against another, place by place. */
export function changeTable(changes: readonly Change[]): Html {
  if (changes.length === 0) return html`<p class="empty">Nothing to compare it with.</p>`;
  const shown = (value: unknown) =>
    value === null || value === undefined ? html`<span class="hint">nothing</span>` : html`<code>${JSON.stringify(value)}</code>`; // prettier-ignore
  const rows = changes.map(
    ({ path, before, after }) =>
      html`<tr><td><code>${path}</code></td><td>${shown(before)}</td><td>${shown(after)}</td></tr>`,
  ); // prettier-ignore
  return dataTable(
    html`<th>Where</th>
      <th>Before</th>
      <th>After</th>`,
    rows,
  );
}

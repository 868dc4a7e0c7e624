import { groupBy } from '../domain/group-by.js';
import { minuteText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { ToldRow } from './incident.reads.js';

/** What became of a message, in the words of a person who waits for it. */
const STATES: Readonly<Record<string, string>> = {
  requested: 'waiting',
  attempting: 'being sent',
  retry_scheduled: 'is tried again',
  ambiguous: 'being looked up: the receiver may have it',
  dead: 'not delivered',
  replayed: 'waiting again',
  superseded: 'replaced by a newer one',
};

/** What a message about a case said. */
const PURPOSES: Readonly<Record<string, string>> = {
  opened: 'that it opened',
  updated: 'what changed',
  reopened: 'that it is back',
  closed: 'that it is over',
};

/** The channel of those who hear of a case because they heard of it before, whatever the routes say by now. */
const SETTLEMENT = 'settlement';

/** Who was told, and what became of it: a row for everybody, the newest message first and the others behind it. */
export function toldTable(told: readonly ToldRow[]): Html {
  if (told.length === 0)
    return html`<p class="empty">Nobody was told: no channel takes incidents like this one.</p>`;
  const receivers = groupBy(told, ({ kind, destination }) => nameOf(kind, destination));
  const rows = [...receivers].map(([name, messages]) => {
    const [newest, ...others] = messages;
    if (!newest) return null;
    return html`<tr>
      <td data-label="Who">${name}${channelsOf(messages)}</td>
      <td data-label="Told">
        ${lineOf(newest)}
        ${others.length > 0 && html`<details><summary>${others.length} before</summary><ul>${others.map((one) => html`<li>${lineOf(one)}</li>`)}</ul></details>`}
      </td>
    </tr>`; // prettier-ignore
  });
  return dataTable(
    html`<th>Who</th>
      <th>Told, newest first (UTC)</th>`,
    rows,
    { stacks: true },
  );
}

function nameOf(kind: string, destination: string): string {
  return kind === destination ? kind : `${kind} ${destination}`;
}

function channelsOf(messages: readonly ToldRow[]): Html | null {
  const named = [...new Set(messages.map(({ channel }) => channel))].filter((one) => one !== SETTLEMENT);
  return named.length === 0 ? null : html`<div class="hint">by the channel ${named.join(', ')}</div>`;
}

function lineOf({ state, purpose, attempts, changedAt }: ToldRow): Html {
  const what = PURPOSES[purpose] ?? purpose;
  const outcome = state === 'delivered' ? '' : `: ${STATES[state] ?? state}`;
  const tries = attempts > 1 && html` <span class="hint">after ${attempts} attempts</span>`;
  return html`<span class="when">${minuteText(new Date(changedAt))}</span> ${what}${outcome}${tries}`;
}

import type { Delivery } from '../notify/delivery.js';
import { secondText } from '../domain/wording.js';
import type { AttemptEntry } from './attempt.reads.js';
import { dataTable } from './data-table.js';
import { deliveryAbout, deliveryState, receiverName } from './delivery.page.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { DELIVERIES } from './links.js';

export interface AttemptPage {
  readonly delivery: Delivery;
  /** The channel that led there, or why it hears without one. */
  readonly way: string;
  readonly entries: readonly AttemptEntry[];
  /** The name behind an actor's id. */
  readonly nameOf: (id: string) => string;
}

/** What happened to a message, in the words of a person who waits for it. */
const HAPPENED: Readonly<Record<string, string>> = {
  'delivery.requested': 'asked for',
  'delivery.attempting': 'is about to be sent',
  'delivery.delivered': 'delivered',
  'delivery.retry_scheduled': 'not taken',
  'delivery.ambiguous': 'perhaps taken, the answer was lost: the receiver is asked, or is sent the same message under the same id',
  'delivery.dead': 'given up',
  'delivery.superseded': 'replaced by a newer message that says all of it',
  'delivery.replayed': 'sent again by a person',
}; // prettier-ignore

/** One message with each of its attempts, as the ledger has them. */
export function attemptPage({ delivery, way, entries, nameOf }: AttemptPage): PageContent {
  const title = `Message to ${receiverName(delivery)}`;
  const rows = entries.map((entry) => rowOf(entry, nameOf));
  const body = html`<p class="crumbs"><a href="${DELIVERIES}">Deliveries</a> / ${delivery.id}</p>
    <h1>${title}</h1>
    <p>${deliveryState(delivery)} ${deliveryAbout(delivery)} <span class="hint">by ${way}, message ${delivery.seq} to it about this</span></p>
    <section class="panel"><h2>Attempts</h2>${dataTable(
      html`<th>When (UTC)</th><th>Attempt</th><th>What happened</th><th>Answer</th><th></th>`,
      rows,
      { stacks: true },
    )}</section>`; // prettier-ignore
  return { title, section: 'deliveries', body, live: true };
}

function rowOf(entry: AttemptEntry, nameOf: (id: string) => string): Html {
  const { seq, at, action, actor, actorType, attempt, code, error, nextAt } = entry;
  const next = nextAt !== '' && html`; again at ${secondText(new Date(nextAt))}`;
  const by = actorType !== 'system' && html` <span class="hint">${nameOf(actor)}</span>`;
  return html`<tr>
    <td class="when">${secondText(new Date(at))}</td>
    <td>${attempt > 0 && `attempt ${attempt}`}</td>
    <td class="wide">${HAPPENED[action] ?? action}${next}${by}</td>
    <td>${code && html`<strong>${code}</strong> `}${error}</td>
    <td><a class="hint" href="/audit?before=${seq + 1}">entry ${seq}</a></td>
  </tr>`;
}

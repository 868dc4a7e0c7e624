import type { Delivery } from '../notify/delivery.js';
import { isReplayable } from '../notify/delivery-commands.js';
import { wayText } from '../notify/delivery-words.js';
import { countText, secondText } from '../domain/wording.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import {
  approvalPath,
  casePath,
  closedDestinationPath,
  deliveryPath,
  DELIVERIES,
  retrainingPath,
} from './links.js';
import { pager, type Paged } from './pager.js';

/** A destination that answered that it is gone. */
export interface ClosedDestination {
  readonly id: string;
  readonly name: string;
  /** Messages that wait for it. */
  readonly waiting: number;
}

export interface DeliveryPage {
  /** Not delivered: dead, or tried again. */
  readonly troubled: Paged<Delivery>;
  readonly all: Paged<Delivery>;
  readonly closed: readonly ClosedDestination[];
  /** Names of the channels file. */
  readonly channels: readonly string[];
  readonly mayOperate: boolean;
}

const STATES: Readonly<Record<Delivery['state'], readonly [kind: string, text: string]>> = {
  queued: ['none', 'waiting'],
  attempting: ['none', 'being sent'],
  retry: ['notice', 'is tried again'],
  ambiguous: ['notice', 'being looked up'],
  delivered: ['ok', 'delivered'],
  dead: ['alert', 'not delivered'],
  superseded: ['none', 'replaced by a newer one'],
};

const HELD: Readonly<Record<NonNullable<Delivery['held']>, readonly [kind: string, text: string]>> = {
  budget: ['notice', 'waits for the digest: the budget is used up'],
  quiet: ['none', 'waits for the digest: quiet time'],
};

/** What a message is about, with the page of that. */
export function deliveryAbout({ message, purpose }: Delivery): Html {
  if (message.type === 'ledger_notice') return html`<a href="/audit">the ledger</a>`;
  if (message.type === 'approval_notice')
    return html`<a href="${approvalPath(message.approvalId)}">${message.what}</a>`;
  if (message.type === 'deadline_notice') return html`<a href="${message.links.page}">${message.what}</a>`;
  if (message.type === 'test') return html`test, asked for by ${message.by}`;
  if (message.type === 'digest') return html`digest of ${countText(message.open + message.over)} cases`;
  if (message.type === 'weekly') return html`the week to ${message.to.slice(0, 10)}`;
  if (message.type !== 'case') {
    const id = message.type === 'retrain' ? message.id : message.retrainingId;
    return html`<a href="${retrainingPath(id)}">training of ${message.model}</a>`;
  }
  return html`<a href="${casePath(message.caseId)}">${message.model} ${message.version}</a> ${purpose}`;
}

function again(delivery: Delivery, mayOperate: boolean): Html | null {
  if (!mayOperate || !isReplayable(delivery)) return null;
  return html`<form method="post" action="${deliveryPath(delivery.id)}/replay">
    <button class="quiet">Send now</button>
  </form>`;
}

/** Who a message is for, by the kind of receiver and its address. */
export function receiverName({ destination: { kind, address } }: Delivery): string {
  return kind === address ? kind : `${kind} ${address}`;
}

/** What has become of a message, as a word on a ground. */
export function deliveryState({ state, held, nextAt }: Delivery): Html {
  const [kind, text] = held !== null && state === 'queued' ? HELD[held] : STATES[state];
  const next = state === 'retry' && html` <span class="hint">at ${secondText(nextAt)}</span>`;
  return html`<span class="state ${kind}">${text}</span>${next}`;
}

function rowOf(
  delivery: Delivery,
  { channels, mayOperate }: Pick<DeliveryPage, 'channels' | 'mayOperate'>,
): Html {
  const { id, channel, attempts, error, requestedAt, state } = delivery;
  // The state says that already.
  const code = state === 'superseded' ? null : delivery.code;
  return html`<tr>
    <td class="when"><a href="${deliveryPath(id)}">${secondText(requestedAt)}</a></td>
    <td>${receiverName(delivery)}</td>
    <td>${wayText(channel, channels)}</td>
    <td class="wide">${deliveryAbout(delivery)}</td>
    <td>${deliveryState(delivery)}</td>
    <td class="number">${countText(attempts)}</td>
    <td class="wide">${code && html`<strong>${code}</strong> `}${error}</td>
    <td>${again(delivery, mayOperate)}</td>
  </tr>`;
}

function deliveryTable(
  { items }: Paged<Delivery>,
  page: Pick<DeliveryPage, 'channels' | 'mayOperate'>,
): Html {
  if (items.length === 0) return html`<p class="empty">None.</p>`;
  return dataTable(
    html`<th>Asked for (UTC)</th>
      <th>To</th>
      <th>By the channel, or why</th>
      <th>About</th>
      <th>State</th>
      <th class="number">Attempts</th>
      <th>Reason</th>
      <th></th>`,
    items.map((delivery) => rowOf(delivery, page)),
    { broad: true },
  );
}

function closedList(closed: readonly ClosedDestination[], mayOperate: boolean): Html | null {
  if (closed.length === 0) return null;
  const items = closed.map(({ id, name, waiting }) => {
    const form =
      mayOperate &&
      html`<form class="tools" method="post" action="${closedDestinationPath(id)}/enable">
        <label>Why it may be used again <input name="note" required /></label>
        <button>Open again</button>
      </form>`;
    return html`<li>
      <strong>${name}</strong> <span class="mono hint">${id}</span>: ${countText(waiting)} waiting ${form}
    </li>`;
  });
  return html`<section class="panel">
    <h2>Closed destinations</h2>
    <p class="hint">
      They answered that they are gone. Nothing is sent there until somebody opens them again.
    </p>
    <ul>
      ${items}
    </ul>
  </section>`;
}

/** Who was told, and who was not. */
export function deliveryPage({ troubled, all, closed, channels, mayOperate }: DeliveryPage): PageContent {
  const pathOf = (troubledPage: number, page: number) =>
    `${DELIVERIES}?troubled=${troubledPage}&page=${page}`;
  const body = html`<h1>Deliveries</h1>
    <p class="lead">
      Messages to channels and training jobs. What a destination refuses is tried again while its case is open,
      and told to the channel called fallback or on the console.
    </p>
    ${closedList(closed, mayOperate)}
    <section class="panel"><h2>Not delivered</h2>${deliveryTable(troubled, { channels, mayOperate })}${pager(troubled, (to) => pathOf(to, all.page))}</section>
    <section class="panel"><h2>All, newest first</h2>${deliveryTable(all, { channels, mayOperate: false })}${pager(all, (to) => pathOf(troubled.page, to))}</section>`; // prettier-ignore
  return { title: 'Deliveries', section: 'deliveries', body, live: true };
}

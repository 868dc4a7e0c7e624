import { countText, secondText } from '../domain/wording.js';
import type { ChannelHealth, DestinationHealth } from '../notify/channel-health.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { CHANNELS, DELIVERIES } from './links.js';

export interface ChannelsPage {
  readonly channels: readonly ChannelHealth[];
  readonly mayOperate: boolean;
  /** Why the channels file as it is written now is not in force; null where it is. */
  readonly problem: string | null;
}

const STATES: Readonly<Record<DestinationHealth['state'], readonly [kind: string, text: string]>> = {
  untried: ['none', 'nothing sent yet'],
  works: ['ok', 'works'],
  failing: ['alert', 'takes nothing'],
  closed: ['alert', 'closed'],
};

function ping({ id }: DestinationHealth, mayOperate: boolean): Html | null {
  if (!mayOperate) return null;
  return html`<form method="post" action="${CHANNELS}/${encodeURIComponent(id)}/test">
    <button class="quiet">Send a test</button>
  </form>`;
}

function rowOf(name: string, one: DestinationHealth, mayOperate: boolean): Html {
  const [kind, text] = STATES[one.state];
  const { budget, problem, lastDeliveredAt } = one;
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${one.kind === one.address ? one.kind : `${one.kind} ${one.address}`}<br /><span class="hint mono">${one.id}</span></td>
    <td><span class="state ${kind}">${text}</span></td>
    <td class="when">${lastDeliveredAt ? secondText(lastDeliveredAt) : '–'}</td>
    <td class="number">${countText(one.waiting)}</td>
    <td class="number">${countText(one.held)}</td>
    <td class="number">${budget ? `${countText(budget.used)} of ${countText(budget.messages)}` : '–'}</td>
    <td class="wide">${problem && html`<strong>${problem.code}</strong> ${problem.error}`}</td>
    <td>${ping(one, mayOperate)}</td>
  </tr>`; // prettier-ignore
}

/** Where channels lead, and whether somebody is there. */
export function channelsPage({ channels, mayOperate, problem }: ChannelsPage): PageContent {
  const rows = channels.flatMap(({ name, destinations }) =>
    destinations.map((one) => rowOf(name, one, mayOperate)),
  );
  const table = dataTable(
    html`<th>Channel</th>
      <th>Leads to</th>
      <th>State</th>
      <th>Last delivered (UTC)</th>
      <th class="number">On the way</th>
      <th class="number">Held back</th>
      <th class="number">Budget</th>
      <th>Problem</th>
      <th></th>`,
    rows,
    { broad: true },
  );
  const body = html`<h1>Channels</h1>
    <p class="lead">
      Where the channels file leads. A test says nothing but that it arrived; tools for alerts are told that it is over at once.
      Messages stand on the page <a href="${DELIVERIES}">Deliveries</a>.
    </p>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <section class="panel">${table}</section>`; // prettier-ignore
  return { title: 'Channels', section: 'channels', body, live: true };
}

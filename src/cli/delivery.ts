import { Command, Option } from 'commander';
import { DELIVERY_MEANING, REASON_MEANING } from '../notify/delivery-words.js';
import { answering, remark, table, utc, type Answer } from './answer.js';
import { countArgument, instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { channelsCommand, testCommand } from './channels.js';
import { whyNotifiedCommand } from './why.js';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly destination: string;
  readonly destinationId: string;
  readonly destinationClosed: boolean;
  readonly purpose: string;
  readonly held: string | null;
  readonly attempts: number;
  readonly code: string | null;
  readonly error: string | null;
  readonly requestedAt: string;
  readonly nextAttemptAt: string | null;
  readonly caseId: string | null;
}

const FIELDS =
  'id state kind destination destinationId destinationClosed purpose held attempts code error requestedAt nextAttemptAt caseId';
const STATES = ['queued', 'attempting', 'retry', 'ambiguous', 'delivered', 'dead', 'superseded'] as const;

/** `tidewatch delivery`: who was told, who was not, and their second chance. */
export function deliveryCommand(): Command {
  const list = new Command('list')
    .description('messages and how they ended, newest first')
    .addOption(new Option('--state <state>', 'only in this state').choices([...STATES]))
    .option('--limit <n>', 'at most this many', countArgument, 50);
  const replay = new Command('replay')
    .description(
      'send a dead message again, or at once one that waits to be tried again; without an id, all that are dead',
    )
    .argument('[id]', 'as `delivery list` shows it')
    .option('--destination <id>', 'of all that are dead, those of a destination')
    .option('--since <instant>', 'those asked for from then on', instantArgument)
    .option('--until <instant>', 'those asked for before', instantArgument);
  const enable = new Command('enable')
    .description('open a destination again that answered that it is gone')
    .argument('<destination>', 'its id, as `delivery list --json` shows it')
    .requiredOption('--note <text>', 'why it may be used again; kept in the ledger');
  return new Command('delivery')
    .description('messages owed to channels')
    .addCommand(whyNotifiedCommand())
    .addCommand(channelsCommand())
    .addCommand(testCommand())
    .addCommand(
      onData(list, 'delivery list --state dead').action(
        answering(async (options: DataOptions & { state?: string; limit: number }) =>
          listDeliveries(options),
        ),
      ),
    )
    .addCommand(
      onData(replay, 'delivery replay 0b8f6f0a-5a4f-5d0e-9f1b-8f7f6d1c2e3a').action(
        answering(async (id: string | undefined, options: ReplayOptions) =>
          id === undefined ? replayAll(options) : replayOne(id, options),
        ),
      ),
    )
    .addCommand(
      onData(enable, 'delivery enable webhook:2c26b46b68ffc68f --note "moved to a new host"').action(
        answering(async (id: string, options: DataOptions & { note: string }) => enableOne(id, options)),
      ),
    );
}

async function listDeliveries(options: DataOptions & { state?: string; limit: number }): Promise<Answer> {
  const document = `query ($states: [DeliveryState!], $first: Int) { deliveries(states: $states, first: $first) { ${FIELDS} } }`;
  const states = options.state === undefined ? undefined : [options.state.toUpperCase()];
  return withApi(options, { data: true }, async (api) => {
    const first = Math.min(options.limit + 1, MOST);
    const found = (await api.query<{ deliveries: readonly Shown[] }>(document, { states, first })).deliveries;
    const deliveries = found.slice(0, options.limit);
    const more = found.length === first;
    if (more) remark(moreText(deliveries.length, options.limit));
    const rows = deliveries.map((one) => [
      one.id,
      utc(one.requestedAt),
      one.state.toLowerCase(),
      `${one.kind} ${one.destination}${one.destinationClosed ? ` (closed: ${one.destinationId})` : ''}`,
      one.purpose,
      String(one.attempts),
      one.held === null ? (one.code ?? '') : `held: ${one.held.toLowerCase()}`,
    ]);
    const lines = [
      ...table(['id', 'requested', 'state', 'to', 'about', 'attempts', 'reason'], rows),
      ...meanings(deliveries),
    ];
    return { ok: true, lines: rows.length === 0 ? ['no deliveries'] : lines, json: { deliveries, more } };
  });
}

/** So many the API answers with. */
const MOST = 200;

function moreText(shown: number, limit: number): string {
  const how = limit < MOST - 1 ? 'see --limit' : '--state shows some of them';
  return `these are the newest ${shown}; there may be more: ${how}`;
}

/** The states and reasons that are listed and are no everyday words. */
function meanings(deliveries: readonly Shown[]): readonly string[] {
  const states = new Set(deliveries.map(({ state }) => state.toLowerCase()));
  const codes = new Set(deliveries.map(({ code }) => code));
  return [
    ...(states.has('ambiguous') ? [`ambiguous: ${DELIVERY_MEANING.ambiguous}`] : []),
    ...Object.entries(REASON_MEANING).flatMap(([code, text]) =>
      codes.has(code) ? [`${code}: ${text}`] : [],
    ),
  ];
}

interface ReplayOptions extends DataOptions {
  readonly destination?: string;
  readonly since?: string;
  readonly until?: string;
}

async function replayAll(options: ReplayOptions): Promise<Answer> {
  const { destination, since, until } = options;
  const document = `mutation ($input: DeliveriesReplayInput!) { deliveriesReplay(input: $input) { deliveries { ${FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const input = { destination, since, until };
    const { deliveries } = await api.mutate<{ deliveries: readonly Shown[]; userErrors: [] }>('deliveriesReplay', document, { input });
    const lines = deliveries.map((one) => `${one.id} is sent again to ${one.kind} ${one.destination}`);
    return { ok: true, lines, json: { deliveries } };
  });
} // prettier-ignore

async function replayOne(id: string, options: DataOptions): Promise<Answer> {
  const document = `mutation ($input: DeliveryReplayInput!) { deliveryReplay(input: $input) { delivery { ${FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { delivery } = await api.mutate<{ delivery: Shown; userErrors: [] }>('deliveryReplay', document, {
      input: { id },
    });
    const lines = [`${id} is sent again to ${delivery.kind} ${delivery.destination}`];
    return { ok: true, lines, json: { delivery } };
  });
}

async function enableOne(destination: string, options: DataOptions & { note: string }): Promise<Answer> {
  const document = `mutation ($input: DestinationEnableInput!) { destinationEnable(input: $input) { destination userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    await api.mutate('destinationEnable', document, { input: { destination, note: options.note } });
    return {
      ok: true,
      lines: [`${destination} is open again; what it was owed is sent`],
      json: { destination },
    };
  });
}

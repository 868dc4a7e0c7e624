import { Command } from 'commander';
import { answering, table, utc, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Destination {
  readonly id: string;
  readonly kind: string;
  readonly address: string;
  readonly state: string;
  readonly lastDeliveredAt: string | null;
  readonly problem: { readonly code: string } | null;
  readonly waiting: number;
  readonly held: number;
  readonly budget: { readonly messages: number; readonly used: number } | null;
}
interface Channel {
  readonly name: string;
  readonly destinations: readonly Destination[];
}
interface Sent {
  readonly kind: string;
  readonly destination: string;
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
}

/** `tidewatch delivery channels`: where channels lead, and whether somebody is there. */
export function channelsCommand(): Command {
  const channels = new Command('channels').description('where channels lead, and whether somebody is there');
  return onData(channels, 'delivery channels').action(
    answering(async (options: DataOptions) => listChannels(options)),
  );
}

/** `tidewatch delivery test`: whether a destination takes messages. */
export function testCommand(): Command {
  const test = new Command('test')
    .description('send a message that says nothing but that it arrived')
    .argument('<to>', 'a channel, or the id of a destination as `delivery channels` shows it');
  return onData(test, 'delivery test default').action(
    answering(async (to: string, options: DataOptions) => sendTest(to, options)),
  );
}

async function listChannels(options: DataOptions): Promise<Answer> {
  const document =
    '{ channels { name destinations { id kind address state lastDeliveredAt problem { code error } waiting held budget { messages used } } } }';
  return withApi(options, { data: true }, async (api) => {
    const { channels } = await api.query<{ channels: readonly Channel[] }>(document, {});
    const rows = channels.flatMap(({ name, destinations }) => destinations.map((one) => rowOf(name, one)));
    const head = ['channel', 'to', 'id', 'state', 'last delivered', 'waiting', 'held', 'budget'];
    return { ok: true, lines: table(head, rows), json: { channels } };
  });
}

function rowOf(name: string, one: Destination): readonly string[] {
  const { kind, address, id, state, problem, lastDeliveredAt, waiting, held, budget } = one;
  return [
    name,
    kind === address ? kind : `${kind} ${address}`,
    id,
    `${state.toLowerCase()}${problem ? ` (${problem.code})` : ''}`,
    lastDeliveredAt === null ? '' : utc(lastDeliveredAt),
    String(waiting),
    String(held),
    budget ? `${budget.used} of ${budget.messages}` : '',
  ];
}

async function sendTest(to: string, options: DataOptions): Promise<Answer> {
  const document =
    'mutation ($input: DestinationTestInput!) { destinationTest(input: $input) { deliveries { kind destination state code error } userErrors { field message code } } }';
  return withApi(options, { data: true }, async (api) => {
    const input = { destination: to };
    const { deliveries } = await api.mutate<{ deliveries: readonly Sent[]; userErrors: [] }>('destinationTest', document, { input }); // prettier-ignore
    const lines = deliveries.map(({ kind, destination, state, code, error }) => `${kind} ${destination}: ${state.toLowerCase()}${code === null ? '' : ` (${code}) ${error ?? ''}`}`); // prettier-ignore
    return { ok: deliveries.every(({ state }) => state === 'DELIVERED'), lines, json: { deliveries } };
  });
}

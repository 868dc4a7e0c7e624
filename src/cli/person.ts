import { Command } from 'commander';
import { answering, table } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly sub: string;
  readonly seenAt: string;
  readonly signIns: number;
}

/** `tidewatch person`: who signed in through the identity provider, and the end of their names here. */
export function personCommand(): Command {
  return new Command('person')
    .description('people who signed in: list, erase')
    .addCommand(listCommand())
    .addCommand(eraseCommand());
}

function listCommand(): Command {
  const list = new Command('list').description('who signed in through the identity provider');
  return onData(list, 'person list').action(
    answering(async (options: DataOptions) =>
      withApi(options, { data: true }, async (api) => {
        const { people } = await api.query<{ people: readonly Shown[] }>(
          '{ people { id name email sub seenAt signIns } }',
        );
        const rows = people.map((one) => [
          one.id,
          one.name,
          one.email ?? '',
          one.sub,
          one.seenAt,
          String(one.signIns),
        ]);
        const lines =
          rows.length === 0
            ? ['nobody signed in']
            : table(['id', 'name', 'address', 'subject', 'seen', 'sign-ins'], rows);
        return { ok: true, lines, json: { people } };
      }),
    ),
  );
}

function eraseCommand(): Command {
  const erase = new Command('erase')
    .description('delete the name and address of somebody who signed in; what they did stays under an id')
    .argument('<id>', 'what the ledger calls them; person list has it')
    .requiredOption('--reason <text>', 'why; kept in the ledger');
  return onData(erase, 'person erase person-0f3c… --reason "left the bank"').action(
    answering(async (id: string, { reason, ...options }: DataOptions & { readonly reason: string }) =>
      withApi(options, { data: true }, async (api) => {
        const document = `mutation ($input: PersonEraseInput!) { personErase(input: $input) { id userErrors { field message code } } }`;
        await api.mutate<{ id: string | null; userErrors: [] }>('personErase', document, {
          input: { id, reason },
        });
        return { ok: true, lines: [`erased: ${id} has no name here any more`], json: { id } };
      }),
    ),
  );
}

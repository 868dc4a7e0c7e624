import { Command, InvalidArgumentError, Option } from 'commander';
import { Duration } from '../domain/duration.js';
import { ROLE_NAMES, SCOPE_NAMES, type Role } from '../domain/roles.js';
import { answering, table, utc, type Answer } from './answer.js';
import { listArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly role: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
  readonly provided: boolean;
  readonly owner: string | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly models: readonly string[] | null;
  readonly environments: readonly string[] | null;
  readonly liesIn: readonly string[];
}

interface CreateOptions extends DataOptions {
  readonly scope?: readonly string[];
  readonly role?: Role;
  readonly owner?: string;
  readonly expires?: number;
  readonly model?: readonly string[];
  readonly environment?: readonly string[];
  readonly liesIn?: readonly string[];
}

interface RevokeOptions extends DataOptions {
  readonly reason: string;
}

/** `tidewatch key`: who may send events, read, operate and administer. */
export function keyCommand(): Command {
  const create = new Command('create')
    .description('make a key; its text is shown once and known to nobody after')
    .argument('<name>', 'who or what will use it')
    .addOption(
      new Option(
        '--scope <scope>',
        `what it is good for: ${SCOPE_NAMES.join(', ')}; more than one with commas`,
      ).argParser(listArgument),
    )
    .addOption(
      new Option(
        '--role <role>',
        'or what somebody in this role may do; docs/operations.md has the table',
      ).choices(ROLE_NAMES),
    )
    .option('--owner <person>', 'who answers for it')
    .option('--model <key>', 'the only models it is for, with commas; else all', listArgument)
    .option(
      '--environment <name>',
      'the only environments whose events it may send, with commas; else all',
      listArgument,
    )
    .option(
      '--lies-in <region>',
      'where its holder takes data to, with commas: needed to take along data of models with a residency',
      listArgument,
    )
    .addOption(
      new Option('--expires <duration>', 'how long it is good for, such as 90d; else without end').argParser(
        lifetime,
      ),
    );
  const list = new Command('list').description('every key ever made, without its text');
  const revoke = new Command('revoke')
    .description('end a key; requests with it are refused from then on')
    .argument('<id>', 'the id, as `key list` shows it')
    .requiredOption('--reason <text>', 'why; kept in the ledger');
  return new Command('key')
    .description('API keys')
    .addCommand(
      onData(
        create,
        'key create scoring-service --scope ingest',
        'key create team --scope operate --model credit-default',
        'key create examiner --role auditor --owner eve@example.org --expires 30d',
      ).action(answering(async (name: string, options: CreateOptions) => createKey(name, options))),
    )
    .addCommand(onData(list, 'key list').action(answering(async (options: DataOptions) => listKeys(options))))
    .addCommand(
      onData(revoke, 'key revoke 5f1d0c2ab93e4478 --reason "left the company"').action(
        answering(async (id: string, options: RevokeOptions) => revokeKey(id, options)),
      ),
    );
}

async function createKey(name: string, options: CreateOptions): Promise<Answer> {
  const { scope: asked = [], role } = options;
  const unknown = asked.filter((scope) => !SCOPE_NAMES.some((known) => known === scope));
  if (unknown.length > 0 || (asked.length === 0 && role === undefined))
    throw new CliError(
      `--scope: ${unknown.join(', ') || 'nothing'} is not a scope; choose among ${SCOPE_NAMES.join(', ')}, or a --role`,
      'bad_scope',
    );
  const scopes = asked.map((scope) => scope.toUpperCase());
  const document = `mutation ($input: KeyCreateInput!) { keyCreate(input: $input) { id token userErrors { field message code } } }`;
  return withApi(options, { data: false }, async (api) => {
    const { id, token } = await api.mutate<{ id: string; token: string; userErrors: [] }>(
      'keyCreate',
      document,
      { input: { name, scopes, role: role?.toUpperCase(), ...termsOf(options) } },
    );
    return {
      ok: true,
      lines: [
        `key ${id} (${name}: ${[...(role ? [role] : []), ...asked].join(', ')}), shown this once:`,
        token,
      ],
      json: { id, name, scopes: asked, role: role ?? null, token },
    };
  });
}

async function listKeys(options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const found = await api.query<{ keys: readonly ApiKey[] }>(
      '{ keys { id name scopes role createdAt revokedAt provided owner expiresAt lastUsedAt models environments liesIn } }',
    );
    const keys = found.keys.map((key) => ({
      ...key,
      scopes: key.scopes.map((scope) => scope.toLowerCase()),
      role: key.role?.toLowerCase() ?? null,
    }));
    const rows = keys.map((key) => [
      key.id,
      key.name,
      [...(key.role ? [key.role] : []), ...key.scopes].join(','),
      [...(key.models ?? []), ...(key.environments ?? [])].join(',') || 'all',
      key.liesIn.join(','),
      key.owner ?? '',
      key.createdAt,
      key.lastUsedAt ?? '',
      stateOf(key, new Date()),
    ]);
    return {
      ok: true,
      lines: table(['id', 'name', 'may', 'for', 'lies in', 'owner', 'created', 'last used', 'state'], rows),
      json: { keys },
    };
  });
}

/** How long a key is good for, in milliseconds. */
function lifetime(text: string): number {
  const parsed = Duration.safeParse(text);
  if (parsed.success && parsed.data > 0) return parsed.data;
  throw new InvalidArgumentError('write 30d, 12h or 90m.');
}

function termsOf({ owner, expires, model, environment, liesIn }: CreateOptions): object {
  const expiresAt = expires === undefined ? undefined : new Date(Date.now() + expires).toISOString();
  return { owner, expiresAt, models: model, environments: environment, liesIn };
}

function stateOf({ revokedAt, expiresAt, provided }: ApiKey, now: Date): string {
  if (revokedAt !== null) return `revoked ${utc(revokedAt)}`;
  if (expiresAt !== null)
    return Date.parse(expiresAt) <= now.getTime()
      ? `expired ${utc(expiresAt)}`
      : `in force until ${utc(expiresAt)}`;
  return provided ? 'in force (from the environment)' : 'in force';
}

async function revokeKey(id: string, options: RevokeOptions): Promise<Answer> {
  const document = `mutation ($input: KeyRevokeInput!) { keyRevoke(input: $input) { id userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    await api.mutate('keyRevoke', document, { input: { id, reason: options.reason } });
    return { ok: true, lines: [`key ${id} is revoked`], json: { id, revoked: true } };
  });
}

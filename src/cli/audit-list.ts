import { Command } from 'commander';
import { answering, table, utc, type Answer } from './answer.js';
import { countArgument, instantArgument, listArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Entry {
  readonly seq: number;
  readonly action: string;
  readonly occurredAt: string;
  readonly hash: string;
  readonly isRefused: boolean;
  readonly actor: { readonly id: string; readonly name: string; readonly owner: string | null };
  readonly subject: { readonly type: string; readonly id: string };
}

interface Options extends DataOptions {
  readonly actor?: string;
  readonly peopleOnly?: boolean;
  readonly action?: readonly string[];
  readonly model?: string;
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
}

const DOCUMENT = `query ($first: Int!, $filter: AuditEventFilter) {
  auditEvents(first: $first, filter: $filter) { totalCount nodes { seq action occurredAt hash isRefused actor { id name owner } subject { type id } } } }`;
const SHOWN = 50;

/** `tidewatch audit list`: entries of the ledger, newest first. */
export function auditListCommand(): Command {
  const list = new Command('list')
    .description('entries of the ledger, newest first: who did what, when')
    .option(
      '--actor <person>',
      'a person by name or address, or as the owner of keys: with any of their keys',
    )
    .option('--people-only', 'what people and their keys did, and nothing that the service did by itself')
    .option('--action <name>', 'such as incident.closed; more than one with commas', listArgument)
    .option('--model <key>', 'entries that say something of this model')
    .option('--text <text>', 'stands somewhere in the entry, letter by letter')
    .option('--since <when>', 'recorded at or after: an instant, or a time ago such as 30d', instantArgument)
    .option('--until <when>', 'recorded before', instantArgument)
    .option('--limit <entries>', `at most this many, 200 at the most (default ${SHOWN})`, countArgument);
  return onData(list, 'audit list --actor alice --since 30d').action(
    answering(async (options: Options) => listed(options)),
  );
}

async function listed({ actor, peopleOnly, action, model, text, since, until, limit = SHOWN, ...options }: Options): Promise<Answer> {
  const filter = { actor, peopleOnly, actions: action, model, text, since, until };
  return withApi(options, { data: true }, async (api) => {
    const { auditEvents } = await api.query<{ auditEvents: { readonly totalCount: number; readonly nodes: readonly Entry[] } }>(DOCUMENT, { first: limit, filter });
    const rows = auditEvents.nodes.map(({ seq, occurredAt, action: what, isRefused, actor: who, subject }) => [
      String(seq), utc(occurredAt), isRefused ? `${what} (not obeyed: not written by this service)` : what, who.owner === null || who.owner === who.name ? who.name : `${who.name} (${who.owner})`, `${subject.type} ${subject.id}`]);
    const more = `${rows.length} of ${auditEvents.totalCount} entries`;
    return { ok: true, lines: [...(rows.length > 0 ? table(['#', 'at', 'action', 'by', 'about'], rows) : []), more], json: auditEvents };
  });
} // prettier-ignore

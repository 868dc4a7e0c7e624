import { Command } from 'commander';
import { REJECT_CODES } from '../domain/event.js';
import { answering, remark, table, utc, type Answer } from './answer.js';
import { countArgument, instantArgument, listArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

interface FilterOptions extends DataOptions {
  readonly model?: string;
  readonly code?: readonly string[];
  readonly topic?: string;
  readonly since?: string;
  readonly until?: string;
  readonly replayed?: boolean;
}

interface Letter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly kind: string | null;
  readonly model: string | null;
  readonly receivedAt: string;
  readonly code: string;
  readonly message: string;
  readonly raw: string;
  readonly isCut: boolean;
  readonly replayedAt: string | null;
}

interface Count {
  readonly code: string;
  readonly model: string | null;
  readonly count: number;
}

interface Page {
  readonly deadLetters: {
    readonly nodes: readonly Letter[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface Replayed {
  readonly sent: number;
  readonly stored: number;
  readonly refused: number;
  readonly leftOut: number;
  readonly refusedCodes: readonly Count[];
  readonly refusedFirst: readonly { readonly code: string; readonly message: string }[];
  readonly userErrors: [];
}

const FIELDS = 'topic partition offset kind model receivedAt code message raw isCut replayedAt';
const PAGE = 200;

/** `tidewatch dead-letters`: events that were refused, and their second chance. */
export function deadLettersCommand(): Command {
  const list = filtered(new Command('list').description('refused events, newest first'))
    .option('--replayed', 'also those that were taken since')
    .option('--limit <n>', 'at most this many', countArgument, 50);
  const count = filtered(
    new Command('count').description('how many events were refused, by reason and model'),
  );
  const show = new Command('show')
    .description('one refused event with its bytes')
    .argument('<position>', 'topic/partition/offset, as `dead-letters list` shows it');
  const replay = filtered(
    new Command('replay').description('send the bytes of refused events again, as received when they were'),
  ).option('--all', 'needed when nothing narrows the choice');
  return new Command('dead-letters')
    .description('events that were refused')
    .addCommand(
      onData(list, 'dead-letters list --model credit-default --since 7d').action(
        answering(async (options: FilterOptions & { limit: number }) => listLetters(options)),
      ),
    )
    .addCommand(
      onData(show, 'dead-letters show tidewatch.predictions/0/1742').action(
        answering(async (position: string, options: DataOptions) => showLetter(position, options)),
      ),
    )
    .addCommand(
      onData(count, 'dead-letters count').action(
        answering(async (options: FilterOptions) => countLetters(options)),
      ),
    )
    .addCommand(
      onData(replay, 'dead-letters replay --code unknown_model').action(
        answering(async (options: FilterOptions & { all?: boolean }) => replayLetters(options)),
      ),
    );
}

function filtered(command: Command): Command {
  return command
    .option('--model <key>', 'of this model')
    .option('--code <code>', `refused for this reason: ${REJECT_CODES.join(', ')}`, listArgument)
    .option('--topic <topic>', 'from this topic; events over HTTP have the topic http')
    .option('--since <when>', 'received at or after: an instant, or a time ago such as 7d', instantArgument)
    .option('--until <when>', 'received before', instantArgument);
}

/** Throws CliError for a reason that does not exist: it would find nothing, which reads like good news. */
function filterOf({ model, code, topic, since, until, replayed }: FilterOptions): object {
  const known: readonly string[] = REJECT_CODES;
  const wrong = code?.filter((one) => !known.includes(one)) ?? [];
  if (wrong.length > 0)
    throw new CliError(
      `--code: there is no reason ${wrong.join(', ')}; there are ${known.join(', ')}`,
      'bad_code',
    );
  return { model, codes: code, topic, since, until, replayed };
}

async function listLetters(options: FilterOptions & { limit: number }): Promise<Answer> {
  const document = `query ($first: Int, $after: String, $filter: DeadLetterFilter) {
    deadLetters(first: $first, after: $after, filter: $filter) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`;
  const filter = filterOf(options);
  return withApi(options, { data: true }, async (api) => {
    const letters: Letter[] = [];
    let after: string | null = null;
    let more = true;
    while (more && letters.length < options.limit) {
      const first = Math.min(PAGE, options.limit - letters.length);
      const { deadLetters }: Page = await api.query<Page>(document, { first, after, filter });
      letters.push(...deadLetters.nodes);
      after = deadLetters.pageInfo.endCursor;
      more = deadLetters.pageInfo.hasNextPage;
    }
    if (more) remark(`there are more than ${letters.length}; see --limit and dead-letters count`);
    const rows = letters.map((one) => [
      placeOf(one),
      utc(one.receivedAt),
      one.model ?? '',
      one.code,
      one.message,
    ]);
    const lines = table(['position', 'received', 'model', 'reason', 'message'], rows);
    return {
      ok: true,
      lines: letters.length === 0 ? ['no dead letters'] : lines,
      json: { deadLetters: letters, more },
    };
  });
}

function placeOf({ topic, partition, offset }: Letter): string {
  return `${topic}/${partition}/${offset}`;
}

async function showLetter(position: string, options: DataOptions): Promise<Answer> {
  const match = /^(?<topic>.+)\/(?<partition>\d+)\/(?<offset>\d+)$/.exec(position);
  if (!match?.groups)
    throw new CliError(`"${position}" is not a position: write topic/partition/offset`, 'bad_position');
  const { topic, partition, offset } = match.groups;
  const document = `query ($topic: String!, $partition: Int!, $offset: String!) {
    deadLetter(topic: $topic, partition: $partition, offset: $offset) { ${FIELDS} } }`;
  return withApi(options, { data: true }, async (api) => {
    const variables = { topic, partition: Number(partition), offset };
    const { deadLetter } = await api.query<{ deadLetter: Letter | null }>(document, variables);
    if (!deadLetter) throw new CliError(`there is no dead letter at ${position}`, 'not_found');
    const { raw, ...rest } = deadLetter;
    const lines = Object.entries(rest).map(([name, value]) => `${`${name}:`.padEnd(12)} ${value ?? '—'}`);
    return { ok: true, lines: [...lines, '', raw], json: deadLetter };
  });
}

async function countLetters(options: FilterOptions): Promise<Answer> {
  const document = `query ($filter: DeadLetterFilter) { deadLetterCounts(filter: $filter) { code model count } }`;
  const filter = filterOf(options);
  return withApi(options, { data: true }, async (api) => {
    const { deadLetterCounts: counts } = await api.query<{ deadLetterCounts: readonly Count[] }>(document, {
      filter,
    });
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const rows = counts.map(({ code, model, count }) => [code, model ?? '', String(count)]);
    const lines =
      total === 0 ? ['no dead letters'] : [...table(['reason', 'model', 'events'], rows), `${total} in all`];
    return { ok: true, lines, json: { total, counts } };
  });
}

async function replayLetters(options: FilterOptions & { all?: boolean }): Promise<Answer> {
  const filter = filterOf(options);
  if (!options.all && Object.values(filter).every((value) => value === undefined))
    throw new CliError(
      'say which with --model, --code, --topic, --since or --until, or --all of them',
      'no_choice',
    );
  const document = `mutation ($input: DeadLetterReplayInput!) { deadLetterReplay(input: $input) {
    sent stored refused leftOut refusedCodes { code model count } refusedFirst { code message } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { userErrors: _none, ...report } = await api.mutate<Replayed>('deadLetterReplay', document, {
      input: { filter },
    });
    const why = report.refusedCodes.map(({ code, count }) => `  ${count} × ${code}`);
    const first = report.refusedFirst[0];
    return {
      ok: report.refused === 0,
      lines: [
        `${report.sent} sent again: ${report.stored} stored, ${report.refused} refused again`,
        ...why,
        ...(first ? [`  first: ${first.message}`] : []),
        ...(report.leftOut > 0
          ? [
              `${report.leftOut} left out: their bytes are not kept whole, so their sender has to send them again`,
            ]
          : []),
      ],
      json: report,
    };
  });
}

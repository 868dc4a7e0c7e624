import { Command } from 'commander';
import { answering, table, utc, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

interface EraseOptions extends DataOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly evenIfAbsent?: boolean;
  readonly list?: boolean;
}

interface TableRows {
  readonly table: string;
  readonly rows: number;
}

interface Erased {
  readonly id: string;
  readonly state: 'PROPOSED' | 'RUNNING' | 'DONE' | 'REFUSED';
  readonly reason: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly approvedBy: string | null;
  readonly finishedAt: string | null;
  readonly entry: number;
  readonly rows: readonly TableRows[];
  readonly holds: readonly string[];
  readonly trainingRuns: readonly string[];
}

interface Outlook {
  readonly decision: 'GO' | 'SECOND_PERSON' | 'HELD' | 'GOING' | 'DONE' | 'ABSENT';
  readonly holds: readonly { readonly id: string; readonly model: string | null; readonly reason: string }[];
  readonly highRisk: readonly string[];
  readonly firstAskedBy: string | null;
  readonly before: Erased | null;
}

interface Payload {
  readonly erasure: Erased | null;
  readonly found: readonly TableRows[];
  readonly outlook: Outlook | null;
  readonly userErrors: [];
}

const ERASURE =
  'id state reason askedBy askedAt approvedBy finishedAt entry rows { table rows } holds trainingRuns';
const DOCUMENT = `mutation ($input: SubjectEraseInput!) { subjectErase(input: $input) { found { table rows } erasure { ${ERASURE} }
  outlook { decision holds { id model reason } highRisk firstAskedBy before { ${ERASURE} } } userErrors { field message code } } }`;

/** `tidewatch erase`: takes everything about a person out of the store, and lists who was. */
export function eraseCommand(): Command {
  const erase = new Command('erase')
    .description('take everything about a person out of the store, for good')
    .argument('[subject]', 'the person, as events name them in `subject`')
    .option('--reason <text>', 'why; kept in the ledger')
    .option('--dry-run', 'say what would go and what would become of it, and change nothing')
    .option('--even-if-absent', 'begin though nothing is stored: what comes of the person is refused')
    .option('--list', 'every erasure that was asked for, newest first');
  return onData(
    erase,
    'erase customer-8127 --dry-run',
    'erase customer-8127 --reason "request of 12 May, ticket 4711"',
    'erase --list',
  ).action(
    answering(async (subject: string | undefined, { list, ...options }: EraseOptions) => {
      if (list) return listErasures(options);
      if (subject === undefined) throw new CliError('say who is to be erased, or --list', 'no_subject');
      return erasePerson(subject, options);
    }),
  );
}

async function erasePerson(
  subject: string,
  { reason = '', dryRun = false, evenIfAbsent = false, ...options }: EraseOptions,
): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const input = { subject, reason, dryRun, evenIfAbsent };
    const payload = await api.mutate<Payload>('subjectErase', DOCUMENT, { input });
    return payload.outlook ? outlookAnswer(payload.found, payload.outlook) : answerOf(payload);
  });
}

async function listErasures(options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { erasures } = await api.query<{ erasures: readonly Erased[] }>(`{ erasures { ${ERASURE} } }`);
    const rows = erasures.map((one) => [
      `${one.id.slice(0, 8)}…`,
      one.state.toLowerCase(),
      utc(one.finishedAt ?? one.askedAt),
      [one.askedBy, ...(one.approvedBy === null ? [] : [one.approvedBy])].join(' and '),
      one.state === 'REFUSED'
        ? `held by ${one.holds.join(', ')}`
        : one.rows.map(({ table: name, rows: n }) => `${name} ${n}`).join(', '),
      String(one.entry),
      one.reason,
    ]);
    const lines =
      rows.length === 0
        ? ['nobody was erased']
        : table(['person', 'state', 'when', 'by', 'stored rows', 'entry', 'why'], rows);
    return { ok: true, lines, json: { erasures } };
  });
}

/** Exit code 1 where it would not be done as it is asked. */
function outlookAnswer(found: readonly TableRows[], outlook: Outlook): Answer {
  const { decision, before } = outlook;
  const isRefused = decision === 'HELD' || decision === 'ABSENT';
  const rows = decision === 'ABSENT' ? [] : ['stored rows about this person:', ...linesOf(found)];
  return {
    ok: !isRefused,
    lines: [sentenceOf(outlook), ...(before === null ? [] : [`before: ${doneText(before)}`]), ...rows],
    json: { dryRun: true, found, ...outlook },
  };
}

function sentenceOf({ decision, holds, highRisk, firstAskedBy }: Outlook): string {
  const risky = `${highRisk.join(', ')} ${highRisk.length === 1 ? 'is' : 'are'} of high risk`;
  switch (decision) {
    case 'HELD':
      return `would be refused as a whole: held by ${holds.map((one) => `${one.id} (${one.model ?? 'all models or a person'}: ${one.reason})`).join(', ')}`;
    case 'SECOND_PERSON':
      return firstAskedBy === null
        ? `would wait for a second person: ${risky}, so another one has to ask for the same`
        : `waits for a second person: ${risky}, and ${firstAskedBy} asked already, who counts once`;
    case 'GO':
      if (firstAskedBy === null) return 'would be erased';
      return highRisk.length === 0
        ? `would be erased: one person is enough, for no model of high risk has rows of this person any more (${firstAskedBy} asked for it before)`
        : `would be erased: ${risky}; ${firstAskedBy} asked for it, and you are the second person`;
    case 'GOING':
      return 'is under way';
    case 'DONE':
      return 'was erased before, and nothing has come since';
    case 'ABSENT':
      return 'nothing that is stored is about this person, so nothing would be erased: is it written as events do in `subject`?';
  }
}

/** Exit code 0: gone; 1: under way, for rows are still read. */
function answerOf({ erasure, found }: Payload): Answer {
  if (erasure === null) return { ok: false, lines: linesOf(found), json: { found } };
  const { state, rows, trainingRuns } = erasure;
  const files =
    trainingRuns.length === 0 ? [] : [`files of training runs deleted: ${trainingRuns.join(', ')}`];
  const isBefore = found.every(({ rows: n }) => n === 0) && rows.length > 0;
  const lines =
    state === 'DONE'
      ? [
          `${isBefore ? 'was erased before, and nothing has come since: ' : ''}${doneText(erasure)}`,
          ...linesOf(rows),
          ...files,
        ]
      : ['under way: rows are still read, and the service goes on by itself'];
  return { ok: state === 'DONE', lines, json: { erasure } };
}

function doneText({ entry, finishedAt }: Erased): string {
  return `erased ${finishedAt ?? ''}; entry ${entry} of the ledger says so`;
}

function linesOf(rows: readonly TableRows[]): readonly string[] {
  const there = rows.filter(({ rows: n }) => n > 0);
  if (there.length === 0) return ['no rows about this person'];
  return [
    ...table(
      ['table', 'stored rows'],
      there.map((one) => [one.table, String(one.rows)]),
    ),
    'a label or a refused event that was sent twice is two rows; a prediction that was sent again is one, once the store has merged it',
  ];
}

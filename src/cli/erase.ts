import { Command } from 'commander';
import { answering, table, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface EraseOptions extends DataOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
}

interface TableRows {
  readonly table: string;
  readonly rows: number;
}

interface Erased {
  readonly id: string;
  readonly state: 'PROPOSED' | 'RUNNING' | 'DONE';
  readonly entry: number;
  readonly rows: readonly TableRows[];
  readonly trainingRuns: readonly string[];
}

interface Payload {
  readonly erasure: Erased | null;
  readonly found: readonly TableRows[];
  readonly userErrors: [];
}

const DOCUMENT = `mutation ($input: SubjectEraseInput!) { subjectErase(input: $input) {
  found { table rows } erasure { id state entry rows { table rows } trainingRuns } userErrors { field message code } } }`;

/** `tidewatch erase`: takes everything about a person out of the store. */
export function eraseCommand(): Command {
  const erase = new Command('erase')
    .description('take everything about a person out of the store, for good')
    .argument('<subject>', 'the person, as events name them in `subject`')
    .option('--reason <text>', 'why; kept in the ledger')
    .option('--dry-run', 'say what would go, and change nothing');
  return onData(
    erase,
    'erase customer-8127 --dry-run',
    'erase customer-8127 --reason "request of 12 May, ticket 4711"',
  ).action(
    answering(async (subject: string, { reason = '', dryRun = false, ...options }: EraseOptions) =>
      withApi(options, { data: true }, async (api) => {
        const input = { subject, reason, dryRun };
        return answerOf(await api.mutate<Payload>('subjectErase', DOCUMENT, { input }));
      }),
    ),
  );
}

/** Exit code 0: gone, or nothing was asked for; 1: under way, for rows are still read. */
function answerOf({ erasure, found }: Payload): Answer {
  if (erasure === null)
    return { ok: true, lines: ['would be erased:', ...linesOf(found)], json: { dryRun: true, found } };
  const { state, entry, rows, trainingRuns } = erasure;
  const files =
    trainingRuns.length === 0 ? [] : [`files of training runs deleted: ${trainingRuns.join(', ')}`];
  const lines =
    state === 'DONE'
      ? [`erased; entry ${entry} of the ledger says so`, ...linesOf(rows), ...files]
      : ['under way: rows are still read, and the service goes on by itself'];
  return { ok: state === 'DONE', lines, json: { erasure } };
}

function linesOf(rows: readonly TableRows[]): readonly string[] {
  const there = rows.filter(({ rows: n }) => n > 0);
  if (there.length === 0) return ['no rows about this person'];
  return table(
    ['table', 'rows'],
    there.map((one) => [one.table, String(one.rows)]),
  );
}

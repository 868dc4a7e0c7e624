import { Command, Option } from 'commander';
import { answering, table, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

const STATES = ['pending', 'approved', 'declined', 'expired', 'withdrawn'];

/** An approval as the API shows it. */
export interface ShownApproval {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly model: string | null;
  readonly tier: string;
  readonly summary: string;
  readonly reason: string;
  readonly terms: unknown;
  readonly hash: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly endedBecause: string | null;
  readonly needed: number;
  readonly words: readonly {
    readonly by: string;
    readonly at: string;
    readonly isYes: boolean;
    readonly note: string | null;
  }[];
}

/** What was asked for and waits for others. */
export type Waiting = Pick<ShownApproval, 'id' | 'summary' | 'expiresAt'>;
export const WAITING_FIELDS = 'id summary expiresAt';

/** That nothing changed yet, and what somebody else does about it. */
export function waitsText({ id, summary, expiresAt }: Waiting): string {
  return `${summary}: waits for somebody else until ${expiresAt} (tidewatch approval approve ${id}); nothing changed yet`;
}

export const APPROVAL_FIELDS =
  'id kind state model tier summary reason terms hash askedBy askedAt expiresAt endedBecause needed words { by at isYes note seq }';

/** `tidewatch approval`: what other people have to agree to, and their yes and no. */
export function approvalCommand(): Command {
  return new Command('approval')
    .description('what other people have to agree to: list, show, approve, decline')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(approveCommand())
    .addCommand(declineCommand());
}

function listCommand(): Command {
  const list = new Command('list')
    .description('what waits for a yes or no, newest first')
    .addOption(
      new Option('--state <state>', 'in this state; all: in any')
        .choices([...STATES, 'all'])
        .default('pending'),
    );
  return onData(list, 'approval list --state all').action(
    answering(async (options: DataOptions & { state: string }) => listApprovals(options)),
  );
}

function showCommand(): Command {
  const show = new Command('show')
    .description('what is asked for, by whom and why, and who said what')
    .argument('<id>');
  return onData(show, 'approval show 0f3c…').action(
    answering(async (id: string, options: DataOptions) => showApproval(id, options)),
  );
}

interface WordOptions extends DataOptions {
  readonly note: string;
  readonly hash?: string;
}

function approveCommand(): Command {
  const approve = new Command('approve')
    .description('say yes; with the last yes that is needed it comes into force')
    .argument('<id>')
    .option('--note <text>', 'what others should know', '')
    .option('--hash <sha256>', 'of what you looked at: anything else is refused');
  return onData(approve, 'approval approve 0f3c… --note "dry run looked at"').action(
    answering(async (id: string, options: WordOptions) => decide(id, 'APPROVE', options)),
  );
}

function declineCommand(): Command {
  const decline = new Command('decline')
    .description('say no, which ends it')
    .argument('<id>')
    .requiredOption('--note <text>', 'why, for the ledger');
  return onData(decline, 'approval decline 0f3c… --note "not before the audit"').action(
    answering(async (id: string, options: WordOptions) => decide(id, 'DECLINE', options)),
  );
}

async function listApprovals({ state, ...options }: DataOptions & { state: string }): Promise<Answer> {
  const document = `query ($states: [ApprovalState!]) { approvals(states: $states) { ${APPROVAL_FIELDS} } }`;
  const states = state === 'all' ? undefined : [state.toUpperCase()];
  return withApi(options, { data: true }, async (api) => {
    const { approvals } = await api.query<{ approvals: readonly ShownApproval[] }>(document, { states });
    const rows = approvals.map((one) => [
      one.id,
      one.kind.toLowerCase(),
      one.state.toLowerCase(),
      `${yesOf(one)} of ${one.needed}`,
      one.summary,
      one.askedBy,
      one.expiresAt,
    ]);
    const lines =
      rows.length === 0
        ? ['nothing']
        : table(['id', 'kind', 'state', 'yes', 'what', 'asked by', 'until'], rows);
    return { ok: true, lines, json: { approvals } };
  });
}

async function showApproval(id: string, options: DataOptions): Promise<Answer> {
  const document = `query ($id: ID!) { approval(id: $id) { ${APPROVAL_FIELDS} } }`;
  return withApi(options, { data: true }, async (api) => {
    const { approval } = await api.query<{ approval: ShownApproval | null }>(document, { id });
    if (!approval) throw new CliError(`there is no approval ${id}`, 'approval_not_found');
    return { ok: true, lines: approvalLines(approval), json: approval };
  });
}

async function decide(
  id: string,
  decision: 'APPROVE' | 'DECLINE',
  { note, hash, ...options }: WordOptions,
): Promise<Answer> {
  const document = `mutation ($input: ApprovalDecideInput!) { approvalDecide(input: $input) { approval { ${APPROVAL_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const input = { id, decision, note, ...(hash === undefined ? {} : { hash }) };
    const { approval } = await api.mutate<{ approval: ShownApproval | null; userErrors: [] }>(
      'approvalDecide',
      document,
      { input },
    );
    return { ok: true, lines: approval ? approvalLines(approval) : [], json: { approval } };
  });
}

function yesOf({ words }: ShownApproval): number {
  return words.filter(({ isYes }) => isYes).length;
}

/** An approval as a person reads it, a fact a line. */
export function approvalLines(one: ShownApproval): readonly string[] {
  const ended = one.endedBecause === null ? '' : ` (${one.endedBecause})`;
  return [
    `${one.id}: ${one.kind.toLowerCase()}, ${one.state.toLowerCase()}${ended}, ${yesOf(one)} of ${one.needed} people said yes`,
    one.summary,
    `asked ${one.askedAt} by ${one.askedBy}: ${one.reason}`,
    ...(one.state === 'PENDING' ? [`can be approved until ${one.expiresAt}, by somebody else`] : []),
    ...one.words.map(
      ({ at, by, isYes, note }) => `${at} ${by}: ${isYes ? 'yes' : 'no'}${note === null ? '' : `, ${note}`}`,
    ),
    `sha-256 of what is asked for: ${one.hash}`,
  ];
}

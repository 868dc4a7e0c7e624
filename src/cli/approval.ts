import { Command, Option } from 'commander';
import { stringify } from 'yaml';
import { answering, table, utc, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import {
  CHANGE_FIELDS,
  changeLines,
  POLICY_FIELDS,
  policyLines,
  type ShownChange,
  type ShownPolicy,
} from './proposal-lines.js';

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
  readonly changes?: readonly ShownChange[];
  readonly policy?: ShownPolicy | null;
  readonly joined: readonly { readonly by: string; readonly at: string; readonly reason: string }[];
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
  return `${summary}: waits for somebody else until ${utc(expiresAt)} (tidewatch approval approve ${id}); nothing changed yet`;
}

/** What `approval show` and the answer of a proposal say of what is asked for. */
const CONTENT_FIELDS = `changes { ${CHANGE_FIELDS} } policy { ${POLICY_FIELDS} }`;

export const APPROVAL_FIELDS =
  'id kind state model tier summary reason terms hash askedBy askedAt expiresAt endedBecause needed joined { by at reason seq } words { by at isYes note seq }';

/** `tidewatch approval`: what other people have to agree to, and their yes and no. */
export function approvalCommand(): Command {
  return new Command('approval')
    .description('what other people have to agree to: list, show, approve, decline, withdraw')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(approveCommand())
    .addCommand(declineCommand())
    .addCommand(withdrawCommand());
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
    .option('--note <text>', 'what you looked at: needed where a model of high risk is concerned', '')
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

function withdrawCommand(): Command {
  const withdraw = new Command('withdraw')
    .description('take back what you asked for, or call off a policy that was agreed to before its day')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why, for the ledger');
  return onData(withdraw, 'approval withdraw 0f3c… --reason "a slip in the text"').action(
    answering(async (id: string, { reason, ...options }: DataOptions & { readonly reason: string }) =>
      answerWith('approvalWithdraw', 'ApprovalWithdrawInput', { id, reason }, options),
    ),
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
      one.askedAt,
      one.expiresAt,
    ]);
    const lines =
      rows.length === 0
        ? ['nothing']
        : table(['id', 'kind', 'state', 'yes', 'what', 'asked by', 'asked', 'until'], rows);
    return { ok: true, lines, json: { approvals } };
  });
}

async function showApproval(id: string, options: DataOptions): Promise<Answer> {
  const document = `query ($id: ID!) { approval(id: $id) { ${APPROVAL_FIELDS} ${CONTENT_FIELDS} } }`;
  return withApi(options, { data: true }, async (api) => {
    const { approval } = await api.query<{ approval: ShownApproval | null }>(document, { id });
    if (!approval) throw new CliError(`there is no approval ${id}`, 'approval_not_found');
    const lines = [...approvalLines(approval), ...contentLines(approval)];
    return { ok: true, lines, json: approval };
  });
}

async function decide(
  id: string,
  decision: 'APPROVE' | 'DECLINE',
  { note, hash, ...options }: WordOptions,
): Promise<Answer> {
  const input = { id, decision, note, ...(hash === undefined ? {} : { hash }) };
  return answerWith('approvalDecide', 'ApprovalDecideInput', input, options);
}

async function answerWith(field: string, type: string, input: object, options: DataOptions): Promise<Answer> {
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { approval { ${APPROVAL_FIELDS} } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const payload = { input };
    const { approval } = await api.mutate<{ approval: ShownApproval | null; userErrors: [] }>(
      field,
      document,
      payload,
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
    `asked ${utc(one.askedAt)} by ${one.askedBy}: ${one.reason}`,
    ...one.joined.map(({ by, at, reason }) => `asked for the same ${utc(at)} by ${by}: ${reason}`),
    ...(one.state === 'PENDING' ? [`can be approved until ${utc(one.expiresAt)}, by somebody else`] : []),
    ...one.words.map(
      ({ at, by, isYes, note }) =>
        `${utc(at)} ${by}: ${isYes ? 'yes' : by === one.askedBy ? 'took it back' : 'no'}${note === null ? '' : `, ${note}`}`,
    ),
    `sha-256 of what is asked for: ${one.hash}`,
  ];
}

/** What is asked for: a policy with its text, its change and its dry run; else what changes, or the terms as they are. */
function contentLines({ policy, changes = [], terms }: ShownApproval): readonly string[] {
  const changed = changes.length === 0 ? [] : ['what it changes:', ...changeLines(changes)];
  if (policy) return [...policyLines(policy), ...changed, 'its text:', ...indented(policy.content)];
  return changed.length > 0 ? changed : ['what is asked for:', ...indented(terms)];
}

function indented(document: unknown): readonly string[] {
  return stringify(document)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { answering, remark, table, type Answer } from './answer.js';
import { APPROVAL_FIELDS, approvalLines, type ShownApproval } from './approval.js';
import { instantArgument, onData, positiveArgument, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

interface ProposeOptions extends DataOptions {
  readonly reason: string;
  readonly from?: string;
  readonly days: number;
}

interface Counts {
  readonly active: number;
  readonly candidate: number;
}

interface Proposal {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly hash: string;
  readonly rehearsal: {
    readonly days: number;
    readonly windows: number;
    readonly alerts: Counts & { readonly added: number; readonly removed: number };
    readonly retrainings: Counts;
    readonly messagesPerWeek: readonly (Counts & { readonly channel: string })[];
  };
  readonly approval: ShownApproval;
}

const DOCUMENT = `mutation ($input: PolicyProposeInput!) { policyPropose(input: $input) { proposal { id version state hash
  rehearsal { days windows alerts { active candidate added removed } retrainings { active candidate } messagesPerWeek { channel active candidate } }
  approval { ${APPROVAL_FIELDS} } } userErrors { field message code } } }`;

/** `tidewatch policy propose`: a policy that others are to agree to. */
export function proposeCommand(): Command {
  const propose = new Command('propose')
    .description('propose a policy: it is rehearsed, recorded with its text, and waits for others to agree')
    .argument('<file>', 'a policy file, with a version that its id has not had')
    .requiredOption('--reason <text>', 'why it is wanted, for those who agree and for the ledger')
    .option(
      '--from <instant>',
      'the day from which it is to be in force; left out, as soon as others agree',
      instantArgument,
    )
    .option('--days <n>', 'rehearse it on windows of the last n days', positiveArgument, 30);
  return onData(propose, 'policy propose strict.yaml --reason "the audit asks for it"').action(
    answering(async (file: string, options: ProposeOptions) => proposePolicy(file, options)),
  );
}

async function proposePolicy(
  file: string,
  { reason, from, days, ...options }: ProposeOptions,
): Promise<Answer> {
  const input = {
    yaml: readFileSync(file, 'utf8'),
    reason,
    days,
    ...(from === undefined ? {} : { activeFrom: from }),
  };
  return withApi(options, { data: true }, async (api) => {
    remark(`judging the stored results of the last ${days} days again …`);
    const { proposal } = await api.mutate<{ proposal: Proposal | null; userErrors: [] }>(
      'policyPropose',
      DOCUMENT,
      { input },
    );
    return { ok: true, lines: proposal ? proposalLines(proposal) : [], json: { proposal } };
  });
}

function proposalLines({ id, version, state, hash, rehearsal, approval }: Proposal): readonly string[] {
  const { days, windows, alerts, retrainings, messagesPerWeek } = rehearsal;
  return [
    `${id}@${version} (${hash.slice(0, 16)}) is ${state.toLowerCase()}`,
    `on ${windows} windows of the last ${days} days: alerts ${alerts.active} → ${alerts.candidate} (${alerts.added} added, ${alerts.removed} removed), trainings ${retrainings.active} → ${retrainings.candidate}`,
    ...table(
      ['channel', 'messages a week'],
      messagesPerWeek.map(({ channel, active, candidate }) => [channel, `${active} → ${candidate}`]),
    ),
    ...approvalLines(approval),
  ];
}

interface Version {
  readonly version: number;
  readonly content: unknown;
  readonly activeUntil: string | null;
}

/** `tidewatch policy show`: the text in force, as a policy file. */
export function showCommand(): Command {
  const show = new Command('show')
    .description('the text of a policy that is in force, as a policy file; or that of another version')
    .argument('<id>', 'id of a policy')
    .option('--version <n>', 'another version that was in force', positiveArgument);
  return onData(show, 'policy show default > policies/default.yaml').action(
    answering(async (id: string, options: DataOptions & { version?: number }) => showPolicy(id, options)),
  );
}

async function showPolicy(
  id: string,
  { version: wanted, ...options }: DataOptions & { version?: number },
): Promise<Answer> {
  const document = 'query ($id: ID!) { policyVersions(id: $id) { version content activeUntil } }';
  return withApi(options, { data: true }, async (api) => {
    const { policyVersions } = await api.query<{ policyVersions: readonly Version[] }>(document, { id });
    const found = policyVersions.find(({ version, activeUntil }) =>
      wanted === undefined ? activeUntil === null : version === wanted,
    );
    if (!found) {
      const there = policyVersions.map(({ version }) => version).join(', ');
      throw new CliError(`no such version of ${id} was in force; there were ${there}`, 'policy_not_found');
    }
    return { ok: true, lines: stringify(found.content).trimEnd().split('\n'), json: found };
  });
}

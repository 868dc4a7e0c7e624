import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { answering, remark, type Answer } from './answer.js';
import { APPROVAL_FIELDS, approvalLines, type ShownApproval } from './approval.js';
import { instantArgument, onData, positiveArgument, type DataOptions } from './arguments.js';
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

interface ProposeOptions extends DataOptions {
  readonly reason: string;
  readonly from?: string;
  readonly days: number;
}

type Proposal = ShownPolicy & { readonly approval: ShownApproval };

const DOCUMENT = `mutation ($input: PolicyProposeInput!) { policyPropose(input: $input) { proposal { ${POLICY_FIELDS}
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
    return {
      ok: true,
      lines: proposal ? [...policyLines(proposal), ...approvalLines(proposal.approval)] : [],
      json: { proposal },
    };
  });
}

interface Version {
  readonly version: number;
  readonly content: unknown;
  readonly activeUntil: string | null;
}

interface Proposed extends ShownPolicy {
  readonly changes: readonly ShownChange[];
  readonly approval: { readonly id: string };
}

/** `tidewatch policy show`: a text that is, was or is to be in force, as a policy file. */
export function showCommand(): Command {
  const show = new Command('show')
    .description('the text of a policy as a policy file: in force, of another version, or proposed')
    .argument('<id>', 'id of a policy')
    .option('--version <n>', 'another version that was in force or is proposed', positiveArgument);
  return onData(
    show,
    'policy show default > policies/default.yaml',
    'policy show high-risk --version 4',
  ).action(
    answering(async (id: string, options: DataOptions & { version?: number }) => showPolicy(id, options)),
  );
}

const SHOW = `query ($id: ID!) {
  policyVersions(id: $id) { version content activeUntil }
  policyProposals(id: $id) { ${POLICY_FIELDS} changes { ${CHANGE_FIELDS} } approval { id } }
}`;

interface Shown {
  readonly policyVersions: readonly Version[];
  readonly policyProposals: readonly Proposed[];
}

async function showPolicy(
  id: string,
  { version: wanted, ...options }: DataOptions & { version?: number },
): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { policyVersions: versions, policyProposals } = await api.query<Shown>(SHOW, { id });
    const proposed = policyProposals.filter(({ version, state }) => version === wanted && OPEN.has(state));
    const found = versions.find(({ version, activeUntil }) =>
      wanted === undefined ? activeUntil === null : version === wanted,
    );
    const others = proposed.length > 1 || found ? proposed.map(otherLine) : [];
    if (found) return { ok: true, lines: [...others, ...textLines(found.content)], json: found };
    if (proposed.length > 0)
      return { ok: true, lines: [...others, ...proposed.flatMap(proposedLines)], json: { id, proposed } };
    const there = versions.map(({ version }) => version).join(', ');
    throw new CliError(
      `no such version of ${id} was in force or is proposed; versions that were in force: ${there || 'none'}`,
      'policy_not_found',
    );
  });
}

/** States of proposals that may still come into force. */
const OPEN: ReadonlySet<string> = new Set(['DRAFT', 'SCHEDULED']);

/** That a text of the number is proposed beside another, as a comment. */
function otherLine({ version, hash, approval }: Proposed): string {
  return `# a text of version ${version} is proposed: ${hash.slice(0, 12)}… (tidewatch approval show ${approval.id})`;
}

/** What is not part of the text stands in comments, so that it is a policy file all the same. */
function proposedLines({ changes, approval, ...policy }: Proposed): readonly string[] {
  const said = [
    `not in force: approval ${approval.id}`,
    ...policyLines(policy),
    'what it changes:',
    ...changeLines(changes),
  ];
  return ['---', ...said.map((line) => `# ${line}`.trimEnd()), ...textLines(policy.content)];
}

function textLines(content: unknown): readonly string[] {
  return stringify(content).trimEnd().split('\n');
}

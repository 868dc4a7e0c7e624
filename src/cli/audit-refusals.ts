import { Command } from 'commander';
import { answering, table, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Refusal {
  readonly seq: number;
  readonly hash: string;
  readonly action: string;
  readonly actorId: string;
  readonly subjectId: string;
  readonly isReviewed: boolean;
}

const LIST = '{ auditRefusals { seq hash action actorId subjectId isReviewed } }';
const REVIEW = `mutation ($input: AuditRefusalsReviewInput!) {
  auditRefusalsReview(input: $input) { reviewed userErrors { field message code } } }`;

/** `tidewatch audit refusals`: rows that somebody else wrote into the ledger, and that they were looked into. */
export function auditRefusalsCommand(): Command {
  const refusals = new Command('refusals')
    .description('rows of the ledger that this service did not write and does not obey')
    .option('--reviewed <note>', 'say that those there are were looked into, and what was found out');
  return onData(refusals, 'audit refusals', 'audit refusals --reviewed "restored the grants of the database"').action(
    answering(async ({ reviewed, ...options }: DataOptions & { readonly reviewed?: string }) =>
      reviewed === undefined ? listed(options) : review(reviewed, options),
    ),
  ); // prettier-ignore
}

async function listed(options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { auditRefusals } = await api.query<{ auditRefusals: readonly Refusal[] }>(LIST);
    const rows = auditRefusals.map(({ seq, action, actorId, subjectId, hash, isReviewed }) => [
      String(seq),
      action,
      actorId,
      subjectId,
      `${hash.slice(0, 12)}…`,
      isReviewed ? 'looked into' : 'open',
    ]);
    const isClean = auditRefusals.every(({ isReviewed }) => isReviewed);
    const lines =
      rows.length === 0
        ? ['every entry of the ledger was written by this service']
        : table(['seq', 'action', 'in the name of', 'about', 'hash', 'state'], rows);
    return { ok: isClean, lines, json: { auditRefusals } };
  });
}

async function review(note: string, options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { reviewed } = await api.mutate<{ reviewed: number; userErrors: [] }>(
      'auditRefusalsReview',
      REVIEW,
      {
        input: { note },
      },
    );
    return { ok: true, lines: [`${reviewed} refused rows were looked into`], json: { reviewed } };
  });
}

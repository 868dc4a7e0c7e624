import { Command } from 'commander';
import { answering, table, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Change {
  readonly model: string;
  readonly version: string;
  readonly from: string;
  readonly track: string;
  readonly what: string;
  readonly entry: number;
  readonly foundAt: string;
  readonly judgedRows: number | null;
  readonly foundRows: number | null;
  readonly erasedRows: number | null;
  readonly found: string;
  readonly isReviewed: boolean;
}

const LIST =
  'query ($all: Boolean) { auditChanges(includeReviewed: $all) { model version from track what entry foundAt judgedRows foundRows erasedRows found isReviewed } }';
const REVIEW = `mutation ($input: AuditChangesReviewInput!) {
  auditChangesReview(input: $input) { reviewed userErrors { field message code } } }`;

/** `tidewatch audit changes`: judged windows that somebody changed in the store, and that they were looked into. */
export function auditChangesCommand(): Command {
  const changes = new Command('changes')
    .description('judged windows whose rows, labels or results were changed in the store')
    .option('--all', 'also those that were looked into and are not as they were judged')
    .option('--reviewed <note>', 'say that those there are were looked into, and what was found out');
  return onData(changes, 'audit changes', 'audit changes --reviewed "rows were restored from the back-up"').action(
    answering(async ({ reviewed, all = false, ...options }: DataOptions & { readonly reviewed?: string; readonly all?: boolean }) =>
      reviewed === undefined ? listed(options, all) : review(reviewed, options),
    ),
  ); // prettier-ignore
}

async function listed(options: DataOptions, all: boolean): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { auditChanges } = await api.query<{ auditChanges: readonly Change[] }>(LIST, { all });
    const rows = auditChanges.map(({ model, version, from, track, what, entry, foundAt, found, isReviewed }) => [model, version, from, track, what, found, foundAt, String(entry), ...(all ? [isReviewed ? 'yes' : 'no'] : [])]);
    const lines =
      rows.length === 0
        ? ['no judged window is known to have been changed in the store, but for those that were looked into (--all)']
        : table(['model', 'version', 'window from', 'track', 'changed', 'what was found', 'found at', 'entry', ...(all ? ['looked into'] : [])], rows);
    return { ok: auditChanges.every(({ isReviewed }) => isReviewed), lines, json: { auditChanges } };
  });
} // prettier-ignore

async function review(note: string, options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { reviewed } = await api.mutate<{ reviewed: number; userErrors: [] }>(
      'auditChangesReview',
      REVIEW,
      { input: { note } },
    );
    return { ok: true, lines: [`${reviewed} changed windows were looked into`], json: { reviewed } };
  });
}

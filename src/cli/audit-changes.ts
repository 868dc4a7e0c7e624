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
  readonly found: string;
}

const LIST = '{ auditChanges { model version from track what entry foundAt judgedRows foundRows found } }';
const REVIEW = `mutation ($input: AuditChangesReviewInput!) {
  auditChangesReview(input: $input) { reviewed userErrors { field message code } } }`;

/** `tidewatch audit changes`: judged windows that somebody changed in the store, and that they were looked into. */
export function auditChangesCommand(): Command {
  const changes = new Command('changes')
    .description('judged windows whose rows, labels or results were changed in the store')
    .option('--reviewed <note>', 'say that those there are were looked into, and what was found out');
  return onData(changes, 'audit changes', 'audit changes --reviewed "rows were restored from the back-up"').action(
    answering(async ({ reviewed, ...options }: DataOptions & { readonly reviewed?: string }) =>
      reviewed === undefined ? listed(options) : review(reviewed, options),
    ),
  ); // prettier-ignore
}

async function listed(options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { auditChanges } = await api.query<{ auditChanges: readonly Change[] }>(LIST);
    const rows = auditChanges.map(({ model, version, from, track, what, entry, foundAt, ...change }) => [model, version, from, track, what, countsText(change), foundAt, String(entry)]);
    const lines =
      rows.length === 0
        ? ['no judged window is known to have been changed in the store, but for those that were looked into']
        : table(['model', 'version', 'window from', 'track', 'changed', 'rows', 'found at', 'entry'], rows);
    return { ok: rows.length === 0, lines, json: { auditChanges } };
  });
} // prettier-ignore

function countsText({ judgedRows, foundRows }: Pick<Change, 'judgedRows' | 'foundRows'>): string {
  return judgedRows === null || foundRows === null ? '' : `${judgedRows} judged, ${foundRows} found`;
}

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

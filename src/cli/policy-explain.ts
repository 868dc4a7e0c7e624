import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

const DOCUMENT = 'query ($id: ID!) { policyVersions(id: $id) { content activeUntil } }';

interface Found {
  readonly policyVersions: readonly { readonly content: unknown; readonly activeUntil: string | null }[];
}

/** `tidewatch policy explain`: what is in a file, or in force under an id, in words. Throws PolicyError for a file that is no policy. */
export async function explainedPolicy(policy: string, options: DataOptions): Promise<Answer> {
  const content = existsSync(policy) ? await contentOf(policy) : await inForce(policy, options);
  const [{ explainPolicy }, { Policy }] = await Promise.all([
    import('../policies/explain-policy.js'),
    import('../policies/policy-schema.js'),
  ]);
  const lines = explainPolicy(Policy.parse(content));
  return { ok: true, lines, json: { content, lines } };
}

async function contentOf(file: string): Promise<unknown> {
  if (statSync(file).isDirectory())
    throw new CliError(`${file} is a folder: name one policy file`, 'no_files');
  const { loadPolicies } = await import('../policies/load.js');
  const { policies } = loadPolicies([{ name: file, text: readFileSync(file, 'utf8') }]);
  return policies[0]?.content;
}

async function inForce(id: string, options: DataOptions): Promise<unknown> {
  const { policyVersions } = await withApi(options, { data: true }, async (api) =>
    api.query<Found>(DOCUMENT, { id }),
  );
  const found = policyVersions.find(({ activeUntil }) => activeUntil === null);
  if (!found)
    throw new CliError(`there is no file ${id}, and no policy of that id is in force`, 'policy_not_found');
  return found.content;
}

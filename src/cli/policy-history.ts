import type { Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Version {
  readonly version: number;
  readonly hash: string;
  readonly enforcement: string;
  readonly file: string;
  readonly activeFrom: string;
  readonly activeUntil: string | null;
  readonly seq: number;
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
}

const DOCUMENT = `query ($id: ID!) { policyVersions(id: $id) {
  id version hash owner enforcement file activeFrom activeUntil seq content changes { path before after } } }`;

/** `tidewatch policy history`: every version that was in force, and what it changed. */
export async function policyHistory(id: string, options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { policyVersions } = await api.query<{ policyVersions: readonly Version[] }>(DOCUMENT, { id });
    return { ok: true, lines: policyVersions.flatMap(linesOf), json: { policyVersions } };
  });
}

function linesOf({ version, hash, enforcement, file, seq, changes, ...active }: Version): readonly string[] {
  const until = active.activeUntil === null ? 'in force' : `until ${active.activeUntil}`;
  const head = `version ${version}, ${enforcement}, from ${active.activeFrom}, ${until} (${file}, entry ${seq}, ${hash.slice(0, 12)}…)`;
  return [
    head,
    ...changes.map((change) => `  ${change.path}: ${shown(change.before)} -> ${shown(change.after)}`),
  ];
}

function shown(value: unknown): string {
  return value === null ? 'nothing' : JSON.stringify(value);
}

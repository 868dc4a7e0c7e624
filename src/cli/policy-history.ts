import type { Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CHANGE_FIELDS, changeLines, type ShownChange } from './proposal-lines.js';

interface Version {
  readonly version: number;
  readonly hash: string;
  readonly enforcement: string;
  readonly file: string | null;
  readonly activeFrom: string;
  readonly activeUntil: string | null;
  readonly reason: string | null;
  readonly approval: {
    readonly id: string;
    readonly askedBy: string;
    readonly words: readonly { readonly by: string; readonly isYes: boolean }[];
  } | null;
  readonly seq: number;
  readonly changes: readonly ShownChange[];
}

interface Later {
  readonly version: number;
  readonly hash: string;
  readonly state: string;
  readonly activeFrom: string | null;
  readonly approval: { readonly id: string };
}

interface Found {
  readonly policyVersions: readonly Version[];
  readonly policyProposals: readonly Later[];
}

const DOCUMENT = `query ($id: ID!) { policyVersions(id: $id) {
  id version hash owner enforcement file activeFrom activeUntil reason approval { id askedBy words { by isYes } } seq content changes { ${CHANGE_FIELDS} } }
  policyProposals(id: $id) { version hash state activeFrom approval { id } } }`;

/** `tidewatch policy history`: every version that was in force and who wanted it, what it changed, and what is to come. */
export async function policyHistory(id: string, options: DataOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { policyVersions, policyProposals } = await api.query<Found>(DOCUMENT, { id });
    const later = policyProposals.filter(({ state }) => state === 'SCHEDULED' || state === 'DRAFT');
    const none = policyVersions.length === 0 ? [`no version of ${id} was in force yet`] : [];
    const lines = [...later.map(laterLine), ...none, ...policyVersions.flatMap(linesOf)];
    return { ok: true, lines, json: { policyVersions, later } };
  });
}

function laterLine({ version, hash, state, activeFrom, approval }: Later): string {
  const day = activeFrom === null ? 'as soon as enough people agreed' : `on ${activeFrom}`;
  const how = state === 'SCHEDULED' ? 'agreed to, comes into force' : 'proposed, would come into force';
  return `version ${version}: ${how} ${day} (approval ${approval.id}, ${hash.slice(0, 12)}…)`;
}

function linesOf({ version, hash, enforcement, seq, changes, ...one }: Version): readonly string[] {
  const until = one.activeUntil === null ? 'in force' : `until ${one.activeUntil}`;
  const head = `version ${version}, ${enforcement}, from ${one.activeFrom}, ${until} (${broughtBy(one)}, entry ${seq}, ${hash.slice(0, 12)}…)`;
  return [head, ...agreedLines(one), ...changeLines(changes)];
}

function broughtBy({ file, approval }: Pick<Version, 'file' | 'approval'>): string {
  return approval === null ? `file ${file ?? ''}` : `approval ${approval.id}`;
}

function agreedLines({ approval, reason }: Pick<Version, 'approval' | 'reason'>): readonly string[] {
  if (approval === null) return [];
  const yes = approval.words.filter(({ isYes }) => isYes).map(({ by }) => by);
  const agreed = yes.length === 0 ? 'nobody else had to agree' : `agreed to by ${yes.join(', ')}`;
  return [`  asked for by ${approval.askedBy}, ${agreed}: ${reason ?? ''}`];
}

import { CodedError } from '../domain/coded-error.js';
import { SYSTEM, type Json, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import { minuteText } from '../domain/wording.js';
import type { Projection } from '../ledger/projection.js';
import type { CompiledPolicy } from './compiled-policy.js';
import { inFileOrder, loadPolicies } from './load.js';
import { PolicyText, proposalOf, type PolicyProposal } from './policy-proposal.js';

/** A version number means one text, for ever. */
export class PolicyVersionTaken extends CodedError {
  override readonly name = 'PolicyVersionTaken';
  readonly code = 'policy_version_taken';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

interface KnownVersion {
  readonly version: number;
  readonly hash: string;
  readonly at: Date;
}

interface Standing extends Omit<KnownVersion, 'version'> {
  /** Null in entries of before texts were recorded. */
  readonly text: PolicyText | null;
  /** The approval under which it was adopted; null where it came from a file. */
  readonly approval: string | null;
}

type Numbered = Pick<CompiledPolicy, 'id' | 'version' | 'hash' | 'file'>;

export const POLICY_SUBJECT = 'policy';

/**
 * Which policies are in force and which versions of them ever were, folded from the ledger, where their text is as well: those that files brought,
 * and those that people proposed and others agreed to.
 */
export class ActivePolicies implements Projection {
  private readonly standing = new Map<string, Standing>();
  /** Of those whose text was recorded. */
  private readonly versions = new Map<string, KnownVersion[]>();
  private readonly proposed = new Map<string, PolicyProposal>();
  /** Agreed to for a later day, by approval. */
  private readonly scheduled = new Map<string, Date>();
  private readonly compiled = new Map<string, CompiledPolicy>();
  private all: readonly CompiledPolicy[] | null = null;

  /** The policies in force, in the order of their files; the same list until one changes. Throws PolicyError for a recorded text that does not load any more. */
  inForce(): readonly CompiledPolicy[] {
    this.all ??= inFileOrder(
      [...this.standing.values()].flatMap((one) => {
        const policy = this.compile(one);
        return policy ? [{ policy, file: one.text?.file ?? policy.file }] : [];
      }),
    ).map(({ policy }) => policy);
    return this.all;
  }

  /** The policies that people proposed, newest first. */
  proposals(): readonly PolicyProposal[] {
    return [...this.proposed.values()].toReversed();
  }

  proposal(approval: string): PolicyProposal | undefined {
    return this.proposed.get(approval);
  }

  /** When a policy that was agreed to comes into force; null where it is or was, or nobody agreed. */
  scheduledFor(approval: string): Date | null {
    return this.scheduled.get(approval) ?? null;
  }

  /** Whether a text ever was in force under an id. */
  wasInForce(id: string, hash: string): boolean {
    return this.versions.get(id)?.some((one) => one.hash === hash) ?? false;
  }

  /**
   * Records which policies of the files came into force, changed or went, compared with what the ledger knows. Of a file and an adopted policy of
   * one id the higher version is in force. Throws PolicyVersionTaken, with every problem, for a text under a number that another text had,
   * and for one that goes back to an older number.
   */
  activate(policies: readonly CompiledPolicy[], at: Date): NewEntry[] {
    for (const policy of policies) this.compiled.set(policy.hash, policy);
    const changed = policies.filter(
      (policy) => this.standing.get(policy.id)?.hash !== policy.hash && !this.adoptedAfter(policy),
    );
    const problems = changed.flatMap((policy) => this.takenProblem(policy) ?? []);
    if (problems.length > 0) throw new PolicyVersionTaken(problems);
    const gone = [...this.standing].filter(
      ([id, { approval }]) => approval === null && !policies.some((policy) => policy.id === id),
    );
    return [
      ...changed.map((policy) => activated({ ...textOf(policy), replaces: this.hashOf(policy.id) }, at)),
      ...gone.map(([id, { hash }]): NewEntry => {
        const subject = { type: POLICY_SUBJECT, id };
        return { action: 'policy.retired', actor: SYSTEM, at, subject, data: { id, hash } };
      }),
    ];
  }

  /** Files whose policy is not in force because people adopted a newer version, a sentence each. */
  behind(policies: readonly Numbered[]): readonly string[] {
    return policies.flatMap((policy) => {
      const newer = this.adoptedAfter(policy);
      if (!newer) return [];
      const { id, version, file } = policy;
      return `${file}: version ${version} of ${id} is not in force: version ${newer.version} was adopted (since ${minuteText(newer.at)} UTC); put that text in the file (tidewatch policy show ${id}), or give the file a higher version`;
    });
  }

  /** Throws PolicyVersionTaken for a policy that cannot come into force under its number, or is in force. */
  demandNew(policy: Numbered): void {
    const inForce = this.standing.get(policy.id);
    const same = `${policy.file}: version ${policy.version} of ${policy.id} is in force with exactly this text: there is nothing to propose`;
    const problem = inForce?.hash === policy.hash ? same : this.takenProblem(policy);
    if (problem !== null) throw new PolicyVersionTaken([problem]);
  }

  /** Why a policy that was proposed cannot come into force any more; null where it can. */
  problemOf(approval: string): string | null {
    const proposal = this.proposed.get(approval);
    return proposal ? this.takenProblem(proposal) : null;
  }

  /** A policy that was proposed, ready to judge. Throws PolicyError where its text does not load any more. */
  compiledProposal(approval: string): CompiledPolicy | null {
    const text = this.proposed.get(approval);
    return text ? this.compile({ hash: text.hash, text }) : null;
  }

  /** The name under which a policy is filed: that of the one it takes the place of. */
  fileOf(id: string): string {
    return this.standing.get(id)?.text?.file ?? `${id}.yaml`;
  }

  /** Hash of what is in force under an id; null where nothing is. */
  hashOf(id: string): string | null {
    return this.standing.get(id)?.hash ?? null;
  }

  /** What others agreed to comes into force, or is due later. Throws PolicyVersionTaken where its number was taken meanwhile. */
  adopt(approval: string, at: Date): readonly NewEntry[] {
    const proposal = this.proposed.get(approval);
    if (!proposal) return [];
    this.demandNew(proposal);
    if (proposal.from === null || proposal.from <= at) return [this.adopted(proposal, at)];
    const { id, version, hash, from } = proposal;
    const data = { id, version, hash, from: from.toISOString(), approval };
    return [{ action: 'policy.scheduled', actor: SYSTEM, at, subject: { type: POLICY_SUBJECT, id }, data }];
  }

  /** What was agreed to for a day that is there, or was overtaken by a newer version. */
  due(now: Date): readonly NewEntry[] {
    return [...this.scheduled].flatMap(([approval, from]) => {
      const proposal = this.proposed.get(approval);
      if (!proposal || from > now) return [];
      const { id, version, hash } = proposal;
      if (version > this.newestOf(id)) return [this.adopted(proposal, now)];
      const data = { id, version, hash, approval };
      const subject = { type: POLICY_SUBJECT, id };
      return [{ action: 'policy.withdrawn', actor: SYSTEM, at: now, subject, data }];
    });
  }

  apply(entry: LedgerEntry): void {
    const { action, subject, data } = entry;
    if (action === 'policy.proposed') {
      const proposal = proposalOf(entry);
      this.proposed.set(proposal.approval, proposal);
    } else if (action === 'policy.scheduled') {
      if (typeof data['approval'] === 'string' && typeof data['from'] === 'string')
        this.scheduled.set(data['approval'], new Date(data['from']));
    } else if (action === 'policy.withdrawn') this.scheduled.delete(nameOf(data['approval']));
    else if (action === 'policy.retired') {
      this.standing.delete(subject.id);
      this.all = null;
    } else if (action === 'policy.activated') this.stand(entry);
  }

  reset(): void {
    for (const state of [this.standing, this.versions, this.proposed, this.scheduled]) state.clear();
    this.all = null;
  }

  private stand({ subject, data, at }: LedgerEntry): void {
    const { hash, version, content, approval } = data;
    if (typeof hash !== 'string') return;
    const text = PolicyText.safeParse(data);
    const adopted = typeof approval === 'string' ? approval : null;
    this.standing.delete(subject.id);
    this.standing.set(subject.id, { hash, at, text: text.success ? text.data : null, approval: adopted });
    this.scheduled.delete(adopted ?? '');
    this.all = null;
    if (typeof version !== 'number' || content === undefined) return;
    this.versions.set(subject.id, [...(this.versions.get(subject.id) ?? []), { version, hash, at }]);
  }

  private compile({ hash, text }: Pick<Standing, 'hash' | 'text'>): CompiledPolicy | null {
    const known = this.compiled.get(hash);
    if (known || text === null) return known ?? null;
    const [policy] = loadPolicies([{ name: text.file, text: JSON.stringify(text.content) }]).policies;
    if (policy) this.compiled.set(hash, policy);
    return policy ?? null;
  }

  private adopted(proposal: PolicyProposal, at: Date): NewEntry {
    const { approval, reason, person: proposedBy } = proposal;
    const replaces = this.hashOf(proposal.id);
    return activated({ ...textOf(proposal), replaces, approval, reason, proposedBy }, at);
  }

  /** The newer version that people adopted in the place of that of a file; null where they did not. */
  private adoptedAfter({ id, version, hash }: Numbered): Omit<KnownVersion, 'hash'> | null {
    const inForce = this.standing.get(id);
    if (!inForce?.text || inForce.approval === null || inForce.hash === hash) return null;
    const { text, at } = inForce;
    return version < text.version ? { version: text.version, at } : null;
  }

  private newestOf(id: string): number {
    return Math.max(0, ...(this.versions.get(id) ?? []).map((one) => one.version));
  }

  /** Versions that were in force, and those that are agreed to for later: their numbers are taken. */
  private taken(id: string): readonly KnownVersion[] {
    const later = [...this.scheduled].flatMap(([approval, at]) => {
      const found = this.proposed.get(approval);
      return found?.id === id ? [{ version: found.version, hash: found.hash, at }] : [];
    });
    return [...(this.versions.get(id) ?? []), ...later];
  }

  private takenProblem({ id, version, hash, file }: Numbered): string | null {
    const newest = this.newestOf(id);
    const taken = this.taken(id);
    const same = taken.findLast((one) => one.version === version);
    const next = Math.max(0, ...taken.map((one) => one.version)) + 1;
    if (same && same.hash !== hash)
      return `${file}: version ${version} of ${id} has been in force with another text since ${same.at.toISOString()}; give the changed text version ${next}`;
    return version < newest
      ? `${file}: version ${version} of ${id} is older than ${newest}, which has been in force; to go back, give the old text version ${next}`
      : null;
  }
}

/** What an entry holds of a policy. */
export function textOf({
  id,
  version,
  hash,
  owner,
  enforcement,
  file,
  legalBasis,
  content,
}: Readonly<Omit<PolicyText, 'legalBasis'>> & { readonly legalBasis: readonly string[] }): PolicyText {
  return { id, version, hash, owner, enforcement, file, legalBasis: [...legalBasis], content };
}

function activated(data: PolicyText & { readonly [key: string]: Json }, at: Date): NewEntry {
  const subject = { type: POLICY_SUBJECT, id: data.id };
  return { action: 'policy.activated', actor: SYSTEM, at, subject, data };
}

function nameOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

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
  /** Approvals that brought a policy into force, now or once. */
  private readonly brought = new Set<string>();
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

  /** What became of a policy that was agreed to: whether it is in force, or was; null where it is neither. */
  broughtBy({ approval, id }: Pick<PolicyProposal, 'approval' | 'id'>): 'is' | 'was' | null {
    if (!this.brought.has(approval)) return null;
    return this.standing.get(id)?.approval === approval ? 'is' : 'was';
  }

  /** What is agreed to for a later day under an id. */
  scheduledOf(id: string): readonly PolicyProposal[] {
    return [...this.scheduled.keys()].flatMap((approval) => {
      const found = this.proposed.get(approval);
      return found?.id === id ? [found] : [];
    });
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
    const problems = changed.flatMap((policy) => {
      const problem = this.takenProblem(policy);
      return problem === null ? [] : [`${policy.file}: ${problem}`];
    });
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
    const problem = this.newProblem(policy);
    if (problem !== null) throw new PolicyVersionTaken([problem]);
  }

  private newProblem(policy: Omit<Numbered, 'file'>): string | null {
    const { id, version, hash } = policy;
    const named = `version ${version} of ${id}`;
    if (this.standing.get(id)?.hash === hash)
      return `${named} is in force with exactly this text: there is nothing to propose`;
    const later = this.scheduledOf(id).find((one) => one.hash === hash);
    const day = this.scheduledFor(later?.approval ?? '');
    if (!later || day === null) return this.takenProblem(policy);
    return `${named} was agreed to with exactly this text and comes into force on ${minuteText(day)} UTC (approval ${later.approval}): call that off first`;
  }

  /** Why a policy that was proposed cannot come into force any more; null where it can. */
  problemOf(approval: string): string | null {
    const proposal = this.proposed.get(approval);
    return proposal ? this.newProblem(proposal) : null;
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
      const because = `a newer version of ${id} came into force meanwhile`;
      const data = { id, version, hash, approval, because };
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
    for (const state of [this.standing, this.versions, this.proposed, this.scheduled, this.brought])
      state.clear();
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
    if (adopted !== null) this.brought.add(adopted);
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

  /** Why a text cannot have a number: another one had it or will have it, or a newer one was in force. */
  private takenProblem({ id, version, hash }: Omit<Numbered, 'file'>): string | null {
    const was = this.versions.get(id) ?? [];
    const later = this.scheduledOf(id);
    const next = Math.max(0, ...[...was, ...later].map((one) => one.version)) + 1;
    const [named, give] = [`version ${version} of ${id}`, `give the changed text version ${next}`];
    const before = was.findLast((one) => one.version === version);
    if (before && before.hash !== hash)
      return `${named} has been in force with another text since ${before.at.toISOString()}; ${give}`;
    const agreed = later.find((one) => one.version === version && one.hash !== hash);
    const day = this.scheduledFor(agreed?.approval ?? '');
    if (day !== null)
      return `${named} was agreed to with another text, which comes into force on ${day.toISOString()}; ${give}`;
    const newest = this.newestOf(id);
    return version < newest
      ? `${named} is older than ${newest}, which has been in force; to go back, give the old text version ${next}`
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

import { CodedError } from '../domain/coded-error.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';
import type { CompiledPolicy } from './compiled-policy.js';

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

/** Which policies are in force and which versions of them ever were, folded from the ledger, where their text is as well. */
export class ActivePolicies implements Projection {
  private readonly hashes = new Map<string, string>();
  /** Of those whose text was recorded. */
  private readonly versions = new Map<string, KnownVersion[]>();

  /**
   * Records which policies came into force, changed or went, compared with what the ledger knows. Throws PolicyVersionTaken, with every
   * problem, for a text under a number that another text had, and for one that goes back to an older number.
   */
  activate(policies: readonly CompiledPolicy[], at: Date): NewEntry[] {
    const changed = policies.filter((policy) => this.hashes.get(policy.id) !== policy.hash);
    const problems = changed.flatMap((policy) => this.problemOf(policy) ?? []);
    if (problems.length > 0) throw new PolicyVersionTaken(problems);
    const gone = [...this.hashes.keys()].filter((id) => !policies.some((policy) => policy.id === id));
    return [
      ...changed.map((policy): NewEntry => {
        const { id, version, hash, owner, enforcement, file, legalBasis, content } = policy;
        const replaces = this.hashes.get(id) ?? null;
        const data = { id, version, hash, owner, enforcement, file, legalBasis, content, replaces };
        return { action: 'policy.activated', actor: SYSTEM, at, subject: { type: 'policy', id }, data };
      }),
      ...gone.map((id): NewEntry => {
        const data = { id, hash: this.hashes.get(id) ?? '' };
        return { action: 'policy.retired', actor: SYSTEM, at, subject: { type: 'policy', id }, data };
      }),
    ];
  }

  apply({ action, subject, data, at }: LedgerEntry): void {
    const { hash, version, content } = data;
    if (action === 'policy.retired') this.hashes.delete(subject.id);
    if (action !== 'policy.activated' || typeof hash !== 'string') return;
    this.hashes.set(subject.id, hash);
    if (typeof version !== 'number' || content === undefined) return;
    this.versions.set(subject.id, [...(this.versions.get(subject.id) ?? []), { version, hash, at }]);
  }

  reset(): void {
    this.hashes.clear();
    this.versions.clear();
  }

  private problemOf({ id, version, hash, file }: CompiledPolicy): string | null {
    const known = this.versions.get(id) ?? [];
    const newest = Math.max(0, ...known.map((one) => one.version));
    const same = known.findLast((one) => one.version === version);
    if (same && same.hash !== hash)
      return `${file}: version ${version} of ${id} has been in force with another text since ${same.at.toISOString()}; give the changed text version ${newest + 1}`;
    return version < newest
      ? `${file}: version ${version} of ${id} is older than ${newest}, which has been in force; to go back, give the old text version ${newest + 1}`
      : null;
  }
}

import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';
import type { CompiledPolicy } from './compiled-policy.js';

/** Which policies are in force, by id and hash, folded from the ledger; what they say is in the files. */
export class ActivePolicies implements Projection {
  private readonly hashes = new Map<string, string>();

  /** Records which policies came into force, changed or went, compared with what the ledger knows. */
  activate(policies: readonly CompiledPolicy[], at: Date): NewEntry[] {
    const changed = policies.filter((policy) => this.hashes.get(policy.id) !== policy.hash);
    const gone = [...this.hashes.keys()].filter((id) => !policies.some((policy) => policy.id === id));
    return [
      ...changed.map((policy): NewEntry => {
        const { id, version, hash, owner, enforcement, file, legalBasis } = policy;
        const data = {
          id,
          version,
          hash,
          owner,
          enforcement,
          file,
          legalBasis,
          replaces: this.hashes.get(id) ?? null,
        };
        return { action: 'policy.activated', actor: SYSTEM, at, subject: { type: 'policy', id }, data };
      }),
      ...gone.map((id): NewEntry => {
        const data = { id, hash: this.hashes.get(id) ?? '' };
        return { action: 'policy.retired', actor: SYSTEM, at, subject: { type: 'policy', id }, data };
      }),
    ];
  }

  apply({ action, subject, data }: LedgerEntry): void {
    const hash = data['hash'];
    if (action === 'policy.activated' && typeof hash === 'string') this.hashes.set(subject.id, hash);
    if (action === 'policy.retired') this.hashes.delete(subject.id);
  }

  reset(): void {
    this.hashes.clear();
  }
}

import type { Actor } from '../domain/ledger-entry.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import type { Rehearsal } from '../policies/policy-proposal.js';
import type { DryRunReport } from './policy-dry-run.js';
import { proposePolicy, rehearseText, type PolicyWish } from './propose-policy.js';
import { rehearsePolicy } from './rehearse-policy.js';
import type { Stages } from './stages.js';

/** What people want of policies: a rehearsal, and that one comes into force. */
export class PolicyActions {
  constructor(private readonly stages: Stages) {}

  /** As `proposePolicy` does. */
  async propose(wish: PolicyWish, actor: Actor): Promise<string> {
    return proposePolicy(this.stages, wish, actor);
  }

  /** As `rehearseText` does. */
  async rehearseText(yaml: string, days: number): Promise<Rehearsal> {
    return rehearseText(this.stages, yaml, days);
  }

  /** As `rehearsePolicy` does. */
  async rehearse(
    candidate: CompiledPolicy | undefined,
    asked: { readonly days: number; readonly models: readonly string[] | null },
  ): Promise<DryRunReport> {
    return rehearsePolicy(this.stages, candidate, asked);
  }
}

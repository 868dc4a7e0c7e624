import type { Approval } from '../approvals/approval.js';
import { expiryOf } from '../approvals/decide-approval.js';
import type { RiskTier } from '../domain/model.js';
import type { Change } from '../registry/json-diff.js';
import { approvalTier, askedBy, neededFor } from './answer-approval.js';
import { approvalChanges } from './approval-changes.js';
import type { Stages } from './stages.js';

/** What is asked of people, for whoever looks. */
export class ApprovalReads {
  constructor(
    private readonly stages: Pick<
      Stages,
      | 'approvalRules'
      | 'approvals'
      | 'ledger'
      | 'nameOf'
      | 'policies'
      | 'policyBook'
      | 'registry'
      | 'retrainings'
    >,
  ) {}

  list(): readonly Approval[] {
    return this.stages.approvals.list();
  }

  /** Null for none of that id, and where nothing is asked. */
  find(id: string | null): Approval | null {
    return id === null ? null : (this.stages.approvals.find(id) ?? null);
  }

  /** As `approvalTier` does. */
  tierOf(approval: Approval): RiskTier {
    return approvalTier(this.stages, approval);
  }

  /** As `neededFor` does. */
  neededFor(approval: Approval): number {
    return neededFor(this.stages, approval);
  }

  /** The name of who asked. */
  askedBy(approval: Approval): string {
    return this.stages.nameOf(askedBy(this.stages, approval));
  }

  expiryOf(approval: Approval): Date {
    return expiryOf(approval, this.stages.approvalRules);
  }

  /** As `approvalChanges` does. */
  async changesOf(approval: Approval): Promise<readonly Change[]> {
    return approvalChanges(this.stages, approval);
  }

  /** Whether it is about a training run. */
  isOfTraining(id: string): boolean {
    return this.stages.retrainings.story(id) !== undefined;
  }
}

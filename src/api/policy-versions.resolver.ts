import { Args, Query, Resolver } from '@nestjs/graphql';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { PolicyReads } from '../pipeline/policy-reads.js';
import { Names } from '../registry/names.js';
import { Needs } from './access.js';
import { demandKnown } from './known.js';
import type { QueryPolicyVersionsArgs } from './schema.generated.js';

/** What was law when: the versions of a policy, from the ledger. */
@Resolver()
@Needs('read')
export class PolicyVersionsResolver {
  constructor(
    private readonly reads: PolicyReads,
    private readonly approvals: ApprovalReads,
    private readonly names: Names,
  ) {}

  @Query('policyVersions')
  async policyVersions(@Args('id') id: QueryPolicyVersionsArgs['id']): Promise<readonly object[]> {
    const found = await this.reads.history(id);
    if (found.length === 0) demandKnown('id', id, await this.reads.ids());
    return found.map((one) => {
      const approval = this.approvals.find(one.approvalId);
      const actor = approval?.words.at(-1)?.actor ?? one.actor;
      const file = approval === null ? one.file : null;
      return { ...one, file, activatedBy: { ...actor, ...this.names.card(actor.id) }, approval };
    });
  }
}

import { Args, Query, Resolver } from '@nestjs/graphql';
import { policyHistory, policyIds } from '../pipeline/policy-history.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { demandKnown } from './known.js';

/** What was law when: the versions of a policy, from the ledger. */
@Resolver()
@Needs('read')
export class PolicyVersionsResolver {
  constructor(private readonly service: Service) {}

  @Query('policyVersions')
  async policyVersions(@Args('id') id: string): Promise<readonly object[]> {
    const { ledger, names, stages } = this.service;
    const found = await policyHistory(ledger, id);
    if (found.length === 0) demandKnown('id', id, await policyIds(ledger));
    return found.map((one) => ({
      ...one,
      activatedBy: { ...one.actor, ...names.card(one.actor.id) },
      approval: stages.approvals.find(one.approvalId ?? '') ?? null,
    }));
  }
}

import { Args, Query, Resolver } from '@nestjs/graphql';
import { policyHistory, policyIds } from '../pipeline/policy-history.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { demandKnown } from './known.js';
import type { QueryPolicyVersionsArgs } from './schema.generated.js';

/** What was law when: the versions of a policy, from the ledger. */
@Resolver()
@Needs('read')
export class PolicyVersionsResolver {
  constructor(private readonly service: Service) {}

  @Query('policyVersions')
  async policyVersions(@Args('id') id: QueryPolicyVersionsArgs['id']): Promise<readonly object[]> {
    const { ledger, names, stages } = this.service;
    const found = await policyHistory(ledger, id);
    const proposed = stages.policyBook.proposals().map((one) => one.id);
    if (found.length === 0) demandKnown('id', id, [...(await policyIds(ledger)), ...proposed]);
    return found.map((one) => {
      const approval = stages.approvals.find(one.approvalId ?? '') ?? null;
      const actor = approval?.words.at(-1)?.actor ?? one.actor;
      const file = approval === null ? one.file : null;
      return { ...one, file, activatedBy: { ...actor, ...names.card(actor.id) }, approval };
    });
  }
}

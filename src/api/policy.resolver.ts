import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import { PolicyActions } from '../pipeline/policy-actions.js';
import { PolicyReads } from '../pipeline/policy-reads.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { loadPolicies } from '../policies/load.js';
import { PolicyError } from '../policies/policy-error.js';
import { pastInstant } from './request.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import type { PolicyDryRunInput, QueryPoliciesArgs } from './schema.generated.js';
import { isObject } from '../domain/json-object.js';

const LONGEST_DAYS = 400;

/** The policies in force, and what others would have done in their place. */
@Resolver()
@Needs('read')
export class PolicyResolver {
  constructor(
    private readonly clock: Clock,
    private readonly reads: PolicyReads,
    private readonly actions: PolicyActions,
  ) {}

  @Query('policies')
  async policies(@Args('asOf') asOf?: QueryPoliciesArgs['asOf']): Promise<readonly object[]> {
    const at = pastInstant(asOf, 'asOf', this.clock.now());
    if (at !== null) return (await this.reads.asOf(at)).map(policyOf);
    return this.reads.inForce().map((policy) => {
      const { id, version, hash, owner, enforcement, rules } = policy;
      const head = { id, version, hash, owner, enforcement, rules: rules.map((rule) => rule.id) };
      return { ...head, unknownChannels: this.reads.unknownChannelsOf(policy) };
    });
  }

  @Query('policyDryRun')
  @Needs('examine')
  async dryRun(@Args('input') { yaml, file, days, models }: PolicyDryRunInput): Promise<object> {
    demandDays(days);
    const [candidate] = load(file ?? 'policy.yaml', yaml);
    const report = await this.actions.rehearse(candidate, { days, models: models ?? null });
    const active = this.reads.inForce();
    const policy = candidate && {
      id: candidate.id,
      version: candidate.version,
      hash: candidate.hash,
      enforcement: candidate.enforcement,
      replaces: active.find(({ id }) => id === candidate.id)?.hash ?? null,
      rules: candidate.rules.map(({ id }) => id),
    };
    return {
      policy,
      windows: report.windows,
      active: report.active,
      candidate: report.candidate,
      messages: report.messages,
      notComputed: report.notComputed,
      unknownChannels: candidate ? this.reads.unknownChannelsInEarnest(candidate) : [],
    };
  }
}

/** Throws BadInput for a number of days that no policy is rehearsed on. */
export function demandDays(days: number): void {
  if (!(days > 0 && days <= LONGEST_DAYS))
    throw new BadInput(`days: 1 to ${LONGEST_DAYS}, not ${days}`, 'days');
}

/** Throws BadInput with every problem of the document. */
function load(file: string, yaml: string): readonly CompiledPolicy[] {
  try {
    return loadPolicies([{ name: file, text: yaml }]).policies;
  } catch (error) {
    if (error instanceof PolicyError) throw new BadInput(error.message, 'yaml');
    throw error;
  }
}

/** A policy as its entry says it. */
function policyOf({ subject, data }: LedgerEntry): object {
  const { version = 0, hash = '', owner = '', enforcement = '', content } = data;
  const spec = isObject(content) ? content['spec'] : undefined;
  const rules = isObject(spec) && Array.isArray(spec['rules']) ? (spec['rules'] as readonly Json[]) : [];
  const names = rules.flatMap((rule) =>
    isObject(rule) && typeof rule['id'] === 'string' ? [rule['id']] : [],
  );
  return { id: subject.id, version, hash, owner, enforcement, rules: names };
}

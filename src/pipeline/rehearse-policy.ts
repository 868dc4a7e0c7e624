import type { Incident } from '../domain/incident.js';
import { channelsOf } from '../notify/routes.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { modelFacts } from '../policies/facts.js';
import { dryRunPolicies, type DryRunReport } from './policy-dry-run.js';
import type { Stages } from './stages.js';
import { waysOf } from './ways-of.js';

const DAY_MS = 86_400_000;

/** What a policy would have done in the place of the one with its id, or beside all of them, with what is stored of the last days. Records nothing. */
export async function rehearsePolicy(
  stages: Pick<Stages, 'database' | 'clock' | 'registry' | 'policies' | 'channels' | 'routes'>,
  candidate: CompiledPolicy | undefined,
  { days, models }: { readonly days: number; readonly models: readonly string[] | null },
): Promise<DryRunReport> {
  const { registry, database, channels, policies: active, clock } = stages;
  const keys = models ?? registry.models().map(({ model }) => model.key);
  const now = clock.now();
  const changed = candidate ? [candidate, ...active.filter(({ id }) => id === candidate.id)] : active;
  return dryRunPolicies(database, {
    models: keys.map((key) => registry.load(key).model),
    active,
    candidate: candidate ? [...active.filter(({ id }) => id !== candidate.id), asInForce(candidate)] : active,
    telling: {
      channels,
      channelsFor: (incident: Incident, at: Date) => channelsOf(waysOf(stages, incident, at)),
    },
    concerns: (model) => changed.some(({ appliesTo }) => appliesTo({ model: modelFacts(model) }) !== false),
    since: new Date(now.getTime() - days * DAY_MS),
    until: now,
  });
}

/** A policy that is only rehearsed so far is asked what it would do in earnest. */
function asInForce(policy: CompiledPolicy): CompiledPolicy {
  return policy.enforcement === 'dryrun' ? { ...policy, enforcement: 'enforce' } : policy;
}

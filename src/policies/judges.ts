import type { Model } from '../domain/model.js';
import type { CompiledPolicy } from './compiled-policy.js';
import { modelFacts } from './facts.js';

/** The policies that windows of a model are judged under, also where they have nothing to say; those under `dryrun` judge nothing. */
export function judgesOf(policies: readonly CompiledPolicy[], model: Model): readonly CompiledPolicy[] {
  const facts = { model: modelFacts(model) };
  return policies.filter((one) => one.enforcement !== 'dryrun' && one.appliesTo(facts) !== false);
}

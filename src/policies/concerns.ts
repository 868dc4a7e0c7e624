import type { CompiledPolicy, CompiledRule } from './compiled-policy.js';

/** Whether a rule is about a check of a feature; null is the model as a whole. */
export function concernsSignal(rule: CompiledRule, check: string, feature: string | null): boolean {
  return concerns(rule.checks, check) && concernsFeature(rule, feature);
}

/** Whether a list, in which nothing means everything, has a name. */
export function concerns(wanted: readonly string[], name: string): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

function concernsFeature(rule: CompiledRule, feature: string | null): boolean {
  if (rule.features.length === 0) return true;
  if (feature === null) return false;
  return rule.features.some((wanted) =>
    wanted.endsWith('*') ? feature.startsWith(wanted.slice(0, -1)) : wanted === feature,
  );
}

/** A rule that may tell somebody about a check of a feature. */
export interface TellingRule {
  readonly name: string;
  readonly isDryRun: boolean;
  readonly channels: readonly string[];
}

/** Rules about a check of a feature that open more than notices, of policies about the model. */
export function tellingRules(
  policies: readonly CompiledPolicy[],
  model: Parameters<CompiledPolicy['appliesTo']>[0],
  { check, feature }: { readonly check: string; readonly feature: string | null },
): readonly TellingRule[] {
  return policies
    .filter((policy) => policy.appliesTo(model) === true)
    .flatMap(({ id, enforcement, rules }) =>
      rules
        .filter((rule) => concernsSignal(rule, check, feature))
        .filter(({ levels }) => levels.some(({ severity }) => severity !== 'info'))
        .map((rule) => ({
          name: `${id}/${rule.id}`,
          isDryRun: enforcement === 'dryrun',
          channels: [...new Set(rule.levels.flatMap(({ channels }) => channels))],
        })),
    );
}

import type { CompiledPolicy, CompiledRule } from './compiled-policy.js';

/** What a rule may be about: a check of a feature (null: the model as a whole), of all rows or of a segment. */
export interface ConcernedSignal {
  readonly check: string;
  readonly feature: string | null;
  readonly segment?: string | undefined;
}

/** Whether a rule is about a signal. */
export function concernsSignal(rule: CompiledRule, { check, feature, segment }: ConcernedSignal): boolean {
  return (
    concerns(rule.checks, check) &&
    concernsName(rule.features, feature) &&
    concernsName(rule.segments, segment ?? null)
  );
}

/** Whether a list, in which nothing means everything, has a name. */
export function concerns(wanted: readonly string[], name: string): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

/** The same of names that may be written as a beginning with `*`; what has no name is meant by an empty list alone. */
export function concernsName(wanted: readonly string[], name: string | null): boolean {
  if (wanted.length === 0) return true;
  if (name === null) return false;
  return wanted.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
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
  signal: ConcernedSignal,
): readonly TellingRule[] {
  return policies
    .filter((policy) => policy.appliesTo(model) === true)
    .flatMap(({ id, enforcement, rules }) =>
      rules
        .filter((rule) => concernsSignal(rule, signal))
        .filter(({ levels }) => levels.some(({ severity }) => severity !== 'info'))
        .map((rule) => ({
          name: `${id}/${rule.id}`,
          isDryRun: enforcement === 'dryrun',
          channels: [...new Set(rule.levels.flatMap(({ channels }) => channels))],
        })),
    );
}

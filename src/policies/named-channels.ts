import type { CompiledPolicy } from './compiled-policy.js';

type Naming = Pick<CompiledPolicy, 'enforcement' | 'rules' | 'unjudged'>;

/** Channels that policies name and that are not there; one that only rehearses tells nobody. */
export function unreached(
  policies: readonly Naming[],
  channels: Readonly<Record<string, unknown>>,
): readonly string[] {
  const telling = policies.filter(({ enforcement }) => enforcement !== 'dryrun');
  const named = telling.flatMap(({ rules, unjudged }) => [
    ...rules.flatMap((rule) => [...rule.channels, ...rule.levels.flatMap((level) => level.channels)]),
    ...(unjudged?.channels ?? []),
  ]);
  return [...new Set(named)].filter((name) => !(name in channels));
}

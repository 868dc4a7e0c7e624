import type { CheckName } from '../domain/check-result.js';
import { SEVERITIES, type Verdict } from '../domain/incident.js';
import type { Model } from '../domain/model.js';
import type { CompiledPolicy } from './compiled-policy.js';
import { modelFacts } from './facts.js';

/** Something about a model as a whole that no window can show. */
export interface Concern {
  readonly check: Extract<CheckName, 'monitoring' | 'unmatched_labels' | 'label_delay' | 'event_time'>;
  readonly statistic: string;
  /** A sentence; null where all is well. */
  readonly problem: string | null;
  readonly value: number | null;
  readonly n: number;
  /** For how long it has been so, in ms; null where it is told at once. */
  readonly lasted: number | null;
  readonly since: Date | null;
}

/**
 * What policies make of a model as a whole: a breach for each concern that lasts longer than the first policy to speak accepts, a clear verdict
 * for each that is well. Concerns of which nothing is to be said yet are left out. Pure.
 */
export function judgeModel(
  policies: readonly CompiledPolicy[],
  model: Model,
  concerns: readonly Concern[],
): readonly Verdict[] {
  const facts = { model: modelFacts(model) };
  const speaking = policies.filter(
    ({ enforcement, appliesTo, unjudged }) =>
      enforcement !== 'dryrun' && unjudged !== null && appliesTo(facts) !== false,
  );
  return concerns.flatMap((concern) => {
    const heard = speaking.filter(({ unjudged }) => isOver(concern, unjudged?.after ?? 0));
    const [lead] = heard.toSorted((a, b) => rank(b) - rank(a));
    if (concern.problem !== null) return lead ? [breach(model, concern, { lead, heard })] : [];
    const [first] = speaking;
    return first ? [{ ...about(model, concern, first), outcome: 'clear', severity: 'info', state: 'OK', summary: 'it is well again', channels: [] } as const] : []; // prettier-ignore
  });
}

function isOver({ lasted }: Concern, after: number): boolean {
  return lasted === null || lasted >= after;
}

function rank({ unjudged }: CompiledPolicy): number {
  return SEVERITIES.indexOf(unjudged?.severity ?? 'info');
}

function breach(
  model: Model,
  concern: Concern,
  { lead, heard }: { readonly lead: CompiledPolicy; readonly heard: readonly CompiledPolicy[] },
): Verdict {
  return {
    ...about(model, concern, lead),
    outcome: 'breach',
    severity: lead.unjudged?.severity ?? 'warning',
    state: 'INDETERMINATE',
    summary: concern.problem ?? '',
    channels: [...new Set(heard.flatMap(({ unjudged }) => unjudged?.channels ?? []))].sort(),
  };
}

function about(
  { key }: Model,
  { check, statistic, value, n, since }: Concern,
  { id, version, hash }: CompiledPolicy,
) {
  return {
    // It is about all versions.
    signal: { model: key, version: '', check, segment: '', feature: null },
    policy: { id, version, hash, rule: 'unjudged' },
    statistic,
    value,
    effect: null,
    since,
    n,
    retrain: false,
    clearAfter: 1,
  } as const;
}

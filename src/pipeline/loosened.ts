import type { ApprovalKind } from '../domain/approval-kind.js';
import { hasOwner, riskTier, type Model } from '../domain/model.js';
import { isSamePerson } from '../domain/person.js';
import { weakerOversight } from '../registry/weaker-oversight.js';

const RANK = { LOW: 0, MEDIUM: 1, HIGH: 2 } as const;

/** A change that decides who has to say yes to other things, or what watches a model. */
export interface Loosening {
  readonly kind: ApprovalKind;
  readonly text: string;
  /** Others have to agree in every tier. */
  readonly isForAll?: boolean;
}

/** What in a description decides who has to say yes to other things, where it would ask fewer or others, and what watches the model, where it is less. */
export function loosened(before: Model, after: Model): readonly Loosening[] {
  const [was, is] = [riskTier(before.risk), riskTier(after.risk)];
  const isMoved = hasOwner(before) && !isSamePerson(before.owner, after.owner);
  return [
    ...(RANK[is] < RANK[was]
      ? [{ kind: 'RISK_TIER' as const, text: `risk tier of ${before.key}: ${was} to ${is}` }]
      : []),
    ...(isMoved
      ? [{ kind: 'OWNER' as const, text: `owner of ${before.key}: ${before.owner} to ${after.owner}` }]
      : []),
    ...weakerOversight(before, after).map(({ field, text }) => ({
      kind: 'OVERSIGHT' as const,
      text,
      // Where data may lie is the law's matter whatever a model decides.
      isForAll: field === 'residency',
    })),
  ];
}

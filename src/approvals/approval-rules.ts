import type { RiskTier } from '../domain/model.js';
import type { ApprovalKind } from '../domain/approval-kind.js';

/** How many other people must say yes, by kind and tier, and for how long they may take. */
export interface ApprovalRules {
  readonly people: Readonly<Record<ApprovalKind, Readonly<Record<RiskTier, number>>>>;
  readonly expiresMs: number;
}

/**
 * One other person, two for what puts something in force for a model of high risk; what is no matter of others below high risk needs nobody. Nor does
 * a person who promotes a version of a model of low risk: what the service proposes waits for one whatever stands here.
 */
const USUAL: ApprovalRules['people'] = {
  TRAINING: { LOW: 1, MEDIUM: 1, HIGH: 1 },
  PROMOTION: { LOW: 0, MEDIUM: 1, HIGH: 2 },
  POLICY: { LOW: 1, MEDIUM: 1, HIGH: 2 },
  RISK_TIER: { LOW: 0, MEDIUM: 0, HIGH: 1 },
  OWNER: { LOW: 0, MEDIUM: 0, HIGH: 1 },
  OVERSIGHT: { LOW: 0, MEDIUM: 0, HIGH: 1 },
  BASELINE: { LOW: 0, MEDIUM: 0, HIGH: 1 },
  CLOSE: { LOW: 0, MEDIUM: 0, HIGH: 1 },
  SERIOUS: { LOW: 0, MEDIUM: 0, HIGH: 1 },
};

/** The rules with what a setting says otherwise: numbers of people by `KIND.TIER`. */
export function approvalRules(changed: ReadonlyMap<string, number>, expiresMs: number): ApprovalRules {
  const own = (kind: ApprovalKind, tier: RiskTier) => changed.get(`${kind}.${tier}`) ?? USUAL[kind][tier];
  const of = (kind: ApprovalKind) => ({
    LOW: own(kind, 'LOW'),
    MEDIUM: own(kind, 'MEDIUM'),
    HIGH: own(kind, 'HIGH'),
  });
  return {
    people: {
      TRAINING: of('TRAINING'),
      PROMOTION: of('PROMOTION'),
      POLICY: of('POLICY'),
      RISK_TIER: of('RISK_TIER'),
      OWNER: of('OWNER'),
      OVERSIGHT: of('OVERSIGHT'),
      BASELINE: of('BASELINE'),
      CLOSE: of('CLOSE'),
      SERIOUS: of('SERIOUS'),
    },
    expiresMs,
  };
}

/** People who must say yes to what waits: one at least. */
export function peopleAsked(rules: ApprovalRules, kind: ApprovalKind, tier: RiskTier): number {
  return Math.max(1, peopleNeeded(rules, kind, tier));
}

/** People who must agree before something comes into force; none where it needs nobody. */
export function peopleNeeded({ people }: ApprovalRules, kind: ApprovalKind, tier: RiskTier): number {
  return people[kind][tier];
}

import { z } from 'zod';
import type { Model } from './model.js';
import { RULE_IDENTITY } from './rule-identity.js';

/** What the answers of rows with labels cost, where that depends on which class was taken for which. */
export const CostRule = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('cost'),
  /** By true class, then by answered class. */
  matrix: z.record(z.string(), z.record(z.string(), z.number())),
  /** Of any other pair of different classes; one that agrees costs nothing. */
  mistake: z.number(),
});
export type CostRule = z.infer<typeof CostRule>;

/** The rule that measures the costs of a model of several classes as its model file has them now; none where they follow from how many answers were wrong. */
export function costRules({ task, costs }: Pick<Model, 'task' | 'costs'>): CostRule[] {
  if (task !== 'multiclass' || !costs?.matrix) return [];
  const { matrix, mistake } = costs;
  // Sums of other costs are no part of these.
  const name = `cost:${mistake}:${JSON.stringify(pairsOf({ matrix }))}`;
  const named = { name, check: 'performance', feature: null, statistic: 'cost_per_answer', needsLabels: true } as const;
  return [{ rule: 'cost', ...named, matrix, mistake }];
} // prettier-ignore

/** A pair of classes and what it costs. */
export interface PairCost {
  readonly actual: string;
  readonly answered: string;
  readonly cost: number;
}

/** The pairs that a matrix names, in one order. */
export function pairsOf({ matrix }: Pick<CostRule, 'matrix'>): readonly PairCost[] {
  return Object.keys(matrix)
    .sort()
    .flatMap((actual) =>
      Object.entries(matrix[actual] ?? {})
        .map(([answered, cost]) => ({ actual, answered, cost }))
        .sort((a, b) => (a.answered < b.answered ? -1 : 1)),
    );
}

/** What one answer costs. */
export function costOf(
  { matrix, mistake }: Pick<CostRule, 'matrix' | 'mistake'>,
  actual: string,
  answered: string,
): number {
  return matrix[actual]?.[answered] ?? (actual === answered ? 0 : mistake);
}

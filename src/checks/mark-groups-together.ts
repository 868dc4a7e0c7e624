import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import type { ExplainContext } from './explain-context.js';
import { movedTogether } from './moved-together.js';

/** Checks of the whole model that say how well it answers everybody. */
const WHOLE = new Set(['performance', 'concept_drift']);

/** What one statistic is in a group, and in everybody else. */
interface Sides {
  readonly own: number;
  readonly others: number;
}

/**
 * A group is told where it fares worse than the others. Where the model answers everybody worse, the errors of a group move as well, and by as much
 * as theirs: such a result is marked as explained by the check that says so of the whole model.
 */
export function markGroupsTogether(
  results: readonly CheckResult[],
  context: Pick<ExplainContext, 'baseline' | 'profile'>,
): readonly CheckResult[] {
  const whole = results.find(
    ({ check, feature, state }) => WHOLE.has(check) && feature === null && state === 'ALERT',
  );
  if (!whole) return results;
  return results.map((result) => {
    if (result.check !== 'group_errors' || result.state !== 'ALERT') return result;
    const rule = context.baseline.rules.find(
      (one) =>
        one.check === result.check && one.feature === result.feature && one.statistic === result.statistic,
    );
    return rule && movedWithOthers(rule, context) ? explained(result, whole) : result;
  });
}

function movedWithOthers(
  rule: Constraint,
  { baseline, profile }: { baseline: Baseline; profile: WindowProfile },
) {
  const before = sidesOf(rule, baseline.rules, baseline.reference.measures);
  const now = sidesOf(rule, baseline.rules, profile.measures);
  if (!before || !now) return false;
  return movedTogether(now.own - before.own, now.others - before.others);
}

type Measures = Readonly<Record<string, Measure>>;

function sidesOf(rule: Constraint, rules: readonly Constraint[], measures: Measures): Sides | null {
  const measure = measures[rule.name];
  if (measure?.kind === 'rates' && measure.trials > 0 && measure.otherTrials > 0)
    return { own: measure.hits / measure.trials, others: measure.otherHits / measure.otherTrials };
  if (rule.rule !== 'group_calibration') return null;
  const own = meanOf([rule], measures);
  const others = meanOf(rules.filter(isOtherOf(rule)), measures);
  return own === null || others === null ? null : { own, others };
}

function isOtherOf({ attribute, group }: ConstraintOf<'group_calibration'>) {
  return (one: Constraint): boolean =>
    one.rule === 'group_calibration' && one.attribute === attribute && one.group !== group;
}

/** Mean over the rows of all these rules; null where none has any. */
function meanOf(rules: readonly Constraint[], measures: Measures): number | null {
  let [n, sum] = [0, 0];
  for (const { name } of rules) {
    const measure = measures[name];
    if (measure?.kind !== 'mean') continue;
    n += measure.n;
    sum += measure.sum;
  }
  return n > 0 ? sum / n : null;
}

function explained(result: CheckResult, { check }: CheckResult): CheckResult {
  const explanation = `${result.explanation ?? ''}; the others changed as well, as ${check} says of everybody`;
  return { ...result, explainedBy: [check], explanation };
}

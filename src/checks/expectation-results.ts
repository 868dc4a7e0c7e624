import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { countText, percentText } from '../domain/wording.js';
import { promisedShare } from './promised-share.js';

/** What people wrote must hold, window by window: broken where more rows break it than may, beyond chance. */
export function expectationResults(
  { rules }: Pick<Baseline, 'rules'>,
  profile: WindowProfile,
  window: Window,
): CheckResult[] {
  return rules.flatMap((rule) => (rule.rule === 'expectation' ? [resultOf(rule, profile, window)] : []));
}

function resultOf(rule: ConstraintOf<'expectation'>, profile: WindowProfile, window: Window): CheckResult {
  const allowed = rule.most > 0 ? `; ${percentText(rule.most)} may` : '';
  return promisedShare(
    rule,
    profile.measures[rule.name],
    window,
    ({ hits, trials, value }) =>
      `${countText(hits)} of ${countText(trials)} rows break it (${percentText(value)})${allowed}`,
  );
}

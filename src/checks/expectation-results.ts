import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { RuleOf } from '../domain/measure.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { countText, percentText } from '../domain/wording.js';
import { clopperPearsonInterval } from '../stats/clopper-pearson.js';

/** One window in a million in which exactly as many rows break it as may is called broken. */
const CONFIDENCE = 1 - 2e-6;

/**
 * What people wrote must hold, window by window: broken where more rows break it than may, beyond chance; where none may, by the first. It is no guess
 * of the reference, so no budget is spent.
 */
export function expectationResults(
  { rules }: Pick<Baseline, 'rules'>,
  profile: WindowProfile,
  window: Window,
): CheckResult[] {
  return rules.flatMap((rule) => (rule.rule === 'expectation' ? [resultOf(rule, profile, window)] : []));
}

function resultOf(rule: RuleOf<'expectation'>, profile: WindowProfile, window: Window): CheckResult {
  const measure = profile.measures[rule.name];
  const { hits, trials } = measure?.kind === 'rate' ? measure : { hits: 0, trials: 0 };
  const { check, feature, statistic, most } = rule;
  const silent = { evidence: null, effect: null, since: null, explanation: null } as const;
  const named = { ...silent, check, feature, statistic, n: trials } as const;
  if (trials === 0) return { ...named, value: null, state: 'INSUFFICIENT' };
  const value = hits / trials;
  const found = { ...named, value, effect: 100 * (value - most) };
  const isBroken = hits > 0 && clopperPearsonInterval(hits, trials, CONFIDENCE).lower > most;
  if (!isBroken) return { ...found, state: 'OK' };
  const allowed = most > 0 ? `; ${percentText(most)} may` : '';
  const explanation = `${countText(hits)} of ${countText(trials)} rows break it (${percentText(value)})${allowed}`;
  return { ...found, state: 'ALERT', since: window.from, explanation };
}

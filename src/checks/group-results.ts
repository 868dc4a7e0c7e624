import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import { groupBy } from '../domain/group-by.js';
import { LEAST_GROUP } from '../domain/group-rule.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { impactRatio } from '../stats/impact-ratio.js';
import { newcombeDifference, type Proportion } from '../stats/newcombe.js';
import { numberText, percentText } from '../domain/wording.js';

/** The four-fifths rule: a group that is selected less than this part as often as the others is treated adversely. */
const FOUR_FIFTHS = 0.8;

type Selection = ConstraintOf<'selection'>;

/**
 * What laws and audits ask of a window, whatever was usual before: the impact ratio of every group with its interval, a notice where it
 * is proved to be below four fifths, and the larger gap of true and false positive rates. Never of fewer than fifty people.
 */
export function groupResults(baseline: Baseline, profile: WindowProfile, window: Window): CheckResult[] {
  const rules = baseline.rules.filter((rule): rule is Selection => rule.rule === 'selection');
  return [...groupBy(rules, (rule) => rule.feature ?? '').values()].flatMap((group) => {
    const of = (among: Selection['among']) => {
      const rule = group.find((one) => one.among === among);
      return rule ? sides(profile.measures[rule.name]) : null;
    };
    const feature = group[0]?.feature ?? null;
    return [
      impactResult(feature, of('all'), window),
      oddsResult(feature, of('deserving'), of('undeserving')),
    ];
  });
}

interface Sides {
  readonly own: Proportion;
  readonly others: Proportion;
}

function sides(measure: Measure | undefined): Sides | null {
  if (measure?.kind !== 'rates') return null;
  const { hits, trials, otherHits, otherTrials } = measure;
  return {
    own: { successes: hits, trials },
    others: { successes: otherHits, trials: otherTrials },
  };
}

function isTold({ own, others }: Sides): boolean {
  return Math.min(own.trials, others.trials) >= LEAST_GROUP;
}

const NOBODY = 'not applicable: nobody of the others gets the favourable outcome';
const SILENT = { value: null, evidence: null, effect: null, since: null, explanation: null } as const;

function impactResult(feature: string | null, groups: Sides | null, window: Window): CheckResult {
  const named = { ...SILENT, check: 'fairness', feature, statistic: 'impact_ratio' } as const;
  if (!groups) return { ...named, n: 0, state: 'INDETERMINATE' };
  const { own, others } = groups;
  const n = own.trials;
  if (!isTold(groups)) return { ...named, n, state: 'INSUFFICIENT' };
  if (others.successes === 0) return { ...named, n, state: 'NOT_APPLICABLE', explanation: NOBODY };
  // Where nobody of the group is selected the ratio is 0; half a row gives it the interval that none could have.
  const counted = own.successes > 0 ? own : { successes: 0.5, trials: own.trials };
  const { ratio, upper } = impactRatio(counted, others);
  const value = own.successes > 0 ? ratio : 0;
  const proved = upper < FOUR_FIFTHS;
  return {
    ...named,
    n,
    value,
    state: proved ? 'NOTICE' : 'OK',
    since: proved ? window.from : null,
    explanation: proved
      ? `${rateText(own)} get the favourable outcome, others ${rateText(others)}: ${numberText(value)} of their rate, at most ${numberText(upper)} with 95 % confidence, below four fifths`
      : null,
  };
}

function oddsResult(feature: string | null, deserving: Sides | null, undeserving: Sides | null): CheckResult {
  const named = { ...SILENT, check: 'group_errors', feature, statistic: 'equalised_odds' } as const;
  if (!deserving || !undeserving) return { ...named, n: 0, state: 'INDETERMINATE' };
  const n = deserving.own.trials + undeserving.own.trials;
  if (!isTold(deserving) || !isTold(undeserving)) return { ...named, n, state: 'INSUFFICIENT' };
  const gaps = [deserving, undeserving].map(({ own, others }) => newcombeDifference(own, others));
  const words = ['true', 'false'].map((word, i) => {
    const gap = gaps[i];
    return gap ? `${word} positive rate ${interval(gap)}` : '';
  });
  return {
    ...named,
    n,
    value: Math.max(...gaps.map(({ difference }) => Math.abs(difference))),
    state: 'OK',
    explanation: `differs from that of the others: ${words.join(', ')}`,
  };
}

function interval({
  difference,
  lower,
  upper,
}: {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}): string {
  const points = (x: number) => numberText(100 * x);
  return `by ${points(difference)} (${points(lower)} to ${points(upper)}) percentage points`;
}

function rateText({ successes, trials }: Proportion): string {
  return `${percentText(successes / trials)} (n = ${trials})`;
}

import { describe, expect, it } from 'vitest';
import { syntheticBaseline } from '../../test/support/synthetic-model.js';
import type { CheckName, CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { markGroupsTogether } from './mark-groups-together.js';

const named = (statistic: string, group: string) =>
  ({ name: `${statistic}:${group}`, check: 'group_errors', feature: `sex=${group}`, statistic, attribute: 'sex', group, outcome: 'yes', needsLabels: true }) as const; // prettier-ignore
const GROUPS = ['f', 'm'];
const RULES: readonly Constraint[] = GROUPS.flatMap((group): Constraint[] => [
  {
    ...named('true_positive_difference', group),
    rule: 'selection',
    among: 'deserving',
    otherwise: false,
    byScore: true,
  },
  { ...named('calibration', group), rule: 'group_calibration' },
]);

interface Side {
  readonly hits: number;
  readonly offset: number;
}

/** A window in which so many of a hundred deserving get it, and truth is so far above the score, in either group. */
function windowOf(f: Side, m: Side): WindowProfile {
  const rates = (own: Side, others: Side): Measure => ({
    kind: 'rates', hits: own.hits, trials: 100, otherHits: others.hits, otherTrials: 100,
  }); // prettier-ignore
  const mean = ({ offset }: Side): Measure => ({ kind: 'mean', n: 200, sum: 200 * offset, sumSquares: 40 });
  return {
    predictions: 400,
    features: {},
    unknownFeatures: [],
    performance: NO_LABELS,
    measures: {
      'true_positive_difference:f': rates(f, m),
      'true_positive_difference:m': rates(m, f),
      'calibration:f': mean(f),
      'calibration:m': mean(m),
    },
  };
}

const usual = windowOf({ hits: 80, offset: 0 }, { hits: 70, offset: 0 });
const baseline = { ...syntheticBaseline({}, [usual], { rules: RULES }), reference: usual };

const alert = (check: CheckName, feature: string | null, statistic: string): CheckResult => ({
  check, feature, statistic, value: 1, n: 200, state: 'ALERT', evidence: 5, effect: 1, since: null, explanation: 'it changed',
}); // prettier-ignore
const OF_A_GROUP = [
  alert('group_errors', 'sex=f', 'true_positive_difference'),
  alert('group_errors', 'sex=f', 'calibration'),
];
const everybody = alert('performance', null, 'error_rate');

function explainedBy(results: readonly CheckResult[], profile: WindowProfile) {
  return markGroupsTogether(results, { baseline, profile }).map((result) => result.explainedBy);
}

describe('errors of a group', () => {
  const flipped = windowOf({ hits: 20, offset: 0.4 }, { hits: 30, offset: 0.35 });
  const worse = windowOf({ hits: 40, offset: 0.3 }, { hits: 68, offset: 0.01 });

  it('follow from the performance where labels are flipped for everybody', () => {
    expect(explainedBy([everybody, ...OF_A_GROUP], flipped)).toEqual([
      undefined,
      ['performance'],
      ['performance'],
    ]);
    const [, told] = markGroupsTogether([everybody, ...OF_A_GROUP], { baseline, profile: flipped });
    expect(told?.explanation).toBe(
      'it changed; the others changed as well, as performance says of everybody',
    );
  });

  it('stand by themselves where the group fares worse than the others, whatever it does to the whole', () => {
    expect(explainedBy([everybody, ...OF_A_GROUP], worse)).toEqual([undefined, undefined, undefined]);
  });

  it('stand by themselves where the others fare better, and where nothing says that everybody fares worse', () => {
    const apart = windowOf({ hits: 60, offset: 0.2 }, { hits: 90, offset: -0.2 });
    expect(explainedBy([everybody, ...OF_A_GROUP], apart)).toEqual([undefined, undefined, undefined]);
    expect(explainedBy(OF_A_GROUP, flipped)).toEqual([undefined, undefined]);
  });

  it('are not explained by a window that does not have them', () => {
    expect(explainedBy([everybody, ...OF_A_GROUP], { ...flipped, measures: {} })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

import { expect, it } from 'vitest';
import { syntheticBaseline } from '../../test/support/synthetic-model.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { segmentName } from '../domain/segment-rule.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { markSegments } from './mark-segments.js';

const CHANNELS = ['web', 'app'] as const;
const REGIONS = ['north', 'south'] as const;
/** Wrong answers of a thousand, by channel and region. */
type Wrong = Readonly<Record<`${(typeof CHANNELS)[number]} & ${(typeof REGIONS)[number]}`, number>>;
const USUAL: Wrong = { 'web & north': 100, 'web & south': 100, 'app & north': 100, 'app & south': 100 };

const PLACES = [
  ...CHANNELS.map((value) => ({ attribute: 'channel', value })),
  ...REGIONS.map((value) => ({ attribute: 'region', value })),
  ...Object.keys(USUAL).map((value) => ({ attribute: 'channel & region', value })),
];
const RULES = PLACES.map((place): ConstraintOf<'segment'> => ({
  rule: 'segment', ...place, name: segmentName(place), segment: segmentName(place), check: 'segment_performance', feature: null,
  statistic: 'error_rate', counted: { of: 'errors', task: 'binary', positive: 'yes' }, needsLabels: true,
})); // prettier-ignore

function measuresOf(wrong: Wrong): Record<string, Measure> {
  const all = Object.entries(wrong);
  const sum = (some: typeof all) => some.reduce((total, [, errors]) => total + errors, 0);
  return Object.fromEntries(
    RULES.map(({ name, value }) => {
      const own = all.filter(([cell]) => cell === value || cell.split(' & ').includes(value));
      const others = all.filter((one) => !own.includes(one));
      const sides = { n: 1000 * own.length, sum: sum(own), sumSquares: sum(own), otherN: 1000 * others.length, otherSum: sum(others), otherSquares: sum(others) };
      return [name, { kind: 'sides', ...sides }];
    }),
  );
} // prettier-ignore

/** Segments that are told where some look changed, with those that the others are told of. */
function told(wrong: Wrong, changed: readonly string[]) {
  const baseline = syntheticBaseline({}, [{ ...EMPTY_PROFILE, measures: {} }], { rules: RULES });
  const reference = { ...baseline.reference, measures: measuresOf(USUAL) };
  const profile = { ...EMPTY_PROFILE, measures: measuresOf(wrong) };
  const results = RULES.map(({ check, statistic, segment }): CheckResult => ({
    check, statistic, feature: null, segment: segment ?? '', value: 0.2, n: 1000, state: changed.includes(segment ?? '') ? 'ALERT' : 'OK', evidence: null, effect: null, since: null, explanation: 'worse',
  })); // prettier-ignore
  return markSegments(results, { baseline: { ...baseline, reference }, profile })
    .filter(({ state }) => state === 'ALERT')
    .map(({ segment, explainedBy = null }) => [segment, explainedBy]);
}

it('a pair whose values are otherwise as they were is told itself, and they are not', () => {
  const wrong = { ...USUAL, 'web & north': 400 };
  expect(told(wrong, ['channel=web', 'region=north', 'channel=web & region=north'])).toEqual([
    ['channel=web', ['channel=web & region=north']],
    ['region=north', ['channel=web & region=north']],
    ['channel=web & region=north', null],
  ]);
});

it('a value that is worse everywhere is told, and not its pairs', () => {
  const wrong = { ...USUAL, 'web & north': 400, 'web & south': 380 };
  expect(told(wrong, ['channel=web', 'channel=web & region=north', 'channel=web & region=south'])).toEqual([
    ['channel=web', null],
    ['channel=web & region=north', ['channel=web']],
    ['channel=web & region=south', ['channel=web']],
  ]);
});

it('names a pair by its keys and values, and as it stands where a value holds what joins them', () => {
  expect(segmentName({ attribute: 'channel & region', value: 'web & north' })).toBe(
    'channel=web & region=north',
  );
  expect(segmentName({ attribute: 'channel', value: 'web' })).toBe('channel=web');
  expect(segmentName({ attribute: 'channel & shop', value: 'web & food & drink' })).toBe(
    'channel & shop=web & food & drink',
  );
});

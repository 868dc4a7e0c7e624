import { expect, it } from 'vitest';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  syntheticBaseline,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { vanishedNulls } from './vanished-nulls.js';

/** A window of 100 rows in which so many have no value. */
function window(nulls: number): WindowProfile {
  const values = Array.from({ length: 100 - nulls }, (_, i) => i / 100);
  return {
    predictions: 100,
    unknownFeatures: [],
    performance: NO_LABELS,
    measures: {},
    features: { income: numericProfile(values, NORMAL_EDGES, nulls) },
  };
}
const told = (reference: readonly number[], now: number) =>
  vanishedNulls(
    syntheticBaseline({ income: NORMAL_BASELINE }, reference.map(window)),
    window(now),
    syntheticWindow(100),
  ).map(({ check, feature, state, explanation }) => [check, feature, state, explanation]);

it('says that nobody leaves a feature out any more', () => {
  expect(told([50, 48, 52], 0)).toEqual([
    [
      'null_rate',
      'income',
      'NOTICE',
      'none of 100 predictions is without a value; in the reference 50 % were',
    ],
  ]);
});

it('is silent where some are still left out, where chance may have done it, and where it was so at times', () => {
  expect(told([50, 48, 52], 1)).toEqual([]);
  expect(told([3, 2, 4], 0)).toEqual([]);
  expect(told([100, 0, 100], 0)).toEqual([]);
});

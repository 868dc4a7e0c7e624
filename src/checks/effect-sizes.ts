import type { Baseline, FeatureBaseline, NumericBaseline } from '../domain/baseline.js';
import type { CheckName, CheckResult } from '../domain/check-result.js';
import {
  type FeatureProfile,
  type NumericProfile,
  OUTPUT_NAMES,
  type WindowProfile,
} from '../domain/profile.js';
import { binnedKolmogorovSmirnov } from '../stats/binned-kolmogorov-smirnov.js';
import { binnedWasserstein } from '../stats/binned-wasserstein.js';
import { chiSquaredTest } from '../stats/chi-squared-test.js';
import { jensenShannonDistance } from '../stats/jensen-shannon.js';
import { psi } from '../stats/psi.js';
import { countsOf } from './observe-feature.js';
import { centredMoments } from './moments.js';
import { LEAST_ROWS } from './series.js';

const NUMERIC = ['psi', 'jensen_shannon', 'kolmogorov_smirnov', 'wasserstein'] as const;
const CATEGORICAL = ['psi', 'jensen_shannon', 'chi_squared'] as const;
type EffectSize = (typeof NUMERIC)[number] | (typeof CATEGORICAL)[number];

/**
 * Distances of every feature from the whole reference, as people know them. They inform; none alerts, since a threshold on
 * any of them alerts on ordinary days (docs/detection.md).
 */
export function effectSizes(baseline: Baseline, profile: WindowProfile): CheckResult[] {
  return Object.entries(baseline.features).flatMap(([name, feature]) => {
    const check: CheckName = OUTPUT_NAMES.includes(name) ? 'output_drift' : 'feature_drift';
    const reference = baseline.reference.features[name];
    const now = profile.features[name];
    const comparable = reference?.kind === feature.kind && now?.kind === feature.kind;
    const sizes = feature.kind === 'numeric' ? NUMERIC : CATEGORICAL;
    return sizes.map((statistic): CheckResult => {
      const enough = comparable && now.n >= LEAST_ROWS && reference.n > 0;
      const value = enough ? sizeOf(statistic, feature, reference, now) : null;
      const found = { check, feature: name, statistic, value, n: now?.n ?? 0, ...UNJUDGED };
      if (!comparable) return { ...found, state: 'INDETERMINATE' };
      if (reference.n === 0) return { ...found, state: 'NOT_APPLICABLE', explanation: NO_VALUES };
      if (!enough) return { ...found, state: 'INSUFFICIENT' };
      if (value === null) return { ...found, ...withoutValue(reference, now) };
      return { ...found, state: 'OK' };
    });
  });
}

const NO_DISTANCE = 'not applicable: the reference does not vary';
const NOT_COMPUTED = 'not computed: a sum of these values is no double';

/** Both sides are there and have no distance: that of a constant is in standard deviations of nothing. */
function withoutValue(
  ...sides: readonly (FeatureProfile | undefined)[]
): Pick<CheckResult, 'state' | 'explanation'> {
  const isComputed = sides.every((side) => side?.kind !== 'numeric' || side.sumSquares !== null);
  return isComputed
    ? { state: 'NOT_APPLICABLE', explanation: NO_DISTANCE }
    : { state: 'INDETERMINATE', explanation: NOT_COMPUTED };
}
const NO_VALUES = 'not applicable: the reference has no value';
const UNJUDGED = { evidence: null, effect: null, since: null, explanation: null } as const;

function sizeOf(
  statistic: EffectSize,
  feature: FeatureBaseline,
  reference: FeatureProfile,
  now: FeatureProfile,
): number | null {
  const [before, after] = [countsOf(reference), countsOf(now)];
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  switch (statistic) {
    case 'psi':
      return finite(psi(before, after));
    case 'jensen_shannon':
      return finite(jensenShannonDistance(before, after));
    case 'kolmogorov_smirnov':
      return finite(binnedKolmogorovSmirnov(before, after));
    case 'chi_squared':
      return finite(chiSquaredTest(before, after).statistic);
    case 'wasserstein':
      return feature.kind === 'numeric' && reference.kind === 'numeric' && now.kind === 'numeric'
        ? finite(wassersteinInSd(feature, reference, now))
        : null;
  }
}

/** In reference standard deviations. The bins see nothing beyond their ends, so the difference of means is a floor. */
function wassersteinInSd(feature: NumericBaseline, reference: NumericProfile, now: NumericProfile): number {
  const [before, after] = [centredMoments(reference), centredMoments(now)];
  if (!before || !after) return NaN;
  const binned = binnedWasserstein(reference.bins, now.bins, binCentres(feature));
  return Math.max(binned, Math.abs(after.mean - before.mean)) / before.sd;
}

/** Middles of the bins; the open ones are closed by the outermost reference quantiles. */
function binCentres({ edges, quantiles }: NumericBaseline): number[] {
  const first = edges[0] ?? 0;
  const last = edges.at(-1) ?? 0;
  const points = [Math.min(quantiles[0], first), ...edges, Math.max(quantiles[4], last)];
  return points.slice(1).map((point, i) => point / 2 + (points[i] ?? point) / 2);
}

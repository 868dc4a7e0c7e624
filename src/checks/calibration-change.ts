import type { Uncalibrated } from '../domain/interpretation.js';
import { SCORE_LAYOUTS, type PerformanceProfile } from '../domain/profile.js';
import { aucFromHistogram } from '../stats/auc.js';
import { calibrationLine } from '../stats/calibration-line.js';

/** Errors of both periods together from which on scores are held to be otherwise than they were, and up to which they rank as well as they did. */
const SURELY = 4;
const AS_WELL = 3;
const LEAST_LABELS_OF_EITHER = 20;

/** What scores claim, and what came of it. */
interface Claim {
  readonly claimed: number;
  readonly observed: number;
  /** Of what came less what was claimed. */
  readonly variance: number;
  readonly slope: { readonly value: number; readonly variance: number } | null;
  readonly auc: number;
  readonly aucVariance: number;
}

/**
 * That scores rank answers as well as they did and mean something else than they did; null where they do not, or too few labels say it. Held against what the reference's labels
 * say of its own scores, so that a model that always claimed too much is no news. Of binary models, in bins of log odds.
 */
export function calibrationChange(now: PerformanceProfile, usual: PerformanceProfile | undefined): Uncalibrated | null {
  const [own, before] = [claimOf(now), usual ? claimOf(usual) : null];
  if (!own || !before) return null;
  if (isWorse(own, before)) return null;
  const shift = own.observed - own.claimed - (before.observed - before.claimed);
  if (Math.abs(shift) >= SURELY * Math.sqrt(own.variance + before.variance))
    return { kind: 'uncalibrated', claim: { by: 'share', claimed: own.claimed, observed: own.observed } };
  return ofSlope(own.slope, before.slope);
} // prettier-ignore

/** Whether scores surely rank answers worse than those of the reference did; false where labels do not say. */
export function ranksWorse(now: PerformanceProfile, usual: PerformanceProfile | undefined): boolean {
  const [own, before] = [claimOf(now), usual ? claimOf(usual) : null];
  return own !== null && before !== null && isWorse(own, before);
}

function isWorse(own: Claim, before: Claim): boolean {
  return own.auc < before.auc - AS_WELL * Math.sqrt(own.aucVariance + before.aucVariance);
}

function ofSlope(own: Claim['slope'], before: Claim['slope']): Uncalibrated | null {
  if (!own || !before) return null;
  if (Math.abs(own.value - before.value) < SURELY * Math.sqrt(own.variance + before.variance)) return null;
  return { kind: 'uncalibrated', claim: { by: 'slope', slope: own.value, usual: before.value } };
}

/** Null where the scores are not in bins of log odds, or too few labels are of one class. */
function claimOf({ positiveScores, negativeScores }: PerformanceProfile): Claim | null {
  if (positiveScores.length !== SCORE_LAYOUTS.logOdds) return null;
  const bins = positiveScores.flatMap((positives, bin) => {
    const rows = positives + (negativeScores[bin] ?? 0);
    return rows > 0 ? [{ p: middleOf(bin), positives, rows }] : [];
  });
  const [n, positives] = [sum(bins.map(({ rows }) => rows)), sum(positiveScores)];
  if (Math.min(positives, n - positives) < LEAST_LABELS_OF_EITHER) return null;
  const { auc, variance: aucVariance } = aucFromHistogram(negativeScores, positiveScores);
  const line = calibrationLine(
    bins.map(({ p }) => p),
    bins.map((bin) => bin.positives / bin.rows),
    bins.map(({ rows }) => rows),
  );
  return {
    claimed: sum(bins.map(({ p, rows }) => p * rows)) / n,
    observed: positives / n,
    variance: sum(bins.map(({ p, rows }) => rows * p * (1 - p))) / n ** 2,
    slope: typeof line === 'string' ? null : { value: line.slope, variance: line.slopeVariance },
    auc,
    aucVariance,
  };
}

/** The probability in the middle of a bin (profiles/performance-sql.ts `scoreBin`). */
function middleOf(bin: number): number {
  return 1 / (1 + Math.exp(-(bin + 0.5 - 128) / 8));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

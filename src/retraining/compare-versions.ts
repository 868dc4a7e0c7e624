import { z } from 'zod';
import type { Model } from '../domain/model.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { versionMetrics } from './version-metrics.js';

/** A metric of two versions on the same period; `difference` is the first less the second. */
const MetricDifference = z.object({
  metric: z.string(),
  value: z.number().nullable(),
  other: z.number().nullable(),
  difference: z.number().nullable(),
});

/** Two versions on the same period of event time, as the ledger holds it. */
export const VersionComparison = z.object({
  /** Labelled rows of the version that is judged. */
  rows: z.number(),
  metrics: z.array(MetricDifference),
  advice: z.enum(['PROMOTE', 'KEEP', 'ROLL_BACK', 'WAIT']),
  /** How sure it is that the better one is better, one-sided; null while there are too few rows. */
  certainty: z.number().nullable(),
  reason: z.string(),
});
export type VersionComparison = z.infer<typeof VersionComparison>;

/** What a version did on the period, and whether it answers for the model. */
export interface Compared {
  readonly version: string;
  readonly performance: PerformanceProfile;
}

/** Labelled requests that both answered: the loss of the challenger less that of the champion. */
export interface Paired {
  readonly rows: number;
  readonly mean: number;
  readonly variance: number;
}

/** Labelled rows that each needs before their losses are compared. */
const LEAST_LABELLED = 200;
const SURE = 0.95;

/**
 * Whether `challenger` should take the place of `champion`, by their losses on labelled rows (logarithmic loss of scores, absolute error of a
 * regression): request by request where both answered enough of the same, else by their means with Welch's variance. It is asked again with every
 * label that comes, so certainty is that of a normal mixture (Robbins 1970), which holds at whatever moment one looks. `answers`: the challenger is
 * the champion by now, and the other the one before it.
 */
export function compareVersions(
  task: Model['task'],
  {
    challenger,
    champion,
    paired,
  }: { readonly challenger: Compared; readonly champion: Compared; readonly paired: Paired },
  answers: boolean,
): VersionComparison {
  const [own, other] = [challenger.performance, champion.performance];
  const shared = { rows: own.labelled, metrics: differences(task, own, other) };
  const gain = gainOf(own, other, paired);
  if (!gain) {
    const reason = `${LEAST_LABELLED} labelled rows of each are wanted: ${challenger.version} has ${own.lossRows}, ${champion.version} has ${other.lossRows}`;
    return { ...shared, advice: 'WAIT', certainty: null, reason };
  }
  const certainty = certaintyOf(gain);
  const mean = (of: PerformanceProfile) => digits((of.lossSum ?? 0) / Math.max(1, of.lossRows));
  const base = gain.isPaired ? `, on ${gain.rows} requests that both answered` : '';
  const said = `mean loss ${mean(own)} of ${challenger.version} against ${mean(other)} of ${champion.version}${base}`;
  if (!(certainty >= SURE))
    return { ...shared, advice: 'WAIT', certainty, reason: `${said}: no sure difference yet` };
  const isBetter = gain.z > 0;
  const advice = answers ? (isBetter ? 'KEEP' : 'ROLL_BACK') : isBetter ? 'PROMOTE' : 'KEEP';
  const better = isBetter ? challenger.version : champion.version;
  return { ...shared, advice, certainty, reason: `${said}: ${better} is better` };
}

/** How much less the challenger loses, in standard errors. */
interface Gain {
  readonly z: number;
  readonly rows: number;
  readonly isPaired: boolean;
}

function gainOf(own: PerformanceProfile, other: PerformanceProfile, paired: Paired): Gain | null {
  const { rows, mean, variance } = paired;
  if (rows >= LEAST_LABELLED && variance > 0)
    return { z: -mean / Math.sqrt(variance / rows), rows, isPaired: true };
  const [a, b] = [lossOf(own), lossOf(other)];
  if (!a || !b) return null;
  const z = (b.mean - a.mean) / Math.sqrt(a.uncertainty + b.uncertainty);
  return { z, rows: Math.min(own.lossRows, other.lossRows), isPaired: false };
}

/** One-sided, valid at every look: the mixture is widest where comparing begins. */
function certaintyOf({ z, rows }: Gain): number {
  const ratio = rows / LEAST_LABELLED;
  const twoSided = Math.exp((Math.log1p(ratio) - (z * z) / (1 + 1 / ratio)) / 2);
  return 1 - Math.min(1, twoSided) / 2;
}

function lossOf({
  lossRows,
  lossSum,
  lossSquares,
}: PerformanceProfile): { mean: number; uncertainty: number } | null {
  if (lossRows < LEAST_LABELLED || lossSum === null || lossSquares === null) return null;
  const mean = lossSum / lossRows;
  const uncertainty = Math.max(0, lossSquares / lossRows - mean * mean) / (lossRows - 1);
  return { mean, uncertainty };
}

function differences(
  task: Model['task'],
  own: PerformanceProfile,
  other: PerformanceProfile,
): VersionComparison['metrics'] {
  const theirs = versionMetrics(task, other);
  return Object.entries(versionMetrics(task, own)).map(([metric, value]) => {
    const second = theirs[metric] ?? null;
    return {
      metric,
      value,
      other: second,
      difference: value === null || second === null ? null : value - second,
    };
  });
}

function digits(value: number): string {
  return value.toPrecision(4);
}

import { z } from 'zod';
import type { Model } from '../domain/model.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { normalCdf } from '../stats/normal.js';
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

/** Labelled rows that each needs before their losses are compared. */
const LEAST_LABELLED = 200;
const SURE = 0.95;

/**
 * Whether `challenger` should take the place of `champion`, by the mean of their losses on labelled rows (logarithmic loss of scores, absolute
 * error of a regression) with Welch's variance. `answers`: the challenger is the champion by now, and the other the one before it.
 */
export function compareVersions(
  task: Model['task'],
  { challenger, champion }: { readonly challenger: Compared; readonly champion: Compared },
  answers: boolean,
): VersionComparison {
  const [own, other] = [challenger.performance, champion.performance];
  const shared = { rows: own.labelled, metrics: differences(task, own, other) };
  const [a, b] = [lossOf(own), lossOf(other)];
  if (!a || !b) {
    const reason = `${LEAST_LABELLED} labelled rows of each are wanted: ${challenger.version} has ${own.lossRows}, ${champion.version} has ${other.lossRows}`;
    return { ...shared, advice: 'WAIT', certainty: null, reason };
  }
  const z = (b.mean - a.mean) / Math.sqrt(a.uncertainty + b.uncertainty);
  const certainty = normalCdf(Math.abs(z));
  const said = `mean loss ${digits(a.mean)} of ${challenger.version} against ${digits(b.mean)} of ${champion.version}`;
  if (!(certainty >= SURE))
    return { ...shared, advice: 'WAIT', certainty, reason: `${said}: no sure difference yet` };
  const isBetter = z > 0;
  const advice = answers ? (isBetter ? 'KEEP' : 'ROLL_BACK') : isBetter ? 'PROMOTE' : 'KEEP';
  const better = isBetter ? challenger.version : champion.version;
  return { ...shared, advice, certainty, reason: `${said}: ${better} is better` };
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

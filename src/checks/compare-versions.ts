import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import type { MetricDifference, VersionComparison, VersionPairs } from '../domain/version-comparison.js';
import { countText, percentText } from '../domain/wording.js';
import { rowsUntilSure, sequentialCertainty, type SampleMean } from '../stats/confidence-sequence.js';
import { confusionOf } from './binary-metrics.js';
import { Z95 } from './metric-interval.js';
import { realisedMetrics } from './realised-metrics.js';

/** What a version did on the period. */
export interface Compared {
  readonly version: string;
  readonly outcome: Outcome;
}

/** Two versions, and the requests that both answered; by segment, all of them under ''. */
export interface Comparison {
  readonly own: Compared;
  readonly other: Compared;
  readonly pairs: ReadonlyMap<string, VersionPairs>;
}

/** Labelled rows that each needs before their losses are compared. */
const LEAST_LABELLED = 200;
const SURE = 0.95;
/** Metrics that say how fast labels came, or how many rows there are, and nothing of the version. */
const OF_THE_DATA: ReadonlySet<string> = new Set(['label_delay_hours', 'prevalence']);

/**
 * Whether one version should take the place of another: by the mean of their losses (logarithmic loss of scores, absolute error of a regression, else
 * wrong answers) on the requests that both answered, where enough of those have labels, and on all of their rows otherwise. The test holds whenever
 * one looks. `answers`: the first version is the champion by now, and the other the one before it.
 */
export function compareVersions(
  model: Model,
  { own, other, pairs }: Comparison,
  answers: boolean,
): VersionComparison {
  const paired = pairs.get('') ?? null;
  const shared = {
    rows: own.outcome.labelled,
    requests: paired?.requests ?? 0,
    agreement: agreementOf(paired),
    segments: bySegment(pairs),
    metrics: differences(model, own.outcome, other.outcome, paired),
  };
  const [a, b] = [lossOf(model, own.outcome), lossOf(model, other.outcome)];
  const onPairs = pairedGap(model, paired);
  const gap = onPairs ?? gapOf(a, b);
  if (!gap) {
    const [mine, theirs] = [a?.n ?? 0, b?.n ?? 0];
    const reason = `${LEAST_LABELLED} labelled rows of each are wanted: ${own.version} has ${mine}, ${other.version} has ${theirs}`;
    const labelsNeeded = LEAST_LABELLED - Math.min(mine, theirs, LEAST_LABELLED);
    return { ...shared, advice: 'WAIT', certainty: null, labelsNeeded, reason };
  }
  const certainty = sequentialCertainty(gap);
  const said = lossText({ version: own.version, loss: a }, { version: other.version, loss: b }, gap) + saidOf(paired);
  if (!(certainty >= SURE)) {
    const needed = rowsUntilSure(gap);
    const rows = onPairs || !a || !b ? gap.n : Math.min(a.n, b.n);
    const labelsNeeded = needed === null ? null : Math.ceil(Math.max(1, (needed / gap.n - 1) * rows));
    const more = labelsNeeded === null ? '' : `; about ${countText(labelsNeeded)} more labels are needed if the difference stays`;
    return { ...shared, advice: 'WAIT', certainty, labelsNeeded, reason: `${said}: no sure difference yet${more}` };
  }
  const isBetter = gap.mean < 0;
  const advice = answers ? (isBetter ? 'KEEP' : 'ROLL_BACK') : isBetter ? 'PROMOTE' : 'KEEP';
  const better = isBetter ? own.version : other.version;
  return { ...shared, advice, certainty, labelsNeeded: null, reason: `${said}: ${better} is better` };
} // prettier-ignore

interface Lost {
  readonly version: string;
  readonly loss: SampleMean | null;
}

/** The loss of either; the difference alone where labels of requests that both answered came under the ids of one. */
function lossText(own: Lost, other: Lost, gap: SampleMean): string {
  if (own.loss && other.loss)
    return `mean loss ${digits(own.loss.mean)} of ${own.version} against ${digits(other.loss.mean)} of ${other.version}`;
  const way = gap.mean < 0 ? 'lower' : 'higher';
  return `loss of ${own.version} ${digits(Math.abs(gap.mean))} ${way} than that of ${other.version} on ${countText(gap.n)} labelled requests of both`;
}

function saidOf(pairs: VersionPairs | null): string {
  const agreement = agreementOf(pairs);
  if (!pairs || agreement === null) return '';
  return `, which agree on ${percentText(agreement)} of ${countText(pairs.requests)} requests`;
}

function agreementOf(pairs: VersionPairs | null): number | null {
  return pairs && pairs.requests > 0 ? pairs.agreed / pairs.requests : null;
}

function bySegment(pairs: ReadonlyMap<string, VersionPairs>): VersionComparison['segments'] {
  return [...pairs]
    .filter(([segment]) => segment !== '')
    .map(([segment, own]) => ({ segment, requests: own.requests, agreement: agreementOf(own) }))
    .sort((a, b) => (a.agreement ?? 1) - (b.agreement ?? 1) || (a.segment < b.segment ? -1 : 1));
}

/** The loss of a row: its mean and its variance. */
function lossOf({ task }: Model, { sums, labelled }: Outcome): SampleMean | null {
  if (task === 'regression') return meanOf(sums.errors ?? 0, sums.absolute, sums.errorSquares);
  if ((sums.losses ?? 0) > 0) return meanOf(sums.losses ?? 0, sums.loss, sums.lossSquares);
  const { fp, fn } = confusionOf({ sums });
  const wrong = task === 'binary' ? fp + fn : labelled - (sums.correct ?? 0);
  return meanOf(labelled, wrong, wrong);
}

/** Null below the number of rows from which it is looked at. */
function meanOf(n: number, sum: number | null | undefined, squares: number | null | undefined): SampleMean | null {
  if (n < 1 || typeof sum !== 'number' || typeof squares !== 'number') return null;
  const mean = sum / n;
  return { n, mean, variance: Math.max(0, squares / n - mean * mean) };
} // prettier-ignore

/** The difference of two independent means, as that of one row: so many rows as would have its variance. */
function gapOf(a: SampleMean | null, b: SampleMean | null): SampleMean | null {
  if (!a || !b || Math.min(a.n, b.n) < LEAST_LABELLED) return null;
  const n = (a.n * b.n) / (a.n + b.n);
  return { n, mean: a.mean - b.mean, variance: n * (a.variance / a.n + b.variance / b.n) };
}

function pairedGap({ task }: Model, pairs: VersionPairs | null): SampleMean | null {
  if (!pairs) return null;
  const { losses, loss, lossSquares, labelled, onlyOwn, onlyOther } = pairs;
  const gap =
    losses === 0 && task !== 'regression'
      ? meanOf(labelled, onlyOther - onlyOwn, onlyOther + onlyOwn)
      : meanOf(losses, loss, lossSquares);
  return gap && gap.n >= LEAST_LABELLED ? gap : null;
}

function differences(
  model: Model,
  own: Outcome,
  other: Outcome,
  pairs: VersionPairs | null,
): MetricDifference[] {
  const theirs = new Map(realisedMetrics(model, other).map((one) => [one.metric, one]));
  const paired = pairs ? pairedDifferences(model, pairs) : new Map<string, SampleMean>();
  return realisedMetrics(model, own)
    .filter(({ metric }) => !OF_THE_DATA.has(metric))
    .map((one) => {
      const second = theirs.get(one.metric);
      const { metric, value } = one;
      const named = {
        metric,
        value,
        other: second?.value ?? null,
        reason: one.reason ?? second?.reason ?? null,
      };
      const gap = paired.get(metric);
      if (gap) return { ...named, ...around(gap.mean, Math.sqrt(gap.variance / gap.n)), paired: true };
      if (!second || value === null || second.value === null)
        return { ...named, difference: null, low: null, high: null, paired: false };
      const error = Math.hypot(standardError(one) ?? NaN, standardError(second) ?? NaN);
      return { ...named, ...around(value - second.value, error), paired: false };
    });
}

/** What can be said request by request. */
function pairedDifferences({ task }: Model, pairs: VersionPairs): ReadonlyMap<string, SampleMean> {
  const { labelled, onlyOwn, onlyOther, positives, positivesOnlyOwn, positivesOnlyOther } = pairs;
  const negatives = labelled - positives;
  const [own, other] = [onlyOwn - positivesOnlyOwn, onlyOther - positivesOnlyOther];
  const share = (n: number, a: number, b: number) => meanOf(n, a - b, a + b);
  const loss = meanOf(pairs.losses, pairs.loss, pairs.lossSquares);
  const all: readonly (readonly [string, SampleMean | null])[] =
    task === 'regression'
      ? [['mean_absolute_error', loss]]
      : [
          ['accuracy', share(labelled, onlyOwn, onlyOther)],
          ['log_loss', loss],
        ];
  const binary: readonly (readonly [string, SampleMean | null])[] = [
    ['recall', share(positives, positivesOnlyOwn, positivesOnlyOther)],
    ['specificity', share(negatives, own, other)],
    ['brier', meanOf(pairs.errors, pairs.error, pairs.errorSquares)],
  ];
  const found = task === 'binary' ? [...all, ...binary] : all;
  return new Map(found.flatMap(([metric, gap]) => (gap ? [[metric, gap] as const] : [])));
}

function standardError({ low, high }: Metric): number | null {
  return low === null || high === null ? null : (high - low) / (2 * Z95);
}

function around(difference: number, error: number): Pick<MetricDifference, 'difference' | 'low' | 'high'> {
  if (!Number.isFinite(error)) return { difference, low: null, high: null };
  return { difference, low: difference - Z95 * error, high: difference + Z95 * error };
}

function digits(value: number): string {
  return value.toPrecision(4);
}

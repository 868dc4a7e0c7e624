import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import {
  trafficText,
  type MetricDifference,
  type TrafficShare,
  type VersionComparison,
  type VersionPairs,
} from '../domain/version-comparison.js';
import { countText, percentText } from '../domain/wording.js';
import { rowsUntilSure, sequentialCertainty, type SampleMean } from '../stats/confidence-sequence.js';
import { confusionOf } from './binary-metrics.js';
import { recoveredInterval } from '../stats/recovered-variance.js';
import { costMetrics, realisedCost } from './cost-metrics.js';
import { asPart } from './metric-interval.js';
import { meanOf, pairedDifferences, type PairedDifference } from './paired-metrics.js';
import { realisedMetrics } from './realised-metrics.js';

/** What a version did on the period. */
export interface Compared {
  readonly version: string;
  readonly outcome: Outcome;
}

/** Event time; `to` is exclusive. */
export interface ComparedStretch {
  readonly from: Date;
  readonly to: Date;
}

/** Two versions, and the requests that both answered; by segment, all of them under ''. */
export interface Comparison {
  /** In which both answered; null where they never did. */
  readonly stretch: ComparedStretch | null;
  readonly own: Compared;
  readonly other: Compared;
  readonly pairs: ReadonlyMap<string, VersionPairs>;
  /** How much of the requests of the stretch the first version answered. */
  readonly share: TrafficShare;
}

/** Labelled rows that each needs before their losses are compared. */
const LEAST_LABELLED = 200;
const SURE = 0.95;
/** Metrics that say how fast labels came, or how many rows there are, and nothing of the version. */
const OF_THE_DATA: ReadonlySet<string> = new Set(['label_delay_hours', 'prevalence']);

/**
 * Whether one version should take the place of another: by the mean of their losses (logarithmic loss of scores, absolute error of a regression, else
 * wrong answers) on the requests that both answered, where enough of those have labels, and on their rows of the same stretch otherwise. The test holds whenever
 * one looks. `answers`: the first version is the champion by now, and the other the one before it.
 */
export function compareVersions(model: Model, comparison: Comparison, answers: boolean): VersionComparison {
  const found = comparedLosses(model, comparison, answers);
  const share = trafficText(comparison.share);
  return share === null
    ? found
    : { ...found, reason: `${found.reason}; ${comparison.own.version} answered ${share}` };
}

function comparedLosses(model: Model, comparison: Comparison, answers: boolean): VersionComparison {
  const { own, other, pairs } = comparison;
  const paired = pairs.get('') ?? null;
  const onPairs = pairedGap(model, paired);
  const shared = seenOf(model, comparison, onPairs !== null);
  const [a, b] = [lossOf(model, own.outcome), lossOf(model, other.outcome)];
  const gap = onPairs ?? gapOf(a, b);
  if (!gap) return { ...shared, ...tooFew(comparison, [a?.n ?? 0, b?.n ?? 0]) };
  const certainty = sequentialCertainty(gap);
  const names = [own.version, other.version] as const;
  const said = onPairs && paired ? saidOfPairs(model, names, paired, gap) : `${meansOf(names, a?.mean, b?.mean)}${saidOf(paired)}`;
  if (!(certainty >= SURE)) {
    // Labels that come go to both: the version that has fewer holds it up.
    const rows = onPairs || !a || !b ? gap.n : Math.min(a.n, b.n);
    return { ...shared, advice: 'WAIT', certainty, ...unsure(said, gap, rows) };
  }
  const isBetter = gap.mean < 0;
  const advice = answers ? (isBetter ? 'KEEP' : 'ROLL_BACK') : isBetter ? 'PROMOTE' : 'KEEP';
  const better = isBetter ? own.version : other.version;
  return { ...shared, advice, certainty, labelsNeeded: null, reason: `${said}: ${better} is better` };
} // prettier-ignore

/** What is seen of both, whatever follows from it; `isPaired`: the losses of requests that both answered are compared. */
function seenOf(model: Model, { stretch, own, other, pairs, share }: Comparison, isPaired: boolean): Pick<VersionComparison, 'from' | 'to' | 'rows' | 'answered' | 'traffic' | 'requests' | 'agreement' | 'segments' | 'metrics'> {
  const paired = pairs.get('') ?? null;
  return {
    from: stretch?.from ?? null,
    to: stretch?.to ?? null,
    rows: paired && isPaired ? paired.labelled : Math.min(own.outcome.labelled, other.outcome.labelled),
    ...share,
    requests: paired?.requests ?? 0,
    agreement: agreementOf(paired),
    segments: bySegment(pairs),
    metrics: differences(model, own.outcome, other.outcome, paired),
  };
} // prettier-ignore

/** How many more labels it takes, of `rows` that there are. */
function unsure(said: string, gap: SampleMean, rows: number): Pick<VersionComparison, 'labelsNeeded' | 'reason'> {
  const needed = rowsUntilSure(gap);
  const labelsNeeded = needed === null ? null : Math.ceil(Math.max(1, (needed / gap.n - 1) * rows));
  const more = labelsNeeded === null ? '' : `; about ${countText(labelsNeeded)} more labels are needed if the difference stays`;
  return { labelsNeeded, reason: `${said}: no sure difference yet${more}` };
} // prettier-ignore

/** Nothing can be said yet: of so many rows of each with a loss. */
function tooFew({ stretch, own, other }: Comparison, [mine, theirs]: readonly [number, number]): Pick<VersionComparison, 'advice' | 'certainty' | 'labelsNeeded' | 'reason'> {
  const wanted = `${LEAST_LABELLED} labelled rows of each are wanted: ${own.version} has ${mine}, ${other.version} has ${theirs}`;
  const reason = stretch ? wanted : `${own.version} and ${other.version} never answered at the same time, and are compared on nothing else`;
  return { advice: 'WAIT', certainty: null, labelsNeeded: LEAST_LABELLED - Math.min(mine, theirs, LEAST_LABELLED), reason };
} // prettier-ignore

function saidOfPairs(model: Model, names: readonly [string, string], pairs: VersionPairs, gap: SampleMean): string {
  return `${meansOf(names, ...pairedLoss(model, pairs))} on ${countText(gap.n)} labelled requests of both${saidOf(pairs)}`;
} // prettier-ignore

function meansOf([own, other]: readonly [string, string], mine = NaN, theirs = NaN): string {
  return `mean loss ${digits(mine)} of ${own} against ${digits(theirs)} of ${other}`;
}

/** The mean loss of either on the labelled requests that both answered. */
function pairedLoss({ task }: Model, pairs: VersionPairs): readonly [number, number] {
  const { losses, lossOwn, lossOther, labelled, rightOwn, rightOther } = pairs;
  return losses === 0 && task !== 'regression'
    ? [(labelled - rightOwn) / labelled, (labelled - rightOther) / labelled]
    : [(lossOwn ?? NaN) / losses, (lossOther ?? NaN) / losses];
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

/** What says something of each by itself: of money what an answer costs, for what all of them cost grows with their number. */
function comparable(model: Model, outcome: Outcome): Metric[] {
  const metrics = realisedMetrics(model, outcome);
  if (!model.costs) return metrics;
  const [perAnswer] = costMetrics(realisedCost(model, outcome), outcome.answered);
  return perAnswer ? [...metrics, perAnswer] : metrics;
}

function differences(
  model: Model,
  own: Outcome,
  other: Outcome,
  pairs: VersionPairs | null,
): MetricDifference[] {
  const theirs = new Map(comparable(model, other).map((one) => [one.metric, one]));
  const paired = pairs ? pairedDifferences(model, pairs) : new Map<string, PairedDifference>();
  return comparable(model, own)
    .filter(({ metric }) => !OF_THE_DATA.has(metric))
    .map((one) => {
      const { metric, value } = one;
      const onBoth = paired.get(metric);
      if (onBoth) return { metric, ...onBoth, paired: true, reason: null };
      const second = theirs.get(metric);
      const reason = one.reason ?? second?.reason ?? null;
      const named = { metric, value, other: second?.value ?? null, paired: false, reason };
      if (!second || value === null || second.value === null)
        return { ...named, difference: null, low: null, high: null };
      const parts = [asPart(one, 1), asPart(second, -1)].filter((part) => part !== null);
      const { lower, upper } = recoveredInterval(parts);
      const [low, high] = parts.length === 2 ? [lower, upper] : [null, null];
      return { ...named, difference: value - second.value, low, high };
    });
}

function digits(value: number): string {
  return value.toPrecision(4);
}

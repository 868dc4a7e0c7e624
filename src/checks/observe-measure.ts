import type { Measure } from '../domain/measure.js';
import { meanComponent } from '../stats/mean-component.js';
import { rate } from './observe-feature.js';
import type { Observation } from './series.js';

/** Rows a measure rests on: of the smaller group where there are two. */
export function measureRows(measure: Measure): number {
  switch (measure.kind) {
    case 'rate':
      return measure.trials;
    case 'rates':
      return Math.min(measure.trials, measure.otherTrials);
    default:
      return measure.n;
  }
}

/** A measure on the scale the engine tests, with its sampling variance; null where it has no value. */
export function observeMeasure(measure: Measure): Observation | null {
  switch (measure.kind) {
    case 'rate':
      return measure.trials > 0 ? rate(measure.hits, measure.trials) : null;
    case 'mean':
      return observeMean(measure);
    case 'pair':
      return observePair(measure);
    case 'rates':
      return observeRates(measure);
    case 'value':
      return { ...scalar(measure.y, measure.v, measure.n), value: measure.y };
  }
}

type MeasureOf<Kind extends Measure['kind']> = Extract<Measure, { readonly kind: Kind }>;

function scalar(y: number, v: number, n: number): Observation {
  return { y, v, n, value: y, hits: null, trials: 0 };
}

function observeMean({ n, sum, sumSquares }: MeasureOf<'mean'>): Observation | null {
  const mean = meanComponent({ n, sum, sumSquares });
  return mean && scalar(mean.y, mean.v, n);
}

/** Largest correlation that is tested: at 1 Fisher's z is infinite. */
const LARGEST_CORRELATION = 0.999999;

/** Pearson's correlation as Fisher's z = atanh r, variance 1/(n − 3); null where one of the two does not vary. */
function observePair({ n, sumX, sumY, sumXX, sumYY, sumXY }: MeasureOf<'pair'>): Observation | null {
  if (n <= 3) return null;
  const spreadX = sumXX - (sumX * sumX) / n;
  const spreadY = sumYY - (sumY * sumY) / n;
  // Sums of squares agree to about twelve digits: less than that is no spread.
  if (spreadX <= 1e-10 * sumXX || spreadY <= 1e-10 * sumYY) return null;
  const r = (sumXY - (sumX * sumY) / n) / Math.sqrt(spreadX * spreadY);
  const kept = Math.max(-LARGEST_CORRELATION, Math.min(LARGEST_CORRELATION, r));
  return { ...scalar(Math.atanh(kept), 1 / (n - 3), n), value: r };
}

/** The log of the ratio of two shares, half a row added to each side; variance by the delta method. */
function observeRates({ hits, trials, otherHits, otherTrials }: MeasureOf<'rates'>): Observation | null {
  if (trials === 0 || otherTrials === 0) return null;
  const share = (hits + 0.5) / (trials + 1);
  const other = (otherHits + 0.5) / (otherTrials + 1);
  const y = Math.log(share / other);
  const v = (1 - share) / (share * trials) + (1 - other) / (other * otherTrials);
  return { ...scalar(y, v, trials + otherTrials), value: share / other };
}

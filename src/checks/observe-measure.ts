import { kindOf } from '../constraints/catalogue.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import { HASH_BITS } from '../domain/hash-bits.js';
import { correlationComponent, pearson } from '../stats/correlation-component.js';
import { meanComponent } from '../stats/mean-component.js';
import { rateGapComponent } from '../stats/rate-gap-component.js';
import { repeatComponent } from '../stats/repeat-component.js';
import { rate } from './observe-feature.js';
import { observeSegment, segmentRows } from './observe-segment.js';
import { LEAST_ROWS, type Observation } from './series.js';

/** Rows a measure rests on: of the smaller group where there are two. */
export function measureRows(rule: Constraint, measure: Measure): number {
  if (rule.rule === 'segment' && measure.kind === 'sides') return segmentRows(rule, measure);
  switch (measure.kind) {
    case 'rate':
      return measure.trials;
    case 'rates':
      return Math.min(measure.trials, measure.otherTrials);
    default:
      return measure.n;
  }
}

/** Rows without which a measure of the rule is not looked at. */
export function leastRows(rule: Constraint): number {
  return kindOf(rule).leastRows?.(rule) ?? LEAST_ROWS;
}

/** A measure on the scale the engine tests, with its sampling variance; null where it has no value. */
export function observeMeasure(rule: Constraint, measure: Measure): Observation | null {
  switch (measure.kind) {
    case 'rate':
      return measure.trials > 0 ? rate(measure.hits, measure.trials) : null;
    case 'mean':
    case 'estimate':
      return observeMean(measure);
    case 'pair':
      return observePair(measure);
    case 'rates':
      return observeRates(rule, measure);
    case 'sides':
      return rule.rule === 'segment' ? observeSegment(rule, measure) : null;
    case 'bits':
      return observeBits(measure);
    case 'value':
      return { ...scalar(measure.y, measure.v, measure.n), value: measure.y };
  }
}

type MeasureOf<Kind extends Measure['kind']> = Extract<Measure, { readonly kind: Kind }>;

function scalar(y: number, v: number, n: number): Observation {
  return { y, v, n, value: y, hits: null, trials: 0 };
}

function observeMean({ n, sum, sumSquares }: MeasureOf<'mean' | 'estimate'>): Observation | null {
  const mean = meanComponent({ n, sum, sumSquares });
  return mean && scalar(mean.y, mean.v, n);
}

/** Pearson's correlation, tested on Fisher's scale; null where one of the two does not vary. */
function observePair(sums: MeasureOf<'pair'>): Observation | null {
  const [tested, value] = [correlationComponent(sums), pearson(sums)];
  return tested && value !== null ? { ...scalar(tested.y, tested.v, sums.n), value } : null;
}

/** Rows that repeat each other; read as the share of copies. */
function observeBits(measure: MeasureOf<'bits'>): Observation | null {
  const tested = repeatComponent(
    measure.n,
    HASH_BITS.map((bit) => measure[bit] ?? 0),
  );
  return tested && { ...scalar(tested.y, tested.v, measure.n), value: tested.copies };
}

/** How a group's rate stands beside that of the others; read as a ratio where all rows count, else as a difference. */
function observeRates(
  rule: Constraint,
  { hits, trials, otherHits, otherTrials }: MeasureOf<'rates'>,
): Observation | null {
  const own = { successes: hits, trials };
  const others = { successes: otherHits, trials: otherTrials };
  const gap = rateGapComponent(own, others);
  const [rate, other] = [hits / trials, otherHits / otherTrials];
  const isRatio = rule.rule !== 'selection' || rule.among === 'all';
  const value = isRatio ? rate / Math.max(other, 0.5 / otherTrials) : rate - other;
  return gap && { ...scalar(gap.y, gap.v, trials), value };
}

import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { countComponent } from '../stats/count-component.js';
import { meanComponent } from '../stats/mean-component.js';
import { rate } from './observe-feature.js';
import { isShare } from '../constraints/segment.js';
import type { Observation } from './series.js';

type Segment = ConstraintOf<'segment'>;
type Sides = Extract<Measure, { readonly kind: 'sides' }>;

/** A number of a segment on the scale the engine tests. */
export function observeSegment({ counted }: Segment, { n, sum, sumSquares }: Sides): Observation | null {
  if (counted.of === 'rows') return { ...countComponent(n), n, value: n, hits: null, trials: 0 };
  if (isShare(counted)) return rate(sum, n);
  const mean = meanComponent({ n, sum, sumSquares });
  return mean && { y: mean.y, v: mean.v, n, value: mean.y, hits: null, trials: 0 };
}

/** Rows a number of a segment rests on: where rows are counted, those of everybody, for none is a number too. */
export function segmentRows({ counted }: Segment, { n, otherN }: Sides): number {
  return counted.of === 'rows' ? n + otherN : n;
}

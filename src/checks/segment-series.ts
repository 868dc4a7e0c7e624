import type { RuleOf } from '../domain/measure.js';
import type { Relevance, SeriesIdentity, Sign } from './series.js';

type Segment = RuleOf<'segment'>;

const BOTH: readonly Sign[] = [1, -1];
const UP: readonly Sign[] = [1];
/** A percentage point of a share or of a mean score, a twentieth of the range of values over six, two hundredths of an error, a tenth of the rows. */
const SHARE: Relevance = { unit: 'rate', size: 0.01 };
const SCORE: Relevance = { unit: 'scale', size: 0.01 };
const ERROR: Relevance = { unit: 'relative', size: 0.02 };
const ROWS: Relevance = { unit: 'relative', size: 0.05 };
const RANGE = 0.05 / 6;

/** How a number of a segment is watched. However many segments a model has, they share one part of each family's budget. */
export function segmentSeries({
  counted,
}: Segment): Pick<SeriesIdentity, 'family' | 'unit' | 'weight' | 'signs' | 'relevance'> {
  const shared = { unit: 'segments', weight: 1 } as const;
  switch (counted.of) {
    case 'score':
      return { ...shared, family: 'prediction', signs: BOTH, relevance: SCORE };
    case 'label':
      return { ...shared, family: 'prediction', signs: BOTH, relevance: SHARE };
    case 'value': {
      const size = RANGE * (counted.high - counted.low);
      return { ...shared, family: 'prediction', signs: BOTH, relevance: { unit: 'scale', size } };
    }
    case 'errors': {
      const relevance = counted.task === 'regression' ? ERROR : SHARE;
      return { ...shared, family: 'performance', signs: UP, relevance };
    }
    case 'incomplete':
      return { ...shared, family: 'quality', signs: UP, relevance: SHARE };
    case 'rows':
      return { ...shared, family: 'quality', signs: BOTH, relevance: ROWS };
  }
}

/** Whether a series counts rows: it is tested on the square-root scale and told in percent. */
export function countsRows({ check, rule }: Pick<SeriesIdentity, 'check' | 'rule'>): boolean {
  return check === 'volume' || (rule?.rule === 'segment' && rule.counted.of === 'rows');
}

/** Every row adds 0 or 1. */
export function isShare(counted: Segment['counted']): boolean {
  return (
    counted.of === 'label' ||
    counted.of === 'incomplete' ||
    (counted.of === 'errors' && counted.task !== 'regression')
  );
}

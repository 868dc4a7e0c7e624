import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { Relevance, Sign, Watched } from '../domain/watched-series.js';
import { countText, manyText, numberText, percentText } from '../domain/wording.js';
import type { ConstraintKind, Seen } from './constraint-kind.js';
import { mineSegments } from './segments.js';

type Segment = ConstraintOf<'segment'>;

/** One number of the rows of a segment, beside that of all other rows. All segments are counted together: `segment-sql.ts`, `segment-tally.ts`. */
export const SEGMENT: ConstraintKind<Segment> = {
  mine: mineSegments,
  onRows: null,
  carried: () => 'segment',
  watched: watchedSegment,
  explain: explainSegment,
  // None where the rows themselves are the number.
  leastRows: ({ counted }) => (counted.of === 'rows' ? 1 : null),
};

const BOTH: readonly Sign[] = [1, -1];
const UP: readonly Sign[] = [1];
/** A percentage point of a share or of a mean score, a twentieth of the range of values over six, two hundredths of an error, a tenth of the rows. */
const SHARE: Relevance = { unit: 'rate', size: 0.01 };
const SCORE: Relevance = { unit: 'scale', size: 0.01 };
const ERROR: Relevance = { unit: 'relative', size: 0.02 };
const ROWS: Relevance = { unit: 'relative', size: 0.05 };
const RANGE = 0.05 / 6;

/**
 * How a number of a segment is watched. However many segments a model has, they share one part of their family's budget for each thing that is asked of them: slow
 * calls of a part of the traffic have no less for its rows and its missing values being watched as well.
 */
function watchedSegment({ counted }: Segment): Watched {
  const shared = { unit: `segments:${UNIT[counted.of]}`, weight: 1 };
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
    case 'slow':
    case 'failed':
      return { ...shared, family: 'quality', signs: UP, relevance: SHARE };
    case 'rows':
      return { ...shared, family: 'quality', signs: BOTH, relevance: ROWS };
  }
}

/** What is asked of segments: one of the three is how they are answered, as a model has it. */
const UNIT: Readonly<Record<Segment['counted']['of'], string>> = {
  score: 'answers',
  label: 'answers',
  value: 'answers',
  errors: 'errors',
  incomplete: 'values',
  slow: 'calls',
  failed: 'failures',
  rows: 'rows',
};

/** Every row adds 0 or 1. */
export function isShare(counted: Segment['counted']): boolean {
  return (
    counted.of === 'label' ||
    counted.of === 'incomplete' ||
    counted.of === 'slow' ||
    counted.of === 'failed' ||
    (counted.of === 'errors' && counted.task !== 'regression')
  );
}

type Sides = Extract<Measure, { readonly kind: 'sides' }>;

/** What it is now and was in the reference, there and in all other rows. */
function explainSegment(rule: Segment, { value, expected, ...seen }: Seen): string {
  const [before, now] = [seen.before, seen.now].map((measure) =>
    measure?.kind === 'sides' ? measure : null,
  );
  if (rule.counted.of === 'rows')
    return `${manyText(value, 'prediction')}, ${countText(Math.round((expected / 2) ** 2))} expected at this time`;
  const text = isShare(rule.counted) ? percentText : numberText;
  const own = `${text(value)} ${subjectOf(rule)}${usual(text, before?.sum, before?.n)}`;
  return `${own}${others(text, before ?? null, now ?? null)}${partText(now ?? null)}`;
}

function subjectOf({ counted }: Segment): string {
  switch (counted.of) {
    case 'score':
      return 'is the mean score';
    case 'value':
      return 'is the mean answer';
    case 'label':
      return `of the rows are answered "${counted.label}"`;
    case 'errors':
      return counted.task === 'regression' ? 'is the mean absolute error' : 'of the answers are wrong';
    case 'incomplete':
      return 'of the rows lack values';
    case 'slow':
      return `of the calls took longer than ${numberText(counted.aboveMs)} ms`;
    case 'failed':
      return 'of the calls failed';
    case 'rows':
      return 'predictions';
  }
}

function usual(text: (x: number) => string, sum = 0, n = 0): string {
  return n > 0 ? `, ${text(sum / n)} in the reference` : '';
}

/** How much of the window it is about: `; this part is 4 % of the rows`. */
function partText(now: Sides | null): string {
  return now && now.otherN > 0
    ? `; this part is ${percentText(now.n / (now.n + now.otherN))} of the rows`
    : '';
}

function others(text: (x: number) => string, before: Sides | null, now: Sides | null): string {
  if (!now || now.otherN === 0) return '';
  return `; all others ${text(now.otherSum / now.otherN)}${usual(text, before?.otherSum, before?.otherN)}`;
}

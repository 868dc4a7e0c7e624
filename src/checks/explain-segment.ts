import type { Measure, RuleOf } from '../domain/measure.js';
import { countText, numberText, percentText } from '../domain/wording.js';
import type { ExplainContext } from './explain-context.js';
import type { Score } from './score.js';
import { isShare } from './segment-series.js';
import type { Observation } from './series.js';

type Segment = RuleOf<'segment'>;
type Sides = Extract<Measure, { readonly kind: 'sides' }>;

/** One sentence about a number of a segment: what it is now and was in the reference, there and in all other rows. */
export function explainSegment(
  rule: Segment,
  { observation, score }: { readonly observation: Observation; readonly score: Score },
  { baseline, profile }: ExplainContext,
): string {
  const [before, now] = [baseline, { reference: profile }].map(({ reference }) => {
    const measure = reference.measures[rule.name];
    return measure?.kind === 'sides' ? measure : null;
  });
  if (rule.counted.of === 'rows')
    return `${countText(observation.value)} predictions, ${countText(Math.round((score.expected / 2) ** 2))} expected at this time`;
  const text = isShare(rule.counted) ? percentText : numberText;
  const own = `${text(observation.value)} ${subjectOf(rule)}${usual(text, before?.sum, before?.n)}`;
  return `${own}${others(text, before ?? null, now ?? null)}`;
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
    case 'rows':
      return 'predictions';
  }
}

function usual(text: (x: number) => string, sum = 0, n = 0): string {
  return n > 0 ? `, ${text(sum / n)} in the reference` : '';
}

function others(text: (x: number) => string, before: Sides | null, now: Sides | null): string {
  if (!now || now.otherN === 0) return '';
  return `; all others ${text(now.otherSum / now.otherN)}${usual(text, before?.otherSum, before?.otherN)}`;
}

import type { Measure } from '../domain/measure.js';
import { numberText } from '../domain/wording.js';

/** The mean of a number a row; null where there is none. */
export function meanOf(measure: Measure | undefined): number | null {
  return (measure?.kind === 'mean' || measure?.kind === 'estimate') && measure.n > 0
    ? measure.sum / measure.n
    : null;
}

export function meanText(measure: Measure | undefined): string {
  const mean = meanOf(measure);
  return mean === null ? 'unknown' : numberText(mean);
}

/** The features that most likely made a value what it is, as the end of a sentence. */
export function byText(features: readonly string[]): string {
  return features.length === 0 ? '' : `, mostly by ${features.join(', ')}`;
}

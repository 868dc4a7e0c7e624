import type { Monitoring } from './monitoring.js';
import { numberText } from './wording.js';

type Counts = Pick<
  Monitoring,
  'armed' | 'learning' | 'tooFewWindows' | 'uncalibratable' | 'expectedFalseAlerts'
>;

/** How many series of a model stand how, and how many false pages those that may page are expected to raise, as a person reads it. */
export function seriesText({
  armed,
  learning,
  tooFewWindows,
  uncalibratable,
  expectedFalseAlerts,
}: Counts): string {
  const series = `${armed} series armed, ${learning} learning, ${tooFewWindows} with too few windows in the reference, ${uncalibratable} that cannot be calibrated`;
  return expectedFalseAlerts === null
    ? series
    : `${series}; ${numberText(expectedFalseAlerts, 2)} false pages expected in 30 days if the budget of the whole fleet were its own`;
}

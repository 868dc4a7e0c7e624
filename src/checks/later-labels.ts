import { sumOfAlerts } from './expected-alerts.js';
import type { FittedBaseline } from './fitted-baseline.js';
import type { SeriesIdentity, SeriesModel } from './series.js';

/** Whether a series is about what labels say. */
export function needsLabels({ family, rule }: SeriesIdentity): boolean {
  return rule ? rule.needsLabels === true : family === 'performance';
}

/**
 * A fitted baseline whose series of performance come from a fit on other windows: those whose labels came after it was frozen. The series of
 * inputs, and with them the evidence against them, stay as they are.
 */
export function withLaterLabels(fitted: FittedBaseline, later: FittedBaseline): FittedBaseline {
  const learnt = new Map(later.series.filter(needsLabels).map((one) => [one.key, one]));
  const series = fitted.series.map((one) => learnt.get(one.key) ?? one);
  const { daily } = fitted;
  return {
    ...fitted,
    ...summed(series),
    daily: daily && { ...daily, fitted: byDay(daily.fitted, later.daily) },
  };
}

/** By day, series that could not be learnt are absent. */
function byDay(fitted: FittedBaseline, later: FittedBaseline['daily']): FittedBaseline {
  const learnt = later?.fitted.series.filter(needsLabels) ?? [];
  return { ...fitted, ...summed([...fitted.series.filter((one) => !needsLabels(one)), ...learnt]) };
}

function summed(series: readonly SeriesModel[]): Pick<FittedBaseline, 'series' | 'expectedFalseAlerts'> {
  return { series, expectedFalseAlerts: sumOfAlerts(series) };
}

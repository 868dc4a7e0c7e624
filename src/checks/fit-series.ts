import { auditLaw, withoutIncidents } from './audit-series.js';
import type { FittedLaw, LawFitter, ReferenceObservation } from './fit-law.js';
import type { SeriesIdentity, SeriesModel } from './series.js';

/** A series with its frozen law, and the reference windows that say what is usual for it. */
export interface FittedSeries {
  readonly series: SeriesModel;
  readonly usual: readonly ReferenceObservation[];
}

/** What a series is fitted to. */
export interface SeriesGround {
  readonly windows: readonly ReferenceObservation[];
  /** Fitted on all of them; null where they are too few. */
  readonly fitted: FittedLaw | null;
  /** It can have no value. */
  readonly never: boolean;
  /** Below this many rows a window, no change is too small to matter. */
  readonly relevantRows: number;
  /** Its part of the whole budget, in one window and direction. */
  readonly inflow: number;
}

/** Fits the law of one series and has it audited; with too few windows it goes on learning. */
export function fitSeries(fitter: LawFitter, series: SeriesIdentity, ground: SeriesGround): FittedSeries {
  const { windows, fitted, never, relevantRows, inflow } = ground;
  const typical = average(windows.map(({ observation }) => observation.value));
  const base = { ...series, windows: windows.length, typical, expectedFalseAlerts: null };
  if (!fitted) {
    const status = never ? 'inapplicable' : 'learning';
    return { series: { ...base, status, law: null, leastChange: 0 }, usual: windows };
  }
  const relevant = average(windows.map(({ observation }) => observation.n)) >= relevantRows;
  const leastChange = relevant ? scaleOfRelevance(series, windows) : 0;
  const audit = auditLaw(fitter, windows, { fitted, leastChange, signs: series.signs, inflow });
  const { floor = 0 } = series;
  const law =
    audit.law.kind === 'rare' ? { ...audit.law, rate: Math.min(1, audit.law.rate + floor) } : audit.law;
  const status = audit.calibrated ? 'armed' : 'uncalibratable';
  return {
    series: { ...base, status, law, leastChange },
    usual: withoutIncidents(windows, fitted.incidents),
  };
}

/** The relevance margin on the scale the engine tests: rates go through the slope of the arcsine, unless rare. */
function scaleOfRelevance({ relevance }: SeriesIdentity, windows: readonly ReferenceObservation[]): number {
  if (relevance.unit === 'scale') return relevance.size;
  if (relevance.unit === 'relative')
    return relevance.size * Math.abs(average(windows.map(({ observation }) => observation.y)));
  const hits = windows.reduce((sum, { observation }) => sum + (observation.hits ?? 0), 0);
  const trials = windows.reduce((sum, { observation }) => sum + observation.trials, 0);
  if (hits < 5 * windows.length) return relevance.size;
  const rate = Math.min(Math.max(hits / trials, 1e-6), 1 - 1e-6);
  return relevance.size / (2 * Math.sqrt(rate * (1 - rate)));
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

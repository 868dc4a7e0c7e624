import { fitSeasonalBaseline } from '../stats/seasonal-baseline.js';
import { SeasonalSmoother, SLOTS, type SeasonShape } from '../stats/seasonal-smoother.js';
import {
  ARMING_WINDOWS,
  type Observation,
  type RareLaw,
  type SeasonalLaw,
  type SeriesLaw,
} from './series.js';

/** One reference window of a series. */
export interface ReferenceObservation {
  readonly observation: Observation;
  /** Slot of the week. */
  readonly slot: number;
  /** Local day, counted. */
  readonly day: number;
  /** Windows since the series was last observed: 1 for the window just before, Infinity for the first. */
  readonly lag: number;
}

/** Rates with fewer expected hits a window are tested by the exact binomial. */
const RARE_BELOW = 5;
/** One window in twenty is surer than what counts as sure. */
const SUREST = 0.05;
/** From a season as strong as the noise to none at all. */
const RIDGES = [0.1, 1, 10, 100] as const;
/** One-sided 99 % and the rule of three: an upper bound of a rate that may never have been seen. */
const UPPER = { quantile: 2.33, never: 3 } as const;

/** Fits the law of a series to its reference windows. `correction` ≥ 1 widens it, as the audit asks. */
export class LawFitter {
  private readonly smoothers = new Map<string, readonly SeasonalSmoother[]>();

  constructor(
    private readonly shape: SeasonShape,
    private readonly strict: boolean | 'auto',
  ) {}

  fit(windows: readonly ReferenceObservation[]): SeriesLaw {
    return isRare(windows) ? fitRare(windows) : this.fitSeasonal(windows);
  }

  private fitSeasonal(windows: readonly ReferenceObservation[]): SeasonalLaw {
    const slots = windows.map((window) => window.slot);
    const series = {
      y: windows.map((window) => window.observation.y),
      v: windows.map((window) => window.observation.v),
      slots,
      lags: windows.map((window) => window.lag),
    };
    // Ranks among few windows can prove nothing.
    const strict = this.strict === 'auto' && windows.length < ARMING_WINDOWS ? false : this.strict;
    const fitted = fitSeasonalBaseline(series, { smoothers: this.smoothersFor(slots), strict });
    const surest = series.v.toSorted((a, b) => a - b)[Math.floor(SUREST * series.v.length)] ?? 0;
    return { kind: 'seasonal', ...fitted, correction: 1, leastVariance: surest };
  }

  /** Smoothers depend on the slots alone: most series of a model share theirs. */
  private smoothersFor(slots: readonly number[]): readonly SeasonalSmoother[] {
    const counts = Array.from({ length: SLOTS }, () => 0);
    for (const slot of slots) counts[slot] = (counts[slot] ?? 0) + 1;
    const key = counts.join();
    const known = this.smoothers.get(key);
    if (known) return known;
    const made = RIDGES.map((ridge) => new SeasonalSmoother(counts, this.shape, ridge));
    this.smoothers.set(key, made);
    return made;
  }
}

/** The same law with a wider spread: a factor on the standard deviation, or on the rate of rare events. */
export function widen(law: SeriesLaw, correction: number): SeriesLaw {
  return law.kind === 'seasonal'
    ? { ...law, correction }
    : { ...law, rate: Math.min(1, law.rate * correction), dispersion: law.dispersion * correction };
}

function isRare(windows: readonly ReferenceObservation[]): boolean {
  if (windows.some(({ observation }) => observation.hits === null)) return false;
  return sum(windows.map(({ observation }) => observation.hits ?? 0)) < RARE_BELOW * windows.length;
}

function fitRare(windows: readonly ReferenceObservation[]): RareLaw {
  const hits = sum(windows.map(({ observation }) => observation.hits ?? 0));
  const trials = sum(windows.map(({ observation }) => observation.trials));
  const typical = trials > 0 ? hits / trials : 0;
  const excess = windows.map(({ observation }) => {
    const expected = observation.trials * typical;
    return ((observation.hits ?? 0) - expected) ** 2 / Math.max(expected * (1 - typical), 1e-12);
  });
  const dispersion = hits > 0 ? Math.max(1, sum(excess) / windows.length) : 1;
  // Clustered hits carry less information than as many independent ones.
  const bound = (hits + UPPER.quantile * Math.sqrt(hits * dispersion) + UPPER.never) / (trials + UPPER.never);
  const mostTrials = Math.max(...windows.map(({ observation }) => observation.trials));
  return { kind: 'rare', windows: windows.length, rate: Math.min(1, bound), typical, dispersion, mostTrials };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

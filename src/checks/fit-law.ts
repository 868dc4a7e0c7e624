import { max } from 'simple-statistics';
import { fitSeasonalBaseline } from '../stats/seasonal-baseline.js';
import { SeasonalSmoother, SLOTS, type SeasonShape } from '../stats/seasonal-smoother.js';
import { ARMING_WINDOWS, type Observation, type RareLaw, type SeriesLaw } from './series.js';

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

/** The law of a series, and which of its reference windows were an incident that it did not learn from. */
export interface FittedLaw {
  readonly law: SeriesLaw;
  readonly incidents: readonly boolean[];
  /** Days with windows that stand out. */
  readonly oddDays: ReadonlySet<number>;
}

/** Rates with fewer expected hits a window are tested by the exact binomial. */
const RARE_BELOW = 5;
/** One window in twenty is surer than what counts as sure. */
const SUREST = 0.05;
/** Chances beyond all that a reference had fall like those of a t with 4 degrees of freedom: no tail is taken for heavier. */
const HEAVIEST_TAIL = 4;
/** From a season as strong as the noise to none at all. */
const RIDGES = [0.1, 1, 10, 100] as const;
/** One-sided 99 % and the rule of three: an upper bound of a rate that may never have been seen. */
const UPPER = { quantile: 2.33, never: 3 } as const;

/** What a fit is told beside the windows. */
export interface LawTerms {
  /** P-values as ranks among the reference windows. */
  readonly strict: boolean | 'auto';
  /** Ranks because the model file asks for no shape of the noise at all, not because windows resemble each other. */
  readonly shapeless: boolean;
  /** Days on which what stands out is an incident, not what the series is like. */
  readonly incidentDays: ReadonlySet<number> | 'all';
}

/** Fits the law of a series to its reference windows. `correction` ≥ 1 widens it, as the audit asks. */
export class LawFitter {
  constructor(
    private readonly shape: SeasonShape,
    private readonly terms: LawTerms,
    private readonly smoothers = new Map<string, readonly SeasonalSmoother[]>(),
  ) {}

  /** A fitter on other terms that shares what depends on the calendar alone. */
  on(terms: Partial<LawTerms>): LawFitter {
    return new LawFitter(this.shape, { ...this.terms, ...terms }, this.smoothers);
  }

  fit(windows: readonly ReferenceObservation[]): FittedLaw {
    if (isRare(windows))
      return { law: fitRare(windows), incidents: windows.map(() => false), oddDays: new Set() };
    return this.fitSeasonal(windows);
  }

  private fitSeasonal(windows: readonly ReferenceObservation[]): FittedLaw {
    const slots = windows.map((window) => window.slot);
    const series = {
      y: windows.map((window) => window.observation.y),
      v: windows.map((window) => window.observation.v),
      slots,
      days: windows.map((window) => window.day),
      lags: windows.map((window) => window.lag),
    };
    const { shape, terms } = this;
    // Ranks among few windows can prove nothing.
    const strict = terms.strict === 'auto' && windows.length < ARMING_WINDOWS ? false : terms.strict;
    const smoothers = this.smoothersFor(slots);
    const fitted = fitSeasonalBaseline(series, { ...terms, smoothers, shape, strict });
    const surest = series.v.toSorted((a, b) => a - b)[Math.floor(SUREST * series.v.length)] ?? 0;
    const beyondRanks = terms.shapeless ? 0 : HEAVIEST_TAIL;
    const widths = { correction: 1, leastVariance: surest, beyondRanks };
    const law = { kind: 'seasonal', ...fitted.baseline, ...widths } as const;
    return { law, incidents: fitted.incidents, oddDays: fitted.oddDays };
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
  const mostTrials = max(windows.map(({ observation }) => observation.trials));
  return { kind: 'rare', windows: windows.length, rate: Math.min(1, bound), typical, dispersion, mostTrials };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

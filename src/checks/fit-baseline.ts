import type { Baseline } from '../domain/baseline.js';
import { invariant } from '../domain/invariant.js';
import type { Model } from '../domain/model.js';
import { OUTLIER } from '../stats/robust-spread.js';
import type { SeasonShape } from '../stats/seasonal-smoother.js';
import { ARMING_DAYS, dailyReference, isDaily } from './daily-companion.js';
import { auditLaw, replay, resampledAlertRate } from './audit-series.js';
import { allotBudget } from './budget.js';
import { isInapplicable } from './inapplicable.js';
import { LawFitter, type ReferenceObservation } from './fit-law.js';
import { fitFeatures } from './fit-features.js';
import type { FittedBaseline } from './fitted-baseline.js';
import { observeReference } from './observe-reference.js';
import { armingWindows, RELEVANCE_ROWS, type SeriesIdentity, type SeriesModel } from './series.js';
import { seriesCatalogue } from './series-catalogue.js';
import { shareTails } from './share-tails.js';
import type { Steps } from './steps.js';

export interface FitOptions {
  /** P-values as ranks among the reference: `auto` where the autocorrelation is above 0.8. */
  readonly strict: boolean | 'auto';
}

const DAY = 86_400_000;
const MINUTE = 60_000;
const SEED = 20010911;

/**
 * Fits the frozen seasonal model of every series of a baseline: expected bins by slot, season, variance between windows,
 * autocorrelation, tail, and the audit that decides whether it may page. Deterministic; a baseline without windows (a file
 * without timestamps) gives series that learn and never alert.
 */
export function fitBaseline(model: Model, baseline: Baseline, options?: FitOptions): FittedBaseline {
  const steps = fitBaselineInSteps(model, baseline, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a few milliseconds each: a hundred features take seconds, in which events come and heartbeats are due. */
export function* fitBaselineInSteps(
  model: Model,
  baseline: Baseline,
  options: FitOptions = { strict: model.strict ?? 'auto' },
): Steps<FittedBaseline> {
  const days = dailyReference(model, baseline);
  const fitted = yield* fitWindows(model, baseline, options);
  return { ...fitted, daily: days && (yield* fitDays(model, days, options)) };
}

function* fitDays(
  model: Model,
  { baseline, leastWindows }: NonNullable<ReturnType<typeof dailyReference>>,
  options: FitOptions,
): Steps<FittedBaseline['daily']> {
  const daily = { ...model, window: DAY };
  const fitted = yield* fitWindows(daily, baseline, { ...options, byDay: DAY / model.window });
  return { fitted, leastWindows };
}

function* fitWindows(
  model: Model,
  baseline: Baseline,
  options: FitOptions & { readonly byDay?: number },
): Steps<FittedBaseline> {
  const features = yield* fitFeatures(model, baseline);
  const reference = yield* observeReference(model, baseline, features);
  const shape = seasonShape(model, baseline);
  const arming = options.byDay ? ARMING_DAYS : armingWindows(model.window);
  // What is too small to matter in an hour's rows is so in a day's, whose number alone proves nothing.
  const relevantRows = options.byDay ? RELEVANCE_ROWS * options.byDay : 0;
  const identities = seriesCatalogue(model, baseline).filter((series) => !options.byDay || isDaily(series));
  const fit = (series: SeriesIdentity, fitter: LawFitter) => {
    const windows = reference.get(series.key) ?? [];
    const never = windows.length === 0 && isInapplicable(series, baseline.windows, arming);
    return fitSeries(fitter, series, { windows, never, arming, relevantRows });
  };
  const usual = new LawFitter(shape, options.strict);
  const first: SeriesModel[] = [];
  for (const series of identities) {
    first.push(fit(series, usual));
    yield;
  }
  // A level that wanders for days moves everything that is measured around it.
  const wandering = new Set(first.filter(hasRanks).map(({ feature }) => feature));
  const strict = new LawFitter(shape, true);
  const alone: SeriesModel[] = [];
  for (const [i, series] of first.entries()) {
    const identity = identities[i];
    const again = series.feature !== null && wandering.has(series.feature) && !hasRanks(series);
    alone.push(identity && again ? fit(identity, strict) : series);
    if (again) yield;
  }
  // By day only what can be judged speaks; the windows themselves say what still learns.
  const fitted = shareTails(alone, reference).filter(({ law }) => !options.byDay || law !== null);
  return {
    fingerprint: baseline.fingerprint,
    features,
    series: fitted,
    expectedFalseAlerts: yield* expectedFalseAlerts(model, fitted, reference),
    daily: null,
  };
}

function hasRanks({ law }: SeriesModel): boolean {
  return law?.kind === 'seasonal' && law.ranks.length > 0;
}

function seasonShape(model: Model, baseline: Baseline): SeasonShape {
  const starts = baseline.windows.map(({ from }) => from.getTime());
  const days = starts.length === 0 ? 0 : (Math.max(...starts) - Math.min(...starts) + model.window) / DAY;
  const hour = model.window < DAY;
  return { hour, weekday: days >= 14 - MINUTE / DAY, interaction: hour && days >= 21 - MINUTE / DAY };
}

function fitSeries(
  fitter: LawFitter,
  series: SeriesIdentity,
  {
    windows,
    never,
    arming,
    relevantRows,
  }: {
    readonly windows: readonly ReferenceObservation[];
    /** It can have no value. */
    readonly never: boolean;
    readonly arming: number;
    /** Below this many rows a window, no change is too small to matter. */
    readonly relevantRows: number;
  },
): SeriesModel {
  const typical = average(windows.map(({ observation }) => observation.value));
  const base = { ...series, windows: windows.length, typical };
  if (windows.length < arming)
    return { ...base, status: never ? 'inapplicable' : 'learning', law: null, leastChange: 0 };
  const relevant = average(windows.map(({ observation }) => observation.n)) >= relevantRows;
  const leastChange = relevant ? scaleOfRelevance(series, windows) : 0;
  const { law: seen, calibrated } = auditLaw(fitter, windows, { leastChange, signs: series.signs });
  const { floor = 0 } = series;
  const law = seen.kind === 'rare' ? { ...seen, rate: Math.min(1, seen.rate + floor) } : seen;
  return { ...base, status: calibrated ? 'armed' : 'uncalibratable', law, leastChange };
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

/** False pages in 30 days at a budget of one, by resampling every armed series through its own detector. */
function* expectedFalseAlerts(
  model: Model,
  series: readonly SeriesModel[],
  reference: ReadonlyMap<string, readonly ReferenceObservation[]>,
): Steps<number | null> {
  const armed = series.filter((one) => one.status === 'armed');
  if (armed.length === 0) return null;
  const budget = { pageDays: 30, noticeDays: 3, share: 1 };
  const inflows = allotBudget(armed, [], { budget, windowMs: model.window });
  let perWindow = 0;
  for (const [i, one] of armed.entries()) {
    invariant(one.law, `armed series ${one.key} has a law`);
    const ps = replay(one.law, reference.get(one.key) ?? [], one.leastChange);
    // Windows that did not shape the fit are taken for incidents of the reference, not for its noise.
    const usual = (values: readonly number[]) =>
      one.law?.kind === 'seasonal' ? values.filter((_, t) => Math.abs(ps.u[t] ?? 0) <= OUTLIER) : values;
    one.signs.forEach((sign, d) => {
      perWindow += resampledAlertRate(
        usual(sign > 0 ? ps.up : ps.down),
        inflows[i]?.page ?? 0,
        SEED + 2 * i + d,
      );
    });
    yield;
  }
  return (perWindow * 30 * DAY) / model.window;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

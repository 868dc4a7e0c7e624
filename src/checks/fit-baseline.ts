import type { Baseline, FeatureBaseline } from '../domain/baseline.js';
import { invariant } from '../domain/invariant.js';
import type { Model } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import { fitFormByLevel } from '../stats/form-by-level.js';
import { levelWander } from '../stats/level-wander.js';
import { normalScores } from '../stats/feature-components.js';
import { OUTLIER } from '../stats/robust-spread.js';
import type { SeasonShape } from '../stats/seasonal-smoother.js';
import { ARMING_DAYS, dailyReference, isDaily } from './daily-companion.js';
import { auditLaw, replay, resampledAlertRate } from './audit-series.js';
import { allotBudget } from './budget.js';
import { type CalendarSlot, calendarSlot } from './calendar-slot.js';
import { type ReferenceBins, referenceBins, slotExpectation, smoothedShares } from './expected-bins.js';
import { isInapplicable } from './inapplicable.js';
import { LawFitter, type ReferenceObservation } from './fit-law.js';
import type { FittedBaseline, FittedFeature } from './fitted-baseline.js';
import { countsOf } from './observe-feature.js';
import { observeWindow } from './observe-window.js';
import { ARMING_WINDOWS, RELEVANCE_ROWS, type SeriesIdentity, type SeriesModel } from './series.js';
import { seriesCatalogue } from './series-catalogue.js';
import { shareTails } from './share-tails.js';
import { NOTHING_PENDING } from './series-state.js';
import { varietyOf } from './variety.js';

export interface FitOptions {
  /** P-values as ranks among the reference: `auto` where the autocorrelation is above 0.8. */
  readonly strict: boolean | 'auto';
}

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Rows the whole reference counts for against one slot's own. */
const PSEUDO_ROWS = { hourly: 3000, daily: 300 } as const;
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

/** Work that stops after every few milliseconds for whoever else needs the thread, and returns its result at the end. */
type Steps<T> = Generator<undefined, T, undefined>;

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
  const arming = options.byDay ? ARMING_DAYS : ARMING_WINDOWS;
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

function* fitFeatures(model: Model, baseline: Baseline): Steps<Record<string, FittedFeature>> {
  const windows = baseline.windows.map(({ from, profile }) => ({ slot: slotOf(model, from).bins, profile }));
  const pseudoRows = model.window >= DAY ? PSEUDO_ROWS.daily : PSEUDO_ROWS.hourly;
  const features: (readonly [string, FittedFeature])[] = [];
  for (const [name, feature] of Object.entries(baseline.features)) {
    const total = baseline.reference.features[name];
    if (!total || total.kind !== feature.kind) continue;
    const own = windows.flatMap(({ slot, profile }) => {
      const one = profile.features[name];
      return one && one.kind === feature.kind ? [{ slot, counts: countsOf(one), profile: one }] : [];
    });
    const scores = scoresOf(feature, countsOf(total));
    const bins = atItsLevels(referenceBins(countsOf(total), own, pseudoRows), scores, own);
    const variety = varietyOf(own.map((window) => window.profile));
    features.push([name, { bins, scores, variety }]);
    yield;
  }
  return Object.fromEntries(features);
}

function scoresOf(feature: FeatureBaseline, total: readonly number[]): readonly number[] {
  return feature.kind === 'numeric' ? normalScores(smoothedShares(total)) : [];
}

/** The bins with what the reference shows of level and form: slots are shrunk by it before it is asked how far levels wander around them. */
function atItsLevels(
  bins: ReferenceBins,
  scores: readonly number[],
  windows: readonly { readonly slot: number; readonly counts: readonly number[] }[],
): ReferenceBins {
  if (scores.length === 0) return bins;
  const counts = windows.map((window) => window.counts);
  const form = fitFormByLevel(counts, smoothedShares(bins.total), scores);
  if (!form) return bins;
  const shaped = { ...bins, levelShape: { ...form, wander: 0 } };
  const around = windows.map(({ slot, counts: own }) => ({
    counts: own,
    expected: slotExpectation(shaped, slot, own).shares,
  }));
  return { ...bins, levelShape: { ...form, wander: levelWander(around, form.scores) } };
}

/** Every series over the reference windows, each window held against the reference without itself. */
function* observeReference(
  model: Model,
  baseline: Baseline,
  features: Readonly<Record<string, FittedFeature>>,
): Steps<Map<string, ReferenceObservation[]>> {
  const series = new Map<string, { readonly at: number[]; readonly windows: ReferenceObservation[] }>();
  let pending = NOTHING_PENDING;
  const ordered = baseline.windows.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  for (const { from, profile } of ordered) {
    const slot = slotOf(model, from);
    const expect = (name: string, rows: FeatureProfile) => {
      const fitted = features[name];
      return fitted ? { ...fitted, ...slotExpectation(fitted.bins, slot.bins, countsOf(rows)) } : null;
    };
    const seen = observeWindow({ model, baseline, profile, pending, expect });
    pending = seen.pending;
    for (const [key, observation] of seen.observations) {
      const known = series.get(key) ?? { at: [], windows: [] };
      const lag = (from.getTime() - (known.at.at(-1) ?? -Infinity)) / model.window;
      known.at.push(from.getTime());
      known.windows.push({ observation, slot: slot.week, lag });
      series.set(key, known);
    }
    yield;
  }
  return new Map([...series].map(([key, { windows }]) => [key, windows]));
}

function slotOf(model: Model, from: Date): CalendarSlot {
  return calendarSlot(from, model.window, model.timezone);
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

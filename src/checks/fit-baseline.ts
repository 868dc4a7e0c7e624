import type { WholeBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { SeasonShape } from '../stats/seasonal-smoother.js';
import { ARMING_DAYS, dailyReference, isDaily } from './daily-companion.js';
import { beyondAnySeason } from './beyond-season.js';
import type { Inflow } from './advance-series.js';
import { allotBudget, FLEET_BUDGET } from './budget.js';
import { sumOfAlerts, withinBudget } from './expected-alerts.js';
import { incidentsInCommon } from './incidents-in-common.js';
import { isInapplicable } from './inapplicable.js';
import { type FittedLaw, LawFitter, type LawTerms, type ReferenceObservation } from './fit-law.js';
import { fitSeries, type FittedSeries } from './fit-series.js';
import { fitFeatures } from './fit-features.js';
import type { FittedBaseline } from './fitted-baseline.js';
import { withLaterLabels } from './later-labels.js';
import { observeReference } from './observe-reference.js';
import { referenceDays } from './reference-time.js';
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

/**
 * Fits the frozen seasonal model of every series of a baseline: expected bins by slot, season, variance between windows,
 * autocorrelation, tail, and the audit that decides whether it may page. Deterministic; a baseline without windows (a file
 * without timestamps) gives series that learn and never alert.
 */
export function fitBaseline(model: Model, baseline: WholeBaseline, options?: FitOptions): FittedBaseline {
  const steps = fitBaselineInSteps(model, baseline, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a few milliseconds each: a hundred features take seconds, in which events come and heartbeats are due. */
export function* fitBaselineInSteps(
  model: Model,
  baseline: WholeBaseline,
  options: FitOptions = { strict: model.strict ?? 'auto' },
): Steps<FittedBaseline> {
  const fitted = yield* fitWhole(model, baseline, options);
  const { labels } = baseline;
  if (!labels) return fitted;
  // Windows of which only labels speak.
  const { source, windows } = labels;
  const later = yield* fitWhole(model, { ...baseline, features: {}, source, windows }, options);
  return withLaterLabels(fitted, later);
}

function* fitWhole(model: Model, baseline: WholeBaseline, options: FitOptions): Steps<FittedBaseline> {
  const days = dailyReference(model, baseline);
  const fitted = yield* fitWindows(model, baseline, options);
  const daily = days && (yield* fitDays(model, days, options));
  return { ...fitted, daily: daily && onlyWhereHoursHold(daily, fitted) };
}

/** A few weeks of days cannot show what the hours have shown: a feature with hours that no law holds for pages by day neither. */
function onlyWhereHoursHold(
  daily: NonNullable<FittedBaseline['daily']>,
  { series, features }: FittedBaseline,
): FittedBaseline['daily'] {
  const unheld = new Set(
    series
      .filter(
        ({ status, law }) => status === 'uncalibratable' || (law?.kind === 'seasonal' && law.correction > 1),
      )
      .map(({ check, feature }) => `${check}|${feature}`),
  );
  const told = daily.fitted.series.filter((one) => !movesWithTime(one, features));
  const held = told.map((one): SeriesModel =>
    one.status === 'armed' && unheld.has(`${one.check}|${one.feature}`)
      ? { ...one, status: 'uncalibratable' }
      : one,
  );
  return { ...daily, fitted: { ...daily.fitted, series: held, expectedFalseAlerts: sumOfAlerts(held) } };
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
  baseline: WholeBaseline,
  options: FitOptions & { readonly byDay?: number },
): Steps<FittedBaseline> {
  const features = yield* fitFeatures(model, baseline);
  const reference = yield* observeReference(model, baseline, features);
  const shape = seasonShape(model, baseline);
  const arming = options.byDay ? ARMING_DAYS : armingWindows(model.window);
  // What is too small to matter in an hour's rows is so in a day's, whose number alone proves nothing.
  const relevantRows = options.byDay ? RELEVANCE_ROWS * options.byDay : 0;
  const identities = seriesCatalogue(model, baseline).filter((series) => !options.byDay || isDaily(series));
  const inflows = inflowsIfArmed(identities, reference, { arming, windowMs: model.window });
  const usual = new LawFitter(shape, {
    strict: options.strict,
    shapeless: options.strict === true,
    incidentDays: 'all',
  });
  const first: (FittedLaw | null)[] = [];
  for (const series of identities) {
    const windows = reference.get(series.key) ?? [];
    const told = windows.length >= arming && !movesWithTime(series, features);
    first.push(told ? usual.fit(windows) : null);
    yield;
  }
  const incidentDays = incidentsInCommon(oddDaysByFeature(identities, first), referenceDays(baseline));
  // A level that wanders for days moves everything that is measured around it.
  const wandering = new Set(identities.filter((_, i) => hasRanks(first[i])).map(({ feature }) => feature));
  const alone: FittedSeries[] = [];
  for (const [i, series] of identities.entries()) {
    const windows = reference.get(series.key) ?? [];
    const strict = series.feature !== null && wandering.has(series.feature) ? true : options.strict;
    const fitter = usual.on({ strict, incidentDays });
    const fitted = first[i] && holdsOn(first[i], { strict, incidentDays }) ? first[i] : null;
    const never =
      movesWithTime(series, features) ||
      isInapplicable(series, { windows: baseline.windows, valued: windows.length, arming });
    const law = fitted ?? (first[i] ? fitter.fit(windows) : null);
    const inflow = inflows[i]?.page ?? 0;
    alone.push(fitSeries(fitter, series, { windows, fitted: law, never, relevantRows, inflow }));
    yield;
  }
  const learnt = new Map(alone.map((one) => [one.series.key, one.usual]));
  // By day only what can be judged speaks; the windows themselves say what still learns.
  const fitted = shareTails(
    alone.map(({ series }) => series),
    learnt,
  ).filter(({ law }) => !options.byDay || law !== null);
  const held = yield* withinBudget(fitted, learnt, model.window);
  const seasoned = referenceDays(baseline) >= seasonDays(model);
  const series = seasoned ? held : held.map(noticeOnly);
  return {
    fingerprint: baseline.fingerprint,
    features,
    series,
    expectedFalseAlerts: sumOfAlerts(series),
    daily: null,
  };
}

const OF_VALUES: ReadonlySet<SeriesIdentity['check']> = new Set([
  'feature_drift',
  'out_of_range',
  'new_category',
]);

/** What a series says of the values of a feature that is a function of the time stamp is no finding. */
function movesWithTime({ check, feature }: SeriesIdentity, features: FittedBaseline['features']): boolean {
  return feature !== null && OF_VALUES.has(check) && features[feature]?.followsTime === true;
}

/** The budget of every series that has been seen often enough, if all of them pass their audit. */
function inflowsIfArmed(
  identities: readonly SeriesIdentity[],
  reference: ReadonlyMap<string, readonly ReferenceObservation[]>,
  { arming, windowMs }: { readonly arming: number; readonly windowMs: number },
): Inflow[] {
  const series = identities.map((identity) => ({
    ...identity,
    status: (reference.get(identity.key)?.length ?? 0) >= arming ? ('armed' as const) : ('learning' as const),
  }));
  return allotBudget(series, [], { budget: FLEET_BUDGET, windowMs });
}

/** Days a reference must span to have seen the longest season the data can have; less than a minute short is not short. */
function seasonDays({ season }: Model): number {
  return season === 'none' ? 0 : (season === 'day' ? 1 : 7) - MINUTE / DAY;
}

function noticeOnly(series: SeriesModel): SeriesModel {
  if (series.status !== 'armed') return series;
  const pagesFrom = beyondAnySeason(series);
  const from = pagesFrom === null ? {} : { pagesFrom };
  return { ...series, status: 'unseasoned', expectedFalseAlerts: null, ...from };
}

/** A feature stands out once, in however many of its series. */
function oddDaysByFeature(
  identities: readonly SeriesIdentity[],
  laws: readonly (FittedLaw | null)[],
): ReadonlySet<number>[] {
  const days = new Map<string, Set<number>>();
  identities.forEach(({ feature, key }, i) => {
    const own = days.get(feature ?? key) ?? new Set();
    for (const day of laws[i]?.oddDays ?? []) own.add(day);
    days.set(feature ?? key, own);
  });
  return [...days.values()];
}

function hasRanks(fitted: FittedLaw | null | undefined): boolean {
  return fitted?.law.kind === 'seasonal' && fitted.law.ranks.length > 0;
}

/** Whether a law that was fitted on other terms is the same on these. */
function holdsOn(fitted: FittedLaw, { strict, incidentDays }: Omit<LawTerms, 'shapeless'>): boolean {
  const sameRanks = strict !== true || hasRanks(fitted) || fitted.law.kind === 'rare';
  return sameRanks && (incidentDays === 'all' || [...fitted.oddDays].every((day) => incidentDays.has(day)));
}

function seasonShape(model: Model, baseline: WholeBaseline): SeasonShape {
  const days = referenceDays(baseline);
  const hour = model.window < DAY && model.season !== 'none';
  const weekday = model.season === 'week';
  return {
    hour,
    weekday: weekday && days >= 14 - MINUTE / DAY,
    interaction: hour && weekday && days >= 21 - MINUTE / DAY,
  };
}

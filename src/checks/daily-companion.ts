import type { WholeBaseline } from '../domain/baseline.js';
import type { CheckName, CheckResult } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import type { CheckInput } from './check-input.js';
import { addToDay, ANSWERS, dateOf, daysOf, withoutParts, type Day } from './day.js';
import type { FittedBaseline } from './fitted-baseline.js';
import type { SeriesIdentity } from './series.js';
import type { DailyState, SeriesState, StoredResult } from './series-state.js';

export const DAY_MS = 86_400_000;
/** The companion's part of the model's budget. */
export const DAILY_SHARE = 0.2;
/** A daily series is armed from this many reference days on: three weeks, so that every weekday was seen three times. */
export const ARMING_DAYS = 21;
/** A day counts where it has this part of the windows a usual day has: half a day has another mix of hours. */
const FULL = 0.8;
/** What days look at, by window. */
const DAILY_CHECKS: ReadonlySet<CheckName> = new Set([
  'feature_drift',
  'output_drift',
  'performance',
  'concept_drift',
]);
const FAMILIES: ReadonlySet<SeriesIdentity['family']> = new Set(['feature', 'prediction', 'performance']);

/** The reference by whole days, for models with shorter windows; null where it has too few of them. */
export function dailyReference(
  model: Model,
  baseline: WholeBaseline,
): { readonly baseline: WholeBaseline; readonly leastWindows: number } | null {
  if (model.window >= DAY_MS) return null;
  const days = daysOf(baseline.windows, model.timezone);
  const usual = days.map((day) => day.windows).toSorted((a, b) => a - b)[Math.floor(days.length / 2)] ?? 0;
  const leastWindows = Math.max(1, FULL * usual);
  const full = days.filter((day) => day.windows >= leastWindows);
  if (full.length < ARMING_DAYS) return null;
  const windows = full.map(({ from, profile }) => ({
    from: new Date(from),
    to: new Date(from + DAY_MS),
    profile,
  }));
  return { baseline: { ...baseline, windows }, leastWindows };
}

/**
 * Only what creeps is worth a second look by day: levels, spreads, shares and performance. How a day's rows are shaped depends on what the level
 * did in its hours, and no few weeks of days can say how much.
 */
export function isDaily({ family, rule, statistic }: SeriesIdentity): boolean {
  return FAMILIES.has(family) && !rule && statistic !== 'shape' && statistic !== 'tail';
}

/**
 * The daily companion: the windows of each local day, taken together, go through the same engine as a window of a day, against the
 * reference's own days and with a budget of its own. Creep far below an hour's noise shows there. A day speaks when it ends, and what it said
 * stands until the next one does. `loud`: what this window tells of itself ({@link loudIn}); no day tells it again.
 */
export function judgeDaily(
  input: CheckInput,
  {
    fitted,
    leastWindows,
    loud,
  }: NonNullable<FittedBaseline['daily']> & { readonly loud: ReadonlySet<string> },
  judge: (day: CheckInput, fitted: FittedBaseline) => { results: readonly CheckResult[]; state: SeriesState },
): { readonly results: readonly CheckResult[]; readonly state: DailyState } {
  const { model, window, profile } = input;
  const date = dateOf(window.from, model.timezone);
  const conclude = (before: DailyState): DailyState => {
    const { day } = before;
    if (!day || day.windows < leastWindows) return { ...before, day: null };
    const from = new Date(day.from);
    const isLeftOut = leftOutOf(day, leastWindows);
    const { results, state } = judge(
      {
        ...input,
        model: { ...model, window: DAY_MS },
        window: { ...window, from, to: new Date(day.from + DAY_MS) },
        profile: withoutParts(day.profile, isLeftOut),
        state: before.series,
        budget: { ...input.budget, share: DAILY_SHARE * input.budget.share },
      },
      fitted,
    );
    const said = results.filter((result) => !isLeftOut(partOf(result))).map(stored);
    const standing = before.results.filter((result) => isLeftOut(partOf(result)));
    return { day: null, series: state, results: [...said, ...standing] };
  };
  let now = input.state?.daily ?? { day: null, series: null, results: [] };
  if (now.day && now.day.date !== date) now = conclude(now);
  now = { ...now, day: addToDay(now.day, { from: window.from, profile }, model.timezone, loud) };
  if (dateOf(window.to, model.timezone) !== date) now = conclude(now);
  return { results: now.results.map(revived), state: now };
}

/** What a window tells of itself: features that have moved, and {@link ANSWERS} where they have become worse. */
export function loudIn(results: readonly CheckResult[]): ReadonlySet<string> {
  const alerting = results.filter(({ state, segment }) => state === 'ALERT' && segment === undefined);
  return new Set(alerting.filter(({ check }) => DAILY_CHECKS.has(check)).map(partOf));
}

function partOf({ feature }: Pick<CheckResult, 'feature'>): string {
  return feature ?? ANSWERS;
}

/** Which parts of a day have too few windows left to be a day: what days said of them before stands. */
function leftOutOf({ windows, without = {} }: Day, leastWindows: number): (part: string) => boolean {
  return (part) => windows - (without[part] ?? 0) < leastWindows;
}

function stored(result: CheckResult): StoredResult {
  const { restsFrom, ...rest } = result;
  const { since, explanation } = rest;
  return {
    ...rest,
    ...(restsFrom === undefined ? {} : { restsFrom: restsFrom.getTime() }),
    statistic: `daily_${result.statistic}`,
    since: since ? since.getTime() : null,
    explanation: explanation && `over the last whole day, ${explanation}`,
  };
}

function revived({ since, restsFrom, ...result }: StoredResult): CheckResult {
  const rests = restsFrom === undefined ? {} : { restsFrom: new Date(restsFrom) };
  return { ...result, ...rests, since: since === null ? null : new Date(since) };
}

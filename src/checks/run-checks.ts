import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { FeatureProfile } from '../domain/profile.js';
import { rulesInForce } from '../domain/rules-in-force.js';
import { usualErrors } from './acceptable-rate.js';
import { asJudged } from './as-judged.js';
import { allotBudget } from './budget.js';
import { type CalendarSlot, calendarSlot } from './calendar-slot.js';
import type { CheckInput } from './check-input.js';
import { changedClocks, clockChange, clockChangeResults } from './clock-change.js';
import { DAILY_SHARE, judgeDaily, loudIn } from './daily-companion.js';
import { displayResults } from './display-results.js';
import { slotExpectation } from './expected-bins.js';
import { asFileCount } from './file-volume.js';
import type { FittedBaseline } from './fitted-baseline.js';
import { expectationResults } from './expectation-results.js';
import { freshnessResult } from './freshness.js';
import { whileSilent } from './silent-window.js';
import { hardRules } from './hard-rules.js';
import { judgeSeries } from './judge-series.js';
import { watchStreams } from './label-stream.js';
import { kindOfDay, kindOfDayResults } from './kind-of-day.js';
import { leadFirst } from './lead-first.js';
import { letGoTogether } from './let-go-together.js';
import { learningResults } from './learning-results.js';
import { alertingFeatures, markExplained } from './mark-explained.js';
import { markGroupsTogether } from './mark-groups-together.js';
import { markSegments } from './mark-segments.js';
import { markShares } from './mark-shares.js';
import { markNullsTogether } from './mark-nulls-together.js';
import { markRepeats } from './mark-repeats.js';
import { markSameSource } from './mark-same-source.js';
import { nameSuspects } from './name-suspects.js';
import { observeWindow } from './observe-window.js';
import { pooledProfile } from './pooled-rows.js';
import { NOTHING_PENDING, type SeriesState, STATE_FORMAT } from './series-state.js';
import { seriesRows } from './series-rows.js';
import { serviceTargets } from './service-targets.js';
import { stuckResults } from './stuck.js';

export interface CheckOutput {
  readonly results: readonly CheckResult[];
  readonly state: SeriesState;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * All checks of one window: pure and deterministic in its input, so that a replay or a revision from the same state gives the
 * same verdict. Results of a feature start with its leading component. Hard rules replace the statistical result they
 * belong to; effect sizes inform and never alert.
 */
export function runChecks(input: CheckInput): CheckOutput {
  const { detectors, model, window, profile, state } = input;
  const found = checkRows(input);
  if (!detectors || !profile.errors) return found;
  const usual = (segment: string | null) => usualErrors(input.baseline, segment);
  const streams = { model, window, errors: profile.errors, detectors, usual };
  const { results, memory } = watchStreams({ ...streams, before: state?.detectors });
  return { results: [...found.results, ...results], state: { ...found.state, detectors: memory } };
}

function checkRows(input: CheckInput): CheckOutput {
  const { baseline, fitted, profile, window } = input;
  const { rules = rulesInForce(input.model, baseline) } = input;
  const hard = hardRules(profile, window, fitted);
  const minute = window.from.getTime() / MINUTE;
  const rowsUntil = rowsUntilOf(input);
  if (!baseline || !fitted) {
    const learning = learningResults(input.model, baseline, profile);
    const expected = expectationResults({ rules }, profile, window);
    const results = [...learning, ...expected, ...asJudged(displayResults(input), learning)];
    return { results: replaceHard(results, hard), state: { ...(input.state ?? EMPTY), minute, rowsUntil } };
  }
  const windows = judgeAll(withoutDays(input, fitted), baseline, fitted);
  const { judged, day: judgedDay } = windows;
  const own = judged.map(({ result }) => result);
  const daily =
    fitted.daily &&
    judgeDaily(input, { ...fitted.daily, loud: loudIn(own) }, (day, byDay) => {
      // A day is like the weekday that its hours were like.
      const found = judgeAll(day, baseline, byDay, judgedDay.kind);
      const state = stateOf(found, minute);
      return { results: found.judged.map(({ result }) => result), state };
    });
  const stuck = stuckResults(baseline, fitted, input);
  const suspected = [...nameSuspects(input.model, judged), ...(daily?.results ?? [])];
  const context = { baseline, profile };
  const tested = markShares(markSegments(markGroupsTogether(suspected, context), context), context);
  const alerting = alertingFeatures([...tested, ...stuck, ...hard]);
  const judgedNow = [
    ...leadFirst(markExplained(tested, alerting, { baseline, profile })),
    ...stuck,
    ...kindOfDayResults(judgedDay, profile.predictions),
    ...clockChangeResults(windows.clock, profile.predictions),
    ...serviceTargets(input.model, baseline, input),
    ...expectationResults({ rules }, profile, window),
    ...freshness(input, baseline, rowsUntil),
    ...asJudged(displayResults(input), [...own, ...(daily?.results ?? [])]),
  ];
  const results = whileSilent(judgedNow, arrivalsOf(baseline), window);
  const state = { ...stateOf(windows, minute), rowsUntil };
  const found = markRepeats(markSameSource(markNullsTogether(replaceHard(results, hard)), input.model));
  return {
    results: window.to > endOf(baseline) ? found : found.map(learnt),
    state: daily ? { ...state, daily: daily.state } : state,
  };
}

function stateOf({ series, pending, day: { kind }, clock }: Judged, minute: number): SeriesState {
  return {
    format: STATE_FORMAT,
    minute,
    series,
    pending,
    ...(kind ? { kind } : {}),
    ...(clock ? { clock } : {}),
  };
}

function endOf({ windows }: Baseline): Date {
  return windows.at(-1)?.to ?? new Date(0);
}

/**
 * Rows are summed under a baseline's rules and on its edges from its end on. A window before that which is judged late, as its labels were,
 * could not be asked everything: that is no blindness.
 */
function learnt(result: CheckResult): CheckResult {
  return result.state === 'INDETERMINATE' ? { ...result, state: 'LEARNING' } : result;
}

/** The budget of the window's own series where the daily companion has its part. */
function withoutDays(input: CheckInput, { daily }: FittedBaseline): CheckInput {
  const { budget } = input;
  return daily ? { ...input, budget: { ...budget, share: (1 - DAILY_SHARE) * budget.share } } : input;
}

const EMPTY: SeriesState = { format: STATE_FORMAT, minute: 0, series: {}, pending: NOTHING_PENDING };

/** End of the newest window with rows, minutes since the epoch; silence before the first window judged is not counted. */
function rowsUntilOf({ profile, window, state }: CheckInput): number {
  if (profile.predictions > 0) return window.to.getTime() / MINUTE;
  return state?.rowsUntil ?? window.from.getTime() / MINUTE;
}

function arrivalsOf({ rules }: Baseline): ConstraintOf<'arrives'> | undefined {
  return rules.find((one) => one.rule === 'arrives');
}

function freshness(input: CheckInput, baseline: Baseline, rowsUntil: number): CheckResult[] {
  const { window, profile, excuse = null } = input;
  const rule = arrivalsOf(baseline);
  if (!rule) return [];
  const { predictions } = profile;
  return [freshnessResult(rule, { window, predictions, rowsUntil: new Date(rowsUntil * MINUTE), excuse })];
}

type Judged = ReturnType<typeof judgeAll>;

function judgeAll(
  input: CheckInput,
  baseline: Baseline,
  fitted: FittedBaseline,
  before = input.state?.kind ?? null,
) {
  const { model, profile, window } = input;
  const pending = input.state?.pending ?? NOTHING_PENDING;
  const minute = window.from.getTime() / MINUTE;
  const seenAt = (at: Pick<CalendarSlot, 'week' | 'bins'>) => {
    const expect = (name: string, _rows: FeatureProfile) => {
      const feature = fitted.features[name];
      return feature ? { ...feature, ...slotExpectation(feature.bins, at) } : null;
    };
    return observeWindow({ model, baseline, profile, pending, minute, expect });
  };
  const seenOn = onceBySlot(seenAt);
  const measureAt = (at: Pick<CalendarSlot, 'week' | 'bins'>) => seenOn(at).observations;
  const at = (hours: number) => calendarSlot(new Date(window.from.getTime() + hours * HOUR), model);
  const clocks = changedClocks(model, baseline, window.from);
  const known = input.state?.clock ?? null;
  const clock = clockChange({ ...clocks, before: known, minute, at, measureAt }, fitted.series);
  const day = kindOfDay(at(clock?.hours ?? 0), { before, minute, measureAt }, fitted.series);
  const { slot } = day;
  const seen = seenOn(slot);
  const states = fitted.series.map((one) => input.state?.series[one.key]);
  const inflows = allotBudget(fitted.series, states, { budget: input.budget, windowMs: model.window });
  const judged = fitted.series.map((series, i) => {
    const inflow = inflows[i] ?? { page: 0, notice: 0, recovery: 0 };
    const observation = seen.observations.get(series.key) ?? null;
    const judgement = judgeSeries({
      model: series,
      observation,
      rows: observation ? null : seriesRows(series, profile),
      before: states[i],
      inflow,
      minute,
      windowMinutes: model.window / MINUTE,
      slot: slot.week,
      context: {
        baseline,
        profile: observation?.from === undefined ? profile : pooledProfile(pending, profile, series),
      },
    });
    const at = { minute, windowMinutes: model.window / MINUTE, after: judgement.after };
    const result = asFileCount(judgement.result, series, baseline, at);
    return { series, inflow, before: states[i], ...judgement, result };
  });
  const kept = Object.fromEntries(
    judged.flatMap(({ series: { key }, after }) => (after ? [[key, after]] : [])),
  );
  const series = { ...kept, ...letGoTogether(judged, model.window / MINUTE) };
  return { judged, series, day, clock, pending: seen.pending };
}

/** A window is measured once in each slot that is asked for. */
function onceBySlot<Seen>(measure: (at: Pick<CalendarSlot, 'week' | 'bins'>) => Seen) {
  const known = new Map<number, Seen>();
  return (at: Pick<CalendarSlot, 'week' | 'bins'>): Seen => {
    const found = known.get(at.week) ?? measure(at);
    known.set(at.week, found);
    return found;
  };
}

/** A hard rule speaks in the place of the series it belongs to, and keeps that series' start if it is open already. */
function replaceHard(results: readonly CheckResult[], hard: readonly CheckResult[]): CheckResult[] {
  const same = (a: CheckResult, b: CheckResult) =>
    a.check === b.check && a.feature === b.feature && a.statistic === b.statistic && a.segment === b.segment;
  const kept = results.map((result) => {
    const rule = hard.find((one) => same(one, result));
    return rule ? { ...rule, evidence: result.evidence, since: result.since ?? rule.since } : result;
  });
  return [...kept, ...hard.filter((rule) => !results.some((result) => same(rule, result)))];
}

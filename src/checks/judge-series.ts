import { kindOf } from '../constraints/catalogue.js';
import type { CheckResult, CheckState } from '../domain/check-result.js';
import { advanceSeries, bankEvidence, type Inflow } from './advance-series.js';
import type { ExplainContext } from './explain-context.js';
import { explainSeries } from './explain-series.js';
import { recoveryShift } from './let-go-together.js';
import { scoreObservation } from './score.js';
import { LEAST_ROWS, type Observation, type SeriesModel } from './series.js';
import { AT, freshSeries, MODE, packSeries } from './series-state.js';
import { leastEffect, signedEffect } from './signed-effect.js';

const MINUTE = 60_000;

export interface JudgeInput {
  readonly model: SeriesModel;
  readonly observation: Observation | null;
  /** Rows seen of what the series measures, where there was no observation. */
  readonly rows: number | null;
  readonly before: readonly number[] | undefined;
  readonly inflow: Inflow;
  readonly minute: number;
  readonly windowMinutes: number;
  readonly slot: number;
  readonly context: ExplainContext;
}

export interface SeriesJudgement {
  readonly result: CheckResult;
  /** The series after the window; undefined where it has no state. */
  readonly after: readonly number[] | undefined;
  /** It is open and the window shows at least half of it: a detector lets go later than the change. */
  readonly isThere: boolean;
}

/** Scores one series in one window, moves its state, and says what that means. */
export function judgeSeries(input: JudgeInput): SeriesJudgement {
  const { model, observation, before } = input;
  if (model.status === 'inapplicable') return { result: inapplicable(input), after: before, isThere: false };
  if (model.waits !== undefined)
    return { result: waiting(input, model.waits), after: before, isThere: false };
  if (!observation || !Number.isFinite(observation.y) || !Number.isFinite(observation.v))
    return unmeasured(input);
  if (!model.law) {
    const effect = model.windows > 0 ? signedEffect(model, observation, null) : null;
    const { value, n } = observation;
    return {
      result: resultOf(model, { value, n, state: 'LEARNING', effect, ...restsOf(observation) }),
      after: before,
      isThere: false,
    };
  }
  const last = before ?? freshSeries(model.signs.length);
  const after = last.slice();
  const lag = (input.minute - (last[AT.minute] ?? 0)) / input.windowMinutes;
  const score = scoreObservation(model.law, observation, {
    slot: input.slot,
    before: last[AT.level] ?? 0,
    // A window at or before the last one is not its successor.
    lag: before && lag > 0 ? lag : Infinity,
    leastChange: model.leastChange,
  });
  const { minute } = input;
  const inflow = afterPause(input.inflow, before ? lag : 1);
  const effect = signedEffect(model, observation, score);
  const relevant = Math.abs(effect) >= leastEffect(model);
  const pages = Math.abs(effect) >= (model.pagesFrom ?? 0);
  advanceSeries(after, { model, observation, score, inflow, relevant, pages, minute });
  packSeries(after);
  const open = after[AT.mode] !== MODE.ok;
  const result = resultOf(model, {
    value: observation.value,
    n: observation.n,
    ...restsOf(observation),
    state: stateOf(after),
    evidence: evidenceOf(after),
    effect,
    since: sinceOf(after),
    ...(open ? explainSeries(model, { observation, score, effect }, input.context) : {}),
  });
  const isThere = open && (after[AT.sign] ?? 0) * score.u >= recoveryShift(after);
  return { result, after, isThere };
}

/** Windows that are put together are one judging: it may end something by mistake as often as they could. */
const MOST_TOGETHER = 24;

function afterPause(inflow: Inflow, lag: number): Inflow {
  const windows = Math.min(Math.max(1, lag), MOST_TOGETHER);
  return windows === 1 ? inflow : { ...inflow, recovery: windows * inflow.recovery };
}

function inapplicable({ model, observation, rows }: JudgeInput): CheckResult {
  const explanation = `not applicable: ${whyInapplicable(model)}`;
  return resultOf(model, { n: observation?.n ?? rows ?? 0, state: 'NOT_APPLICABLE', explanation });
}

function waiting({ model, rows }: JudgeInput, explanation: string): CheckResult {
  return resultOf(model, { n: rows ?? 0, state: 'LEARNING', explanation });
}

function whyInapplicable({ windows, rule }: SeriesModel): string {
  if (windows === 0) return 'it has no value in any window of the reference';
  return rule && kindOf(rule).leavesWindowsOut
    ? `only ${windows} windows of the reference have rows enough for it`
    : 'it follows the time stamp';
}

/** No number this window: an open series stays open, since silence is no recovery. */
function unmeasured({ before, rows, model, observation }: JudgeInput): SeriesJudgement {
  const n = observation?.n ?? rows ?? 0;
  if (before && before[AT.mode] !== MODE.ok) {
    const explanation = 'still open: this window has too few rows to say that it is over';
    const open = {
      n,
      state: stateOf(before),
      evidence: evidenceOf(before),
      since: sinceOf(before),
      explanation,
    };
    return { result: resultOf(model, open), after: before, isThere: false };
  }
  const absent = rows === null || observation !== null;
  const state = absent ? 'INDETERMINATE' : model.law || rows < LEAST_ROWS ? 'INSUFFICIENT' : 'LEARNING';
  return { result: resultOf(model, { n, state }), after: before, isThere: false };
}

type Found = Pick<CheckResult, 'n' | 'state'> & Partial<CheckResult>;

function resultOf(model: SeriesModel, found: Found): CheckResult {
  return {
    check: model.check,
    feature: model.feature,
    ...(model.segment === undefined ? {} : { segment: model.segment }),
    statistic: model.statistic,
    value: found.value ?? null,
    n: found.n,
    state: found.state,
    evidence: found.evidence ?? null,
    effect: found.effect ?? null,
    since: found.since ?? null,
    explanation: found.explanation ?? null,
    ...(found.restsFrom === undefined ? {} : { restsFrom: found.restsFrom }),
    ...(found.readAs === undefined ? {} : { readAs: found.readAs }),
  };
}

/** From which window on an observation rests on; nothing where that is its own. */
function restsOf({ from }: Observation): Pick<CheckResult, 'restsFrom'> {
  return from === undefined ? {} : { restsFrom: new Date(from * MINUTE) };
}

function stateOf(series: readonly number[]): CheckState {
  const mode = series[AT.mode];
  return mode === MODE.ok ? 'OK' : mode === MODE.alert ? 'ALERT' : 'NOTICE';
}

/** While a series is open, the evidence is that which opened it. */
function evidenceOf(series: readonly number[]): number | null {
  return series[AT.mode] === MODE.ok ? bankEvidence(series, 'page') : (series[AT.opening] ?? null);
}

function sinceOf(series: readonly number[]): Date | null {
  return series[AT.mode] === MODE.ok ? null : new Date((series[AT.since] ?? 0) * MINUTE);
}

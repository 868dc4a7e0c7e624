import type { CheckResult, CheckState } from '../domain/check-result.js';
import { advanceSeries, bankEvidence, type Inflow } from './advance-series.js';
import { explainSeries, type ExplainContext } from './explain-series.js';
import { scoreObservation } from './score.js';
import type { Observation, SeriesModel } from './series.js';
import { AT, freshSeries, MODE, packSeries } from './series-state.js';
import { signedEffect } from './signed-effect.js';

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

export interface Judgement {
  readonly result: CheckResult;
  /** The series after the window; undefined where it has no state. */
  readonly after: readonly number[] | undefined;
}

/** Scores one series in one window, moves its state, and says what that means. */
export function judgeSeries(input: JudgeInput): Judgement {
  const { model, observation, before } = input;
  if (!observation || !Number.isFinite(observation.y) || !Number.isFinite(observation.v))
    return unmeasured(input);
  if (!model.law) {
    const effect = model.windows > 0 ? signedEffect(model, observation, null) : null;
    return {
      result: { ...identity(input), value: observation.value, n: observation.n, state: 'LEARNING', effect },
      after: before,
    };
  }
  const last = before ?? freshSeries(model.signs.length);
  const adjacent = before !== undefined && input.minute - (last[AT.minute] ?? 0) === input.windowMinutes;
  const score = scoreObservation(model.law, observation, {
    slot: input.slot,
    before: adjacent ? (last[AT.u] ?? 0) : null,
    leastChange: model.leastChange,
  });
  const after = packSeries(
    advanceSeries(last, { model, observation, score, inflow: input.inflow, minute: input.minute }),
  );
  const effect = signedEffect(model, observation, score);
  const result = {
    ...identity(input),
    ...standing(after),
    value: observation.value,
    n: observation.n,
    effect,
  };
  const explanation = isOpen(result.state)
    ? explainSeries(model, { observation, score, effect }, input.context)
    : null;
  return { result: { ...result, explanation }, after };
}

/** No number this window: an open series stays open, since silence is no recovery. */
function unmeasured(input: JudgeInput): Judgement {
  const { before, rows, model } = input;
  const n = input.observation?.n ?? rows ?? 0;
  if (before && before[AT.mode] !== MODE.ok) {
    const explanation = 'still open: this window has too few rows to say that it is over';
    return { result: { ...identity(input), ...standing(before), n, explanation }, after: before };
  }
  const state =
    rows === null || input.observation
      ? 'INDETERMINATE'
      : model.law || rows < 30
        ? 'INSUFFICIENT'
        : 'LEARNING';
  return { result: { ...identity(input), n, state }, after: before };
}

function identity({ model }: JudgeInput): CheckResult {
  return {
    check: model.check,
    feature: model.feature,
    statistic: model.statistic,
    value: null,
    n: 0,
    state: 'INDETERMINATE',
    evidence: null,
    effect: null,
    since: null,
    explanation: null,
  };
}

/** What the state of a series says: while it is open, the evidence is that which opened it. */
function standing(series: readonly number[]): Pick<CheckResult, 'state' | 'evidence' | 'since'> {
  const mode = series[AT.mode];
  if (mode === MODE.ok) return { state: 'OK', evidence: bankEvidence(series, 'page'), since: null };
  const since = new Date((series[AT.since] ?? 0) * 60_000);
  return { state: mode === MODE.alert ? 'ALERT' : 'NOTICE', evidence: series[AT.opening] ?? null, since };
}

function isOpen(state: CheckState): boolean {
  return state === 'ALERT' || state === 'NOTICE';
}

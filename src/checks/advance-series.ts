import { advanceEvidence } from '../stats/e-detector.js';
import { KAPPAS, SMALLEST_P } from '../stats/power-e-value.js';
import { recoveryChance, type Score } from './score.js';
import type { Observation, SeriesModel, Sign } from './series.js';
import { AT, DIRECTION_SIZE, MODE, WITHIN } from './series-state.js';

/** Budget of one series in one window: false alerts it may cost, per direction. */
export interface Inflow {
  readonly page: number;
  readonly notice: number;
  /** False recoveries a lasting change may see, per window. */
  readonly recovery: number;
}

export interface Step {
  readonly model: SeriesModel;
  readonly observation: Observation;
  readonly score: Score;
  readonly inflow: Inflow;
  /** Start of the window, minutes since the epoch. */
  readonly minute: number;
}

/** A shift far beyond this many standard deviations recovers like one of twice this size: half a disaster is no recovery. */
const LARGEST_HALF = 4;
const K = KAPPAS.length;
const LOG_KAPPAS = KAPPAS.map(Math.log);

/**
 * One window of one series: (packed state, score, budget) → packed state, written into the array it is given, which the
 * caller owns; a hundred thousand copies a tick would cost more than the statistics.
 *
 * While nothing is open, both banks gather evidence and the one that reaches 1 opens the series. A notice may still grow
 * into an alert. While an alert is open no budget is spent; the recovery process closes it and all evidence starts anew.
 */
export function advanceSeries(series: number[], step: Step): void {
  track(series, step);
  const mode = series[AT.mode];
  if (mode !== MODE.ok && recovers(series, step)) close(series);
  else if (mode !== MODE.alert) gather(series, step);
  series[AT.minute] = step.minute;
  series[AT.level] = step.score.level;
}

/** Sum of one bank's evidence over directions and exponents. */
export function bankEvidence(series: readonly number[], bank: 'page' | 'notice'): number {
  let sum = 0;
  for (let at = AT.directions + WITHIN[bank]; at < series.length; at += DIRECTION_SIZE) {
    for (let k = 0; k < K; k += 1) sum += series[at + k] ?? 0;
  }
  return sum;
}

/** The change-point tracker: a CUSUM of ln e for every direction and exponent, restarted where it falls to 0. */
function track(series: number[], { model, score, minute }: Step): void {
  const count = series[AT.count] ?? 0;
  const total = series[AT.total] ?? 0;
  for (let d = 0; d < model.signs.length; d += 1) {
    const at = AT.directions + d * DIRECTION_SIZE;
    const sign = model.signs[d] ?? 1;
    const logP = Math.log(Math.max(sign > 0 ? score.up : score.down, SMALLEST_P));
    for (let k = 0; k < K; k += 1) {
      const sum = series[at + WITHIN.sum + k] ?? 0;
      if (sum <= 0) {
        series[at + WITHIN.start + k] = minute;
        series[at + WITHIN.startCount + k] = count;
        series[at + WITHIN.startTotal + k] = total;
      }
      const gain = (LOG_KAPPAS[k] ?? 0) + ((KAPPAS[k] ?? 0) - 1) * logP;
      series[at + WITHIN.sum + k] = Math.max(sum, 0) + gain;
    }
  }
  series[AT.count] = count + 1;
  series[AT.total] = total + score.u;
}

/** Updates the banks that are not open and opens the series where one reaches 1. */
function gather(series: number[], { model, score, inflow }: Step): void {
  const noticing = series[AT.mode] === MODE.ok;
  let page = 0;
  let notice = 0;
  for (let d = 0; d < model.signs.length; d += 1) {
    const at = AT.directions + d * DIRECTION_SIZE;
    const p = (model.signs[d] ?? 1) > 0 ? score.up : score.down;
    page += advanceEvidence(series, at + WITHIN.page, p, inflow.page);
    if (noticing) notice += advanceEvidence(series, at + WITHIN.notice, p, inflow.notice);
  }
  if (page >= 1) open(series, { mode: MODE.alert, bank: 'page', evidence: page }, { model, score });
  else if (notice >= 1) {
    open(series, { mode: MODE.notice, bank: 'notice', evidence: page }, { model, score });
  }
}

/** Takes direction and start from the strongest part, and half its mean shift as what recovery must disprove. */
function open(
  series: number[],
  {
    mode,
    bank,
    evidence,
  }: { readonly mode: number; readonly bank: 'page' | 'notice'; readonly evidence: number },
  { model, score }: Pick<Step, 'model' | 'score'>,
): void {
  const { at, k, sign } = strongest(series, model.signs, bank);
  const windows = Math.max(1, (series[AT.count] ?? 0) - (series[at + WITHIN.startCount + k] ?? 0));
  const shift = (sign * ((series[AT.total] ?? 0) - (series[at + WITHIN.startTotal + k] ?? 0))) / windows;
  const half = model.law?.kind === 'rare' ? shift / 2 : Math.min(shift / 2, LARGEST_HALF);
  series[AT.mode] = mode;
  series[AT.sign] = sign;
  series[AT.since] = series[at + WITHIN.start + k] ?? 0;
  series[AT.half] = Math.max(score.margin, half);
  series[AT.opening] = evidence;
  for (let i = 0; i < K; i += 1) series[AT.recovery + i] = 0;
  const spent = mode === MODE.alert ? 2 * K : K;
  const from = mode === MODE.alert ? WITHIN.page : WITHIN.notice;
  for (let d = AT.directions; d < series.length; d += DIRECTION_SIZE)
    series.fill(0, d + from, d + from + spent);
}

function strongest(series: readonly number[], signs: readonly Sign[], bank: 'page' | 'notice') {
  let best = { at: AT.directions as number, k: 0, sign: signs[0] ?? 1, part: -1 };
  signs.forEach((sign, d) => {
    const at = AT.directions + d * DIRECTION_SIZE;
    for (let k = 0; k < K; k += 1) {
      const part = series[at + WITHIN[bank] + k] ?? 0;
      if (part > best.part) best = { at, k, sign, part };
    }
  });
  return best;
}

/** Evidence against "at least half the change is still there"; true where it reaches 1. */
function recovers(series: number[], { model, observation, score, inflow }: Step): boolean {
  if (!model.law) return false;
  const sign: Sign = (series[AT.sign] ?? 1) < 0 ? -1 : 1;
  const chance = recoveryChance(model.law, { observation, score, sign, half: series[AT.half] ?? 0 });
  return advanceEvidence(series, AT.recovery, chance, inflow.recovery) >= 1;
}

/** Back to normal: no evidence, no change point, nothing open. */
function close(series: number[]): void {
  series.fill(0, AT.sign, series.length);
  series[AT.mode] = MODE.ok;
}

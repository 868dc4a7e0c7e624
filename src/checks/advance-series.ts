import { advanceEvidence } from '../stats/e-detector.js';
import { KAPPAS, SMALLEST_P } from '../stats/power-e-value.js';
import { shiftEValue } from '../stats/shift-e-value.js';
import { tabulatedTSurvival } from '../stats/student-tail-table.js';
import { recoveryShift } from './let-go-together.js';
import { rareRecovery, recoveryChance, type Score } from './score.js';
import type { Observation, SeriesLaw, SeriesModel } from './series.js';
import type { Sign } from '../domain/watched-series.js';
import { AT, DIRECTION_SIZE, MODE, WITHIN } from './series-state.js';

/** Budget of one series in one window: false alerts it may cost, per direction. */
export interface Inflow {
  readonly page: number;
  readonly notice: number;
  /** False recoveries a lasting change may see, per window. */
  readonly recovery: number;
}

export interface SeriesStep {
  readonly model: SeriesModel;
  readonly observation: Observation;
  readonly score: Score;
  readonly inflow: Inflow;
  /** The window's effect is large enough to matter: no smaller one opens anything, however sure it is. */
  readonly relevant: boolean;
  /** It is large enough to page; a smaller one is a notice at most. */
  readonly pages: boolean;
  /** Start of the window, minutes since the epoch. */
  readonly minute: number;
}

/** A shift far beyond this many standard deviations recovers like one of twice this size: half a disaster is no recovery. */
const LARGEST_HALF = 4;
/**
 * The part of a series' budget that goes to its level. Levels resemble each other, so their p-values do not multiply: an alert is declared where
 * one is below its inflow, which costs at most the sum of the inflows, whatever the dependence.
 */
const LEVEL_SHARE = 0.1;
/** Excursions of a slow level last for days: there are few of them in the month in which one false recovery is allowed. */
const LEVEL_BACK = 0.01;
const ALMOST = 0.99;
/**
 * What a window without news takes from the sum of the change-point tracker, in nats: a change is as likely to begin in one window as in another, so
 * that an old start needs more in its favour than a recent one. Without it the flattest bet stays above 0 for weeks of chance.
 */
const FADING = 0.015;
const K = KAPPAS.length;
const LOG_KAPPAS = KAPPAS.map(Math.log);

/**
 * One window of one series: (packed state, score, budget) → packed state, written into the array it is given, which the
 * caller owns; a hundred thousand copies a tick would cost more than the statistics.
 *
 * While nothing is open, both banks gather evidence and the one that reaches 1 opens the series. A notice may still grow
 * into an alert. While an alert is open no budget is spent; the recovery process closes it and all evidence starts anew.
 */
export function advanceSeries(series: number[], step: SeriesStep): void {
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

/**
 * The change-point tracker: a CUSUM of ln e for every direction and exponent, restarted where it falls to 0. Its last start is the likeliest one
 * of a change with that exponent. What rests on several windows may have begun in the first of them.
 */
function track(series: number[], { model, score, minute, observation }: SeriesStep): void {
  const start = observation.from ?? minute;
  const count = series[AT.count] ?? 0;
  const total = series[AT.total] ?? 0;
  for (let d = 0; d < model.signs.length; d += 1) {
    const at = AT.directions + d * DIRECTION_SIZE;
    const sign = model.signs[d] ?? 1;
    const logP = Math.log(Math.max(sign > 0 ? score.up : score.down, SMALLEST_P));
    for (let k = 0; k < K; k += 1) {
      const sum = series[at + WITHIN.sum + k] ?? 0;
      if (sum <= 0) {
        series[at + WITHIN.start + k] = start;
        series[at + WITHIN.startCount + k] = count;
        series[at + WITHIN.startTotal + k] = total;
      }
      const gain = (LOG_KAPPAS[k] ?? 0) + ((KAPPAS[k] ?? 0) - 1) * logP;
      series[at + WITHIN.sum + k] = Math.max(sum, 0) + gain - FADING;
    }
  }
  series[AT.count] = count + 1;
  series[AT.total] = total + score.u;
}

/** Updates the banks that are not open and opens the series where one reaches 1. */
function gather(series: number[], step: SeriesStep): void {
  const { model, score, inflow } = step;
  const noticing = series[AT.mode] === MODE.ok;
  const level = levelEvidence(step);
  const rest = level === null ? 1 : 1 - LEVEL_SHARE;
  let page = 0;
  let notice = 0;
  for (let d = 0; d < model.signs.length; d += 1) {
    const at = AT.directions + d * DIRECTION_SIZE;
    const p = (model.signs[d] ?? 1) > 0 ? score.up : score.down;
    page += advanceEvidence(series, at + WITHIN.page, p, rest * inflow.page);
    if (noticing) notice += advanceEvidence(series, at + WITHIN.notice, p, rest * inflow.notice);
  }
  if (!step.relevant) {
    hold(series, 'page', page);
    return noticing ? hold(series, 'notice', notice) : undefined;
  }
  const [paged, noticed] = [level?.page ?? 0, level?.notice ?? 0];
  if (!step.pages) hold(series, 'page', page);
  if (step.pages && (page >= 1 || paged >= 1))
    open(series, { mode: MODE.alert, bank: 'page', evidence: Math.max(page, paged) }, step);
  else if (notice >= 1 || (noticing && noticed >= 1))
    open(series, { mode: MODE.notice, bank: 'notice', evidence: page }, step);
}

/** Keeps a bank just below what opens the series; evidence that is given away costs no budget. */
function hold(series: number[], bank: 'page' | 'notice', sum: number): void {
  if (sum < 1) return;
  for (let at = AT.directions + WITHIN[bank]; at < series.length; at += DIRECTION_SIZE) {
    for (let k = at; k < at + K; k += 1) series[k] = ((series[k] ?? 0) * ALMOST) / sum;
  }
}

/** What the level by itself says, as evidence of which 1 is enough; null for series without a slow level. */
function levelEvidence({ model, score, inflow }: SeriesStep) {
  if (model.law?.kind !== 'seasonal' || !model.law.level) return null;
  const chance = Math.min(...model.signs.map((sign) => (sign > 0 ? score.levelUp : score.levelDown)));
  const evidence = (budget: number) => (LEVEL_SHARE * budget) / Math.max(chance, SMALLEST_P);
  return { page: evidence(inflow.page), notice: evidence(inflow.notice) };
}

/** Takes the direction from the strongest part, the likeliest start in it, and half the mean shift since as what recovery must disprove. */
function open(
  series: number[],
  {
    mode,
    bank,
    evidence,
  }: { readonly mode: number; readonly bank: 'page' | 'notice'; readonly evidence: number },
  { model, score }: SeriesStep,
): void {
  const byLevel = model.signs.filter((one) => (one > 0 ? score.levelUp : score.levelDown) < 1);
  const { at, sign } = strongest(series, byLevel.length > 0 ? byLevel : model.signs, model.signs, bank);
  const k = likeliest(series, at);
  const windows = Math.max(1, (series[AT.count] ?? 0) - (series[at + WITHIN.startCount + k] ?? 0));
  const shift = (sign * ((series[AT.total] ?? 0) - (series[at + WITHIN.startTotal + k] ?? 0))) / windows;
  const size = byLevel.length > 0 ? Math.abs(score.u) : shift;
  const half = model.law?.kind === 'rare' ? size / 2 : Math.min(size / 2, LARGEST_HALF);
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

function strongest(
  series: readonly number[],
  among: readonly Sign[],
  signs: readonly Sign[],
  bank: 'page' | 'notice',
) {
  let best = { at: AT.directions as number, sign: among[0] ?? 1, part: -1 };
  signs.forEach((sign, d) => {
    if (!among.includes(sign)) return;
    const at = AT.directions + d * DIRECTION_SIZE;
    for (let k = 0; k < K; k += 1) {
      const part = series[at + WITHIN[bank] + k] ?? 0;
      if (part > best.part) best = { at, sign, part };
    }
  });
  return best;
}

/**
 * The exponent of one direction whose change point is the likeliest. A start so many windows ago is the best of as many, and half the logarithm of
 * their number is what chance gives the best of them.
 */
function likeliest(series: readonly number[], at: number): number {
  let best = { k: 0, sum: -Infinity };
  for (let k = 0; k < K; k += 1) {
    const windows = Math.max(1, (series[AT.count] ?? 0) - (series[at + WITHIN.startCount + k] ?? 0));
    const sum = (series[at + WITHIN.sum + k] ?? 0) - Math.log(windows) / 2;
    if (sum > best.sum) best = { k, sum };
  }
  return best.k;
}

/** Evidence against "at least half the change is still there"; true where it reaches 1. */
function recovers(series: number[], { model, observation, score, inflow }: SeriesStep): boolean {
  if (!model.law) return false;
  const sign: Sign = (series[AT.sign] ?? 1) < 0 ? -1 : 1;
  const slow = model.law.kind === 'seasonal' && model.law.level !== null;
  // A slow level is found while it is still going: half the change is half of the farthest it went.
  if (slow) series[AT.half] = Math.max(series[AT.half] ?? 0, Math.min((sign * score.u) / 2, LARGEST_HALF));
  const half = recoveryShift(series);
  if (isLevelBack(model.law, sign, { u: sign * score.u, half })) return true;
  if (model.law.kind === 'rare') {
    const ratio = rareRecovery(model.law, observation, half);
    const evidence = ((series[AT.recovery] ?? 0) + inflow.recovery) * ratio;
    series[AT.recovery] = evidence;
    return evidence >= 1;
  }
  const chance = recoveryChance(model.law, { score, sign, half });
  return restored(series, { chance, shift: half * score.gain, inflow: inflow.recovery }) >= 1;
}

/** Up to so many standard deviations a window, how large a change is decides what to bet on its end: a larger one is over in a few windows however one bets. */
const SMALL_SHIFT = 1.5;

/** The evidence that less than a shift is there, with one more window. Where the shift is small, the bet is that nothing of it is. */
function restored(
  series: number[],
  { chance, shift, inflow }: { readonly chance: number; readonly shift: number; readonly inflow: number },
): number {
  if (shift > SMALL_SHIFT) return advanceEvidence(series, AT.recovery, chance, inflow);
  let before = 0;
  for (let k = AT.recovery; k < AT.recovery + K; k += 1) before += series[k] ?? 0;
  const evidence = (before + inflow) * shiftEValue(chance, shift);
  series.fill(0, AT.recovery, AT.recovery + K);
  series[AT.recovery] = evidence;
  return evidence;
}

/** A slow level that is back where it belongs has recovered, however slowly it came: half the change is as good as impossible. */
function isLevelBack(
  law: SeriesLaw,
  sign: Sign,
  { u, half }: { readonly u: number; readonly half: number },
): boolean {
  const { level } = law.kind === 'seasonal' ? law : { level: null };
  const side = sign > 0 ? level?.high : level?.low;
  return (
    side !== undefined && half > 0 && tabulatedTSurvival((half - u) / side.scale, side.degrees) <= LEVEL_BACK
  );
}

/** Back to normal: no evidence, no change point, nothing open. */
function close(series: number[]): void {
  series.fill(0, AT.sign, series.length);
  series[AT.mode] = MODE.ok;
}

import { betaRatio } from '../stats/incomplete-beta.js';
import { levelStep } from '../stats/level-noise.js';
import { expectableLevel, spreadAfter } from '../stats/level-spread.js';
import { tabulatedTSurvival } from '../stats/student-tail-table.js';
import {
  type Observation,
  type RareLaw,
  RELEVANCE_ROWS,
  type SeasonalLaw,
  type SeriesLaw,
} from './series.js';
import type { Sign } from '../domain/watched-series.js';

/** One window of a series against its frozen law. */
export interface Score {
  /** Deviation from the expectation: in predictive standard deviations, or as a rate for rare events. */
  readonly u: number;
  /** The level of `u` as known after this window: what the next one starts from. */
  readonly level: number;
  /** Innovation: `u` with what the window before it explains taken out. */
  readonly z: number;
  /** P-values of a rise and of a fall. */
  readonly up: number;
  readonly down: number;
  /** P-values of the level itself, however it came there: 1 where some reference window was as far out, or windows are no slow level. */
  readonly levelUp: number;
  readonly levelDown: number;
  /** Smallest deviation that counts, in the unit of `u`. */
  readonly margin: number;
  /** How much of a lasting deviation of 1 in `u` shows in `z`. */
  readonly gain: number;
  /** The value the law expected, on the tested scale. */
  readonly expected: number;
}

export interface ScoreContext {
  readonly slot: number;
  /** The level after the last window observed, and how many windows ago: Infinity where there was none. */
  readonly before: number;
  readonly lag: number;
  /** Relevance margin on the tested scale. */
  readonly leastChange: number;
}

/** P-values of a window; small ones speak for a rise (`up`) or a fall (`down`) beyond the margin. */
export function scoreObservation(law: SeriesLaw, observation: Observation, context: ScoreContext): Score {
  return law.kind === 'rare'
    ? scoreRare(law, observation, context)
    : scoreSeasonal(law, observation, context);
}

/**
 * E-value against "at least `half` more than usual is still there" of something rare: how much likelier the window is where all is as usual
 * (binomial likelihood ratio; its mean is at most 1 at every larger rate). A p-value would not do: a window that is one trial is clean in one of two
 * cases where half are not, and no betting exponent wins from that, however many such windows follow each other.
 */
export function rareRecovery(law: RareLaw, { hits, trials }: Observation, half: number): number {
  const feared = Math.min(ALMOST_SURE, law.typical + half);
  const usual = Math.min(feared, Math.max(law.typical, LEAST_RATE));
  const found = Math.min(hits ?? 0, trials) / law.dispersion;
  const clean = trials / law.dispersion - found;
  return Math.exp(found * Math.log(usual / feared) + clean * Math.log((1 - usual) / (1 - feared)));
}

const ALMOST_SURE = 1 - 1e-6;
const LEAST_RATE = 1e-6;

/**
 * Chance of a window this close to normal (or beyond) if a shift of `half` in the direction of `sign` were still there:
 * the p-value of the recovery process.
 */
export function recoveryChance(
  law: SeasonalLaw,
  { score, sign, half }: { readonly score: Score; readonly sign: Sign; readonly half: number },
): number {
  const x = sign * score.z - half * score.gain;
  if (law.ranks.length === 0) return tabulatedTSurvival(-x, law.tailDegrees);
  return sign > 0 ? rankAtMost(law.ranks, x) : rankAtLeast(law.ranks, -x);
}

function scoreSeasonal(
  law: SeasonalLaw,
  observation: Observation,
  { slot, before, lag, leastChange }: ScoreContext,
): Score {
  const expected = law.means[slot] ?? 0;
  const variance =
    Math.max(observation.v, law.leastVariance) + law.betweenVariance + law.leverage * law.usualVariance;
  const usual = law.usualVariance * (1 + law.leverage);
  const sd = Math.max(law.correction * Math.sqrt(variance), 1e-9 * (1 + Math.abs(expected)));
  const u = (observation.y - expected) / sd;
  const { kept, variance: innovation, gain: learnt } = levelStep(law, lag);
  const root = Math.sqrt(innovation) * spreadAfter(law.levelSpread, kept * before);
  const surprise = u - kept * before;
  const z = (u - expectableLevel(law.levelSpread, kept * before)) / root / law.innovationScale;
  const relevance = observation.n >= RELEVANCE_ROWS ? leastChange / sd : 0;
  const margin = Math.max(relevance, law.margin * Math.sqrt(usual / Math.max(variance, 1e-18)));
  // A lasting deviation is in part taken for the level: only the rest of it surprises.
  const gain = (1 - kept) / (1 - kept + learnt * kept) / root;
  const m = margin * gain;
  const { ranks, tailDegrees } = law;
  const strict = ranks.length > 0;
  return {
    u,
    level: kept * before + learnt * surprise,
    z,
    up: strict
      ? rankAtLeast(ranks, z - m) * fallBeyond(ranks.at(-1) ?? 0, z - m, law.beyondRanks)
      : tabulatedTSurvival(z - m, tailDegrees),
    down: strict
      ? rankAtMost(ranks, z + m) * fallBeyond(-(ranks[0] ?? 0), -z - m, law.beyondRanks)
      : tabulatedTSurvival(-z - m, tailDegrees),
    levelUp: levelChance(law, 'high', { u, margin }),
    levelDown: levelChance(law, 'low', { u: -u, margin }),
    margin,
    gain,
    expected,
  };
}

/**
 * Chance of a level this far beyond what is expected, whatever it was before; 1 where the reference was as far out. A shock of one window is a
 * level, too: where there are shocks, levels have their tail.
 */
function levelChance(
  { level, tailDegrees }: SeasonalLaw,
  side: 'low' | 'high',
  { u, margin }: Pick<Score, 'u' | 'margin'>,
): number {
  const known = level?.[side];
  if (!known || u <= known.farthest) return 1;
  return tabulatedTSurvival((u - margin) / known.scale, Math.min(known.degrees, tailDegrees));
}

/** P(Bin(n, p) ≥ hits), counts divided by the dispersion, of no more trials than the reference had in a window; a fall of something rare is never tested. */
function scoreRare(law: RareLaw, observation: Observation, { leastChange }: ScoreContext): Score {
  const part = Math.min(1, law.mostTrials / observation.trials) / law.dispersion;
  const hits = part * (observation.hits ?? 0);
  const trials = part * observation.trials;
  const bound = Math.min(1, law.rate + (observation.trials >= RELEVANCE_ROWS ? leastChange : 0));
  const u = observation.value - law.typical;
  const up = hits <= 0 ? 1 : betaRatio(bound, hits, trials - hits + 1);
  return {
    u,
    level: u,
    z: u,
    up,
    down: 1,
    levelUp: 1,
    levelDown: 1,
    margin: bound - law.typical,
    gain: 1,
    expected: law.typical,
  };
}

/**
 * How much rarer than one rank a value is that lies beyond the farthest of the reference: ranks alone cannot tell what is a hair farther out from what is
 * ten times as far.
 */
function fallBeyond(farthest: number, x: number, power: number): number {
  return farthest > 0 && x > farthest ? (farthest / x) ** power : 1;
}

/** (1 + number of sorted values ≥ x) / (R + 1). */
function rankAtLeast(sorted: readonly number[], x: number): number {
  return (1 + sorted.length - firstAtLeast(sorted, x)) / (sorted.length + 1);
}

/** (1 + number of sorted values ≤ x) / (R + 1). */
function rankAtMost(sorted: readonly number[], x: number): number {
  let at = firstAtLeast(sorted, x);
  while (at < sorted.length && (sorted[at] ?? 0) <= x) at += 1;
  return (1 + at) / (sorted.length + 1);
}

function firstAtLeast(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

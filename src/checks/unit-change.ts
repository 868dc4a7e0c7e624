import type { Converted } from '../domain/interpretation.js';
import { numberText } from '../domain/wording.js';

/** What a sample looks like, as far as a change of unit can change it. */
export interface Moments {
  readonly mean: number;
  readonly sd: number;
}

interface Conversion {
  readonly factor: number;
  readonly offset: number;
  readonly label: string;
  readonly meaning: string;
}

const linear = (factor: number, label: string, meaning: string): Conversion => ({
  factor,
  offset: 0,
  label,
  meaning,
});

const CONVERSIONS: readonly Conversion[] = [
  linear(1.609344, '× 1.609', 'miles → kilometres'),
  linear(1 / 1.609344, '× 0.621', 'kilometres → miles'),
  linear(2.54, '× 2.54', 'inches → centimetres'),
  linear(1 / 2.54, '× 0.394', 'centimetres → inches'),
  linear(0.45359237, '× 0.4536', 'pounds → kilograms'),
  linear(1 / 0.45359237, '× 2.205', 'kilograms → pounds'),
  linear(0.3048, '× 0.3048', 'feet → metres'),
  linear(1 / 0.3048, '× 3.281', 'metres → feet'),
  linear(3.6, '× 3.6', 'metres per second → kilometres per hour'),
  linear(1 / 3.6, '× 0.278', 'kilometres per hour → metres per second'),
  linear(60, '× 60', 'minutes → seconds, or hours → minutes'),
  linear(1 / 60, '× 1/60', 'seconds → minutes, or minutes → hours'),
  linear(3600, '× 3600', 'hours → seconds'),
  linear(1 / 3600, '× 1/3600', 'seconds → hours'),
  linear(10, '× 10', 'a factor of ten'),
  linear(0.1, '× 0.1', 'a factor of a tenth'),
  linear(10.7639104, '× 10.76', 'square metres → square feet'),
  linear(1 / 10.7639104, '× 0.0929', 'square feet → square metres'),
  linear(100, '× 100', 'a fraction → percent, or units → cents'),
  linear(0.01, '× 0.01', 'percent → a fraction, or cents → units'),
  linear(1000, '× 1000', 'thousands → units, or seconds → milliseconds'),
  linear(0.001, '× 0.001', 'units → thousands, or milliseconds → seconds'),
  linear(1e6, '× 1 000 000', 'millions → units'),
  linear(1e-6, '× 0.000001', 'units → millions'),
  { factor: 1.8, offset: 32, label: '× 1.8 + 32', meaning: 'Celsius → Fahrenheit' },
  { factor: 1 / 1.8, offset: -32 / 1.8, label: '(x − 32) / 1.8', meaning: 'Fahrenheit → Celsius' },
  { factor: 1, offset: 273.15, label: '+ 273.15', meaning: 'Celsius → Kelvin' },
  { factor: 1, offset: -273.15, label: '− 273.15', meaning: 'Kelvin → Celsius' },
];

/** How far the mean (in converted standard deviations) and the log of the spread may miss a conversion; windows differ by that much. */
const TOLERANCE = { mean: 0.1, logSpread: 0.12 } as const;
/**
 * What multiplies values by so much is seldom anything but another unit, and more may be by chance: two standard errors of the mean, and a spread that in so few rows of a skewed feature
 * is another one by this part of the logarithm of the factor.
 */
const FAR = { factor: Math.log(5), errors: 2, logSpread: 0.3 } as const;
/** In converted standard deviations. */
const LEAST_OFFSET = 0.5;
/** Greatest distance of two distribution functions that are held to be the same: of form between windows, and √n times that of chance. */
const SAME = { form: 0.05, chance: 1.4 } as const;
/** A plain factor that comes this much closer is what happened, whatever conversion is near. */
const CLOSER = 0.02;
/** From so many standard deviations on, means show a factor better than spreads. */
const FAR_FROM_ZERO = 0.5;
/** A spread within this factor of the old one may be that of values that were merely moved. */
const SAME_SPREAD = Math.log(1.25);
/** In few rows a spread differs by chance, by so many standard errors of its logarithm, and a histogram by this much over √n. */
const BY_CHANCE = { errors: 2, form: 0.5 } as const;
/** Whole numbers with fewer steps between their ends do not show a factor. */
const LEAST_STEPS = 20;

/** A sample in bins whose `edges` both sides share; its ends are the outermost values. */
export interface BinnedSample extends Moments {
  readonly n: number;
  readonly bins: readonly number[];
  readonly min: number;
  readonly max: number;
}

interface Change {
  readonly factor: number;
  readonly offset: number;
}

/**
 * What multiplied the values of the reference, where that is what happened: mean, spread and histogram must all be the reference's in other
 * units, and no mere shift may do as well. A conversion people know is named, except of what has no unit; another factor is told as such; null for anything else.
 */
export function unitChange(
  reference: BinnedSample,
  now: BinnedSample,
  { edges, integer, hasUnit = true }: { readonly edges: readonly number[]; readonly integer: boolean; readonly hasUnit?: boolean },
): Omit<Converted, 'kind'> | null {
  if (!(reference.sd > 0 && now.sd > 0)) return null;
  if (integer && reference.max - reference.min < LEAST_STEPS) return null;
  if (missOf({ factor: 1, offset: 0 }, reference, now) < 1) return null;
  const off = (change: Change) => distance(change, reference, now, edges);
  const agrees = (change: Change) => off(change) <= SAME.form + SAME.chance / Math.sqrt(now.n);
  const scaled = { factor: factorOf(reference, now), offset: 0 };
  const shifted = isShift(reference, now, edges);
  const known = hasUnit ? CONVERSIONS : [];
  const named = known
    .filter((conversion) => showsOffset(conversion, reference))
    .map((conversion) => ({ conversion, miss: missOf(conversion, reference, now) }))
    .filter(({ miss }) => miss < 1)
    .toSorted((a, b) => a.miss - b.miss)[0]?.conversion;
  const best = named && (named.offset !== 0 || off(named) <= off(scaled) + CLOSER);
  if (named && best && agrees(named) && (named.factor === 1 || !shifted)) return withRivals(named, reference, now); // prettier-ignore
  if (shifted || missOf(scaled, reference, now) >= 1 || !agrees(scaled)) return null;
  return { change: `× ${numberText(scaled.factor)}`, factor: scaled.factor, units: null, ...movesOf(scaled, reference) };
} // prettier-ignore

/** How far a change moves the mean, so that windows after the one that it was read off can say otherwise. */
function movesOf({ factor, offset }: Change, { mean, sd }: Moments): Required<Pick<Converted, 'level' | 'moves'>> {
  const level = mean / sd;
  return { level, moves: (factor - 1) * level + offset / sd };
} // prettier-ignore

/** Factors so near each other that few rows of a skewed feature do not tell which: ten, and square feet in a square metre. */
const ALIKE = 0.1;

function withRivals(named: Conversion, reference: BinnedSample, now: BinnedSample): Omit<Converted, 'kind'> {
  const moves = movesOf(named, reference);
  if (named.offset !== 0) return { change: named.label, factor: null, units: named.meaning, ...moves };
  const fitting = CONVERSIONS.filter(
    (one) =>
      one.offset === 0 &&
      Math.abs(Math.log(one.factor / named.factor)) <= ALIKE &&
      missOf(one, reference, now) < 1,
  );
  const joined = (of: (one: Conversion) => string) => fitting.map(of).join(', or ');
  return {
    change: joined(({ label }) => label),
    factor: named.factor,
    units: joined(({ meaning }) => meaning),
    ...moves,
  };
}

function factorOf(reference: Moments, now: Moments): number {
  const byMean = now.mean / reference.mean;
  const far = Math.abs(reference.mean) > FAR_FROM_ZERO * reference.sd && byMean > 0;
  return far ? byMean : now.sd / reference.sd;
}

/** The values were moved, not multiplied: the spread may be what it was, and the moved histogram fits as well, as far as so many rows tell. */
function isShift(reference: BinnedSample, now: BinnedSample, edges: readonly number[]): boolean {
  const factor = now.sd / reference.sd;
  const chance = BY_CHANCE.errors / Math.sqrt(2 * now.n);
  if (Math.abs(Math.log(factor)) > Math.max(SAME_SPREAD, chance)) return false;
  const moved = { factor: 1, offset: now.mean - reference.mean };
  const scaled = { factor: factorOf(reference, now), offset: 0 };
  const slack = BY_CHANCE.form / Math.sqrt(now.n);
  return distance(moved, reference, now, edges) <= distance(scaled, reference, now, edges) + slack;
}

/** Kolmogorov's distance between the window and the reference in other units, at the edges. */
function distance(
  { factor, offset }: Change,
  reference: BinnedSample,
  now: BinnedSample,
  edges: readonly number[],
): number {
  let below = 0;
  return edges.reduce((farthest, edge, b) => {
    below += now.bins[b] ?? 0;
    const expected = shareBelow((edge - offset) / factor, reference, edges);
    return Math.max(farthest, Math.abs(below / now.n - expected));
  }, 0);
}

/** Share of the reference at or below a value, straight between its edges and ends. */
function shareBelow(x: number, { bins, n, min, max }: BinnedSample, edges: readonly number[]): number {
  let [left, below] = [Math.min(min, edges[0] ?? min), 0];
  for (let b = 0; b <= edges.length; b += 1) {
    const right = edges[b] ?? Math.max(max, left);
    const share = (bins[b] ?? 0) / n;
    if (x < right) return below + (x <= left ? 0 : (share * (x - left)) / (right - left));
    below += share;
    left = right;
  }
  return 1;
}

/** An offset lost in the spread cannot be told from a factor alone: distances are no temperatures. */
function showsOffset({ factor, offset }: Conversion, reference: Moments): boolean {
  return offset === 0 || Math.abs(offset) >= LEAST_OFFSET * factor * reference.sd;
}

/** 0 is a perfect fit, 1 the edge of what is believed. */
function missOf({ factor, offset }: Change, reference: Moments, now: BinnedSample): number {
  const sd = factor * reference.sd;
  const mean = Math.abs(now.mean - (factor * reference.mean + offset)) / sd;
  const spread = Math.abs(Math.log(now.sd / sd));
  const far = Math.abs(Math.log(factor));
  const isFar = offset === 0 && far >= FAR.factor;
  const most = isFar
    ? {
        mean: TOLERANCE.mean + FAR.errors / Math.sqrt(now.n),
        logSpread: Math.max(TOLERANCE.logSpread, FAR.logSpread * far),
      }
    : TOLERANCE;
  return Math.max(mean / most.mean, spread / most.logSpread);
}

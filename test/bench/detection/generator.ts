import type { NumericBaseline } from '../../../src/domain/baseline.js';
import { EDGE_LEVELS } from '../../../src/domain/baseline.js';
import type { NumericProfile } from '../../../src/domain/profile.js';
import { normalQuantile } from '../../../src/stats/normal.js';
import { studentTSurvival } from '../../../src/stats/student-t.js';

/** A fast, seeded, well mixed generator (sfc32), uniform in [0, 1). */
export function generator(seed: number): () => number {
  let [a, b, c, d] = [0x9e3779b9, seed | 0, 0x243f6a88, 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i += 1) next();
  return next;
}

export function gaussian(random: () => number): number {
  return normalQuantile(Math.max(random(), 1e-12));
}

const TABLE = 65_536;
/** Standardised values of a family at 65 536 equally likely points: drawing is one look-up. */
const FAMILIES: readonly Float64Array[] = [
  table(normalQuantile),
  table((p) => Math.exp(0.5 * normalQuantile(p))),
  table(t5Quantile),
];

/** What the level of a feature does while nothing drifts. */
export interface Weather {
  readonly name: string;
  readonly season: boolean;
  /** Autoregressive level noise. */
  readonly noise: { readonly phi: number; readonly sd: number };
  /** Standard deviation of fixed hour-of-week offsets. */
  readonly interaction: number;
  /** Standard deviation of heavy-tailed shocks of single windows (t with 4 degrees of freedom). */
  readonly shock: number;
  /** Volume varies by the hour. */
  readonly diurnal: boolean;
  /** Six hours of one standard deviation inside the reference. */
  readonly incident: boolean;
}

export interface Drift {
  readonly name: string;
  /** The change of a row's value, `age` windows after the onset. */
  readonly apply: (value: number, age: number, random: () => number) => number;
}

/** One simulated feature: its own family, season and noise; windows must be drawn in order. */
export class Feature {
  private readonly values: Float64Array;
  private readonly amplitude: number;
  private readonly phase: number;
  private readonly weekend: number;
  private readonly offsets: readonly number[];
  private level = 0;

  constructor(
    private readonly weather: Weather,
    private readonly random: () => number,
    index: number,
  ) {
    this.values = FAMILIES[index % FAMILIES.length] ?? new Float64Array();
    this.amplitude = 0.1 + 0.3 * random();
    this.phase = 24 * random();
    this.weekend = 0.15 * gaussian(random);
    this.offsets = Array.from({ length: 168 }, () => weather.interaction * gaussian(random));
  }

  /** Values of window `t` (hours since a Monday midnight). */
  draw(t: number, rows: number, drift: ((value: number) => number) | null, extra = 0): Float64Array {
    const level = this.nextLevel(t) + extra;
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i += 1) {
      const value = (this.values[Math.floor(this.random() * TABLE)] ?? 0) + level;
      out[i] = drift ? drift(value) : value;
    }
    return out;
  }

  private nextLevel(t: number): number {
    const { season, noise, interaction, shock } = this.weather;
    this.level = noise.phi * this.level + noise.sd * Math.sqrt(1 - noise.phi ** 2) * gaussian(this.random);
    let level = this.level;
    if (season) level += this.amplitude * Math.sin((2 * Math.PI * (t + this.phase)) / 24);
    if (season && Math.floor(t / 24) % 7 >= 5) level += this.weekend;
    if (interaction > 0) level += this.offsets[t % 168] ?? 0;
    if (shock > 0) level += shock * t4(this.random);
    return level;
  }
}

/** Rows of window `t`: constant, or ±60 % over the day. */
export function rowsAt(weather: Weather, t: number, rows: number): number {
  return weather.diurnal ? Math.round(rows * (1 + 0.6 * Math.sin((2 * Math.PI * (t - 9)) / 24))) : rows;
}

/** The baseline's edges and quantiles from a sorted sample. */
export function numericBaseline(sorted: Float64Array): NumericBaseline {
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
  return {
    kind: 'numeric',
    edges: EDGE_LEVELS.map(at),
    quantiles: [at(0.001), at(0.25), at(0.5), at(0.75), at(0.999)],
    integer: false,
  };
}

/** The profile of values on a baseline's edges. */
export function profileOf(values: Float64Array, edges: readonly number[]): NumericProfile {
  const bins = Array.from({ length: edges.length + 1 }, () => 0);
  let [sum, sumSquares, min, max] = [0, 0, Infinity, -Infinity];
  for (const x of values) {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (x > (edges[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    bins[low] = (bins[low] ?? 0) + 1;
    sum += x;
    sumSquares += x * x;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  const n = values.length;
  return { kind: 'numeric', rows: n, n, nulls: 0, missing: 0, mistyped: 0, sum, sumSquares, min, max, bins };
}

function table(quantile: (p: number) => number): Float64Array {
  const values = Float64Array.from({ length: TABLE }, (_, i) => quantile((i + 0.5) / TABLE));
  const mean = values.reduce((sum, value) => sum + value, 0) / TABLE;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / TABLE);
  return values.map((value) => (value - mean) / sd);
}

function t5Quantile(p: number): number {
  let [low, high] = [-60, 60];
  for (let i = 0; i < 50; i += 1) {
    const middle = (low + high) / 2;
    if (studentTSurvival(middle, 5) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Student's t with 4 degrees of freedom, scaled to variance 1. */
function t4(random: () => number): number {
  let square = 0;
  for (let i = 0; i < 4; i += 1) square += gaussian(random) ** 2;
  return gaussian(random) / Math.sqrt(square / 2);
}

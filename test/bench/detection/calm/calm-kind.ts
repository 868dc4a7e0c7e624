import type { ModelFile } from '../../../../src/domain/model.js';

/** When a window begins, as the streams of a kind see it. */
export interface Moment {
  /** Windows since the start of the reference. */
  readonly t: number;
  /** Of the day, 0 to below 24, in UTC. */
  readonly hour: number;
  /** Whole days since the start. */
  readonly day: number;
  /** 0 is Monday. */
  readonly weekday: number;
  /** After the reference. */
  readonly live: boolean;
  readonly from: Date;
  readonly widthMs: number;
}

/** No value in a row, and a value of the other type. */
export const NULL = NaN;
export const MISTYPED = Infinity;

/** One stream of values in which nothing changes that it has not always done; windows are drawn in order. */
export interface CalmFeature {
  /** Numbered where not said. */
  readonly name?: string;
  /** Of a categorical feature values are the numbers of its categories. */
  readonly kind: 'numeric' | 'categorical';
  readonly draw: (at: Moment, rows: number) => Float64Array;
}

/** A kind of calm: streams with a structure of their own, in which every page is false. */
export interface CalmKind {
  readonly name: string;
  /** Days of reference, 30 where not said. */
  readonly referenceDays?: number;
  /** Days monitored, 30 where not said. */
  readonly days?: number;
  /** An hour where not said. */
  readonly windowMs?: number;
  /** A Monday midnight of UTC. */
  readonly start?: number;
  readonly features?: number;
  readonly model?: Partial<ModelFile>;
  /** Its traffic changes after the reference, which `volume` rightly tells: it is left out. */
  readonly grows?: true;
  readonly rows: (at: Moment, random: () => number) => number;
  readonly feature: (i: number, random: () => number) => CalmFeature;
}

import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import type { Column } from '../domain/multivariate-rule.js';
import type { Watched } from '../domain/watched-series.js';
import type { BlockColumns } from './block-columns.js';
import type { SumKind } from './measure-sums.js';
import type { MinedRule } from './mined-rule.js';
import type { Mined, MiningGround } from './mining-ground.js';
import type { ReferenceSample } from './reference-sample.js';
import type { RowColumns } from './row-columns.js';

/** Adds what the chosen rows of a block say to the sums of a constraint. */
export type Add = (columns: BlockColumns, rows: readonly number[], sums: number[]) => void;

/** A constraint that sums over rows measure: the same sums, in one order, by the engine and in this process. */
export interface OnRows<Kind extends Constraint> {
  readonly kind: SumKind;
  /** Aggregates over rows of `predictions`, in the order that `SUMS` gives its kind. */
  sql(rule: Kind, columns: RowColumns): readonly string[];
  tally(rule: Kind): Add;
  /** It looks at one row in so many; at all where absent. */
  every?(rule: Kind): number;
}

/** Columns of a row that only some constraints read. */
export type Carried = 'protected' | 'attributions' | 'scores' | 'segment';

/** The features that moved most in a window, as far as each can be seen alone, or as the pair whose correlation changed. */
export interface Moved {
  features(columns: readonly Column[]): readonly string[];
  pair(): readonly string[];
}

/** What a window shows of a constraint. */
export interface Seen {
  /** As a person reads it, over so many rows. */
  readonly value: number;
  readonly n: number;
  /** What was expected of the window, on the tested scale. */
  readonly expected: number;
  /** The measure of the reference, and that of the window. */
  readonly before: Measure | undefined;
  readonly now: Measure | undefined;
  /** The features that make it what it is, the strongest first. */
  readonly carriers: readonly string[];
}

/** One kind of thing that a reference teaches of its rows. Its schema is in `domain/constraint.ts`, for a baseline is a noun of the domain. */
export interface ConstraintKind<Kind extends Constraint> {
  /** Learns constraints of this kind from a reference; absent where the kind before it does, or where they are relations. `found` are those of the kinds before. */
  mine?(ground: MiningGround, found: readonly Constraint[]): Promise<Mined>;
  /** Relations between features that rows of a reference keep, which compete for the places there are; `found` are those of the kinds before. */
  relate?(
    sample: ReferenceSample,
    found: readonly Constraint[],
    turn: MiningGround['turn'],
  ): Promise<readonly MinedRule[]>;
  /** Null where it is measured in another way than by sums over rows. */
  readonly onRows: OnRows<Kind> | null;
  carried?(rule: Kind): Carried | null;
  /** How it is watched over windows; null where it is judged in another way. */
  watched(rule: Kind): Watched | null;
  /** One sentence for a person about what a window shows. */
  explain(rule: Kind, seen: Seen): string;
  carriers?(rule: Kind, now: Measure | undefined, moved: Moved): readonly string[];
  /** Rows without which it is not looked at, where those are others than for every series. */
  leastRows?(rule: Kind): number | null;
  /** What a person would have read where the engine expected this on its scale; null for the mean of the reference. */
  readonly told?: (expected: number) => number | null;
  /** Windows may have rows and no measure of it: too few for it, which is no blindness. */
  readonly leavesWindowsOut?: true;
}

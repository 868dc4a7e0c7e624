import type { FeatureBaselines } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import type { ReferenceCalls } from './reference-calls.js';
import type { ReferenceSample } from './reference-sample.js';
import type { RowSource } from './row-source.js';

/** A reference whose features are frozen already, for those who learn what else its rows have in common. */
export interface MiningGround {
  readonly database: Pick<Database, 'query'>;
  readonly model: Model;
  readonly features: FeatureBaselines;
  /** Its answered rows, the same with their labels, and its calls, failed ones too; null where it has none. */
  readonly source: RowSource;
  readonly judged: RowSource;
  /** The labelled rows with the version that answered; absent where rows do not say it. */
  readonly answerers?: RowSource;
  readonly calls: ReferenceCalls | null;
  readonly rows: number;
  /** Rows of an average window. */
  readonly rowsPerWindow: number;
  readonly windowSeconds: number;
  /** Its rows have event times. */
  readonly timed: boolean;
  /** Whether nearly every row differs from the others of its minute, and of its window: known where it has times and rows enough. */
  readonly differ: { readonly inMinute: boolean; readonly inWindow: boolean };
  /** Some of its rows; null where they are too few to learn relations from. */
  readonly sample: ReferenceSample | null;
  /** Lets others have their turn: a wide reference takes seconds. */
  readonly turn: () => Promise<void>;
}

/** What a kind has learnt, and what a person should know of what it has not. */
export interface Mined {
  readonly rules: readonly Constraint[];
  readonly remarks?: readonly string[];
}

export const NOTHING: Mined = { rules: [] };

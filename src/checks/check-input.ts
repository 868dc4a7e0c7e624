import type { Baseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import type { AlarmBudget } from './budget.js';
import type { FittedBaseline } from './fitted-baseline.js';
import type { AskedDetector } from './label-stream.js';
import type { SeriesState } from './series-state.js';

/** One window to be checked, and everything the checks depend on. */
export interface CheckInput {
  readonly model: Model;
  /** Null while the model learns. */
  readonly baseline: Baseline | null;
  readonly fitted: FittedBaseline | null;
  /** What the rows were measured by; left out, the rules in force (domain/rules-in-force.ts). */
  readonly rules?: readonly Constraint[];
  readonly window: Window;
  readonly profile: WindowProfile;
  /** What the window before left; null for the first. */
  readonly state: SeriesState | null;
  readonly budget: AlarmBudget;
  /** Why the version may well be silent in this window, in words; null, or not given, where it may not. */
  readonly excuse?: string | null;
  /** What policies want read of the labels one by one; the profile has their errors. */
  readonly detectors?: readonly AskedDetector[];
}

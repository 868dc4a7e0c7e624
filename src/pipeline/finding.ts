import type { AlarmBudget } from '../checks/budget.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import type { Constraint } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import type { Track } from '../windows/due-windows.js';
import type { LookedAt } from './judged-rows.js';
import type { Memory } from './judgement.repository.js';
import type { Reference } from './reference.js';

/** One window to be judged, and everything the judgement depends on. */
export interface DueWindow {
  readonly model: Model;
  readonly window: Window;
  readonly track: Track;
  readonly profile: WindowProfile;
  readonly reference: Reference;
  /** What its rows were measured by (domain/rules-in-force.ts). */
  readonly rules: readonly Constraint[];
  readonly memory: Memory;
  readonly budget: AlarmBudget;
  /** Why the version may well be silent in this window; null where it may not. */
  readonly excuse: string | null;
  /** Whether it is from before the version's stream began: it is judged for whoever looks. */
  readonly isHistory: boolean;
  /** Digest of all of this. */
  readonly inputs: string;
}

/** What a window was found to be, before anything follows from it. */
export interface Finding {
  readonly due: DueWindow;
  readonly results: readonly CheckResult[];
  /** Of the results, as the ledger records it. */
  readonly digest: string;
  readonly verdicts: readonly Verdict[];
  readonly dryRun: readonly Verdict[];
  /** Those that it was judged under, as `id@version:hash`, also those that had nothing to say. */
  readonly policies: readonly string[];
  readonly memory: Memory;
  /** What its rows are; null before somebody looked. */
  readonly rows: LookedAt | null;
}

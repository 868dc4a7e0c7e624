import type { Baseline } from '../domain/baseline.js';
import type { WindowProfile } from '../domain/profile.js';

/** What a sentence about a series may look at: the window, and what it was held against. */
export interface ExplainContext {
  readonly baseline: Baseline;
  readonly profile: WindowProfile;
}

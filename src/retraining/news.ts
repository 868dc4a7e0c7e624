import type { TrainingStep } from '../domain/training-notice.js';

/** Steps that need a person, or tell of a wish that came to nothing: where nobody follows a case they go to its channels, or to the default. */
export const NEEDS_SOMEBODY: ReadonlySet<TrainingStep> = new Set([
  'refused',
  'proposed',
  'unsent',
  'failed',
  'timed_out',
  'unused',
  'better',
  'promotion_proposed',
  'roll_back',
]);

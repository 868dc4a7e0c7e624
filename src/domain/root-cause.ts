/** What a case turned out to be. Only people know; counted to see which checks are worth their messages. */
export const ROOT_CAUSES = [
  'UPSTREAM_DATA',
  'REAL_DRIFT_RETRAINED',
  'REAL_DRIFT_ACCEPTED',
  'MODEL_BUG',
  'EXPECTED_SEASONAL',
  'THRESHOLD_NOISE',
  'UNKNOWN',
] as const;
export type RootCause = (typeof ROOT_CAUSES)[number];

/** Causes that say that there was nothing to find. */
export const NO_FINDING: ReadonlySet<RootCause> = new Set(['EXPECTED_SEASONAL', 'THRESHOLD_NOISE']);

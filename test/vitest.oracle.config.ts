import { defineConfig } from 'vitest/config';

/**
 * Our statistics against live SciPy, statsmodels, scikit-learn, fairlearn, river, Evidently and NannyML. Needs python3 with the packages,
 * or ORACLE_PYTHON naming interpreters that have them, separated as in PATH.
 */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/oracle/**/*.oracle.spec.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

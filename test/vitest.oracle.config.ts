import { defineConfig } from 'vitest/config';

/** Our statistics against a live SciPy; needs python3 with scipy on the path, or ORACLE_PYTHON naming one that has it. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/oracle/**/*.oracle.spec.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

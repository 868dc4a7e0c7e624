import { defineConfig } from 'vitest/config';

/** The long crash tests, one file after the other: each wants the machine for itself. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/chaos/**/*.spec.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    setupFiles: ['reflect-metadata'],
  },
});

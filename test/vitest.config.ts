import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LONGEST, LongestFirst } from './longest-first.js';

const ROOT = new URL('..', import.meta.url).pathname;

/** Specs that read times back from the engine. They always run in another time zone than UTC, which is that of most machines that run the rest. */
const ELSEWHERE = {
  'America/New_York': [
    'src/cli/demo-report.spec.ts',
    'src/domain/instant.spec.ts',
    'src/profiles/profiles.spec.ts',
    'src/profiles/measures.spec.ts',
    'test/acceptance/spine.spec.ts',
    'test/acceptance/data-quality.spec.ts',
    'test/acceptance/dashboards.spec.ts',
    'test/acceptance/pages.spec.ts',
    'test/store/contract.spec.ts',
  ],
  'Asia/Kolkata': [
    'src/ledger/ledger.spec.ts',
    'src/profiles/multivariate.spec.ts',
    'test/acceptance/drift.spec.ts',
    'test/acceptance/replay.spec.ts',
    'test/ingest/landing.spec.ts',
    'test/ingest/dead-letters.spec.ts',
  ],
};

/** Specs beside the code that open an engine. */
const WITH_ENGINE = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.spec.ts'))
  .map((path) => `src/${path}`)
  .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes('support/database'));

/** Specs that open a store begin with a copy of one that has all tables. */
const globalSetup = ['test/support/store-template.ts'];

const OUTSIDE = ['node_modules/**', 'dist/**', 'test/chaos/**', 'test/oracle/*.ts'];
/** Statistics that prove ours, and their specs. */
const PROVING = 'test/oracle/statistics/*.spec.ts';

/** Each in a process of its own: loading the service is little beside what they take. */
const APART = LONGEST.filter((path) => !Object.values(ELSEWHERE).flat().includes(path));

/**
 * Two processes at a time, which go on with the next file of their project and keep what they have loaded: the service is two seconds of modules. One process
 * can own one data directory of the embedded engine at a time, so a spec that opens one closes it.
 */
export default defineConfig({
  root: ROOT,
  // The file that Node itself takes: with a second copy beside it no schema is known as one.
  resolve: { alias: [{ find: /^graphql$/u, replacement: join(ROOT, 'node_modules/graphql/index.js') }] },
  test: {
    pool: 'forks',
    isolate: false,
    // Two files at a time also on two cores: some of the time goes by in waiting for brokers and stops. Three take longer (1083 s for 781 s).
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    // What hangs ends here. Nothing is held to a time: a loaded machine takes several times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ['reflect-metadata'],
    projects: [
      {
        extends: true,
        test: {
          name: 'here',
          globalSetup,
          include: [...WITH_ENGINE, 'test/**/*.spec.ts'],
          exclude: [...OUTSIDE, PROVING, ...APART, ...Object.values(ELSEWHERE).flat()],
        },
      },
      { extends: true, test: { name: 'apart', globalSetup, include: APART, isolate: true } },
      {
        extends: true,
        test: {
          name: 'units',
          include: ['src/**/*.spec.ts', PROVING],
          exclude: [...OUTSIDE, ...WITH_ENGINE, ...Object.values(ELSEWHERE).flat()],
        },
      },
      ...Object.entries(ELSEWHERE).map(([TZ, include]) => ({
        extends: true as const,
        test: { name: TZ, include, globalSetup, env: { TZ } },
      })),
    ],
  },
});

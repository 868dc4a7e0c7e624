import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const ROOT = new URL('..', import.meta.url).pathname;

/** What a spec of a decision may ask for; another support opens an engine, a server or a process. */
const LIGHT =
  'fake-clock|incident-log|incidents|one-series|plan-context|policies|random|retraining-ground|seasonal-series|synthetic-model';
const HEAVY = new RegExp(String.raw`support/(?!(?:${LIGHT})\.js)|node:(?:child_process|http|net)\b`, 'u');

/** Specs that need nothing but the code: those beside it, and those of whole decisions in `test`. */
const QUICK = ['src', 'test/notify', 'test/policies', 'test/retraining', 'test/ledger']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  )
  .filter((path) => path.endsWith('.spec.ts'))
  .filter((path) => !HEAVY.test(readFileSync(join(ROOT, path), 'utf8')));

/** Specs for `npm run test:mutation`: milliseconds each, for they run once for every change that is made to the code. */
export default defineConfig({
  root: ROOT,
  resolve: { alias: [{ find: /^graphql$/u, replacement: join(ROOT, 'node_modules/graphql/index.js') }] },
  test: {
    include: QUICK,
    setupFiles: ['reflect-metadata'],
    testTimeout: 60_000,
  },
});

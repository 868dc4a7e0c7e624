/**
 * `npm run test:mutation [-- FOLDER|FILE …]`: changes the code of the pure modules, one small change at a time, and runs the specs that reach the change. A
 * change that no spec notices is printed, unless `test/mutation/equivalent.json` says why it changes nothing. Ends with a table and fails below 90 %.
 * What was found is kept in `.cache`, so that the next run looks only at what changed.
 */
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { install } from '../src/cli/prepare.mjs';
import { pureModules } from './mutation/pure.mjs';
import { judged, table } from './mutation/score.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LEAST = 90;
const chosen = pureModules(root, process.argv.slice(2));
if (chosen.length === 0) {
  process.stdout.write(
    'no pure module there; FOLDER and FILE are like src/policies and src/windows/window.ts\n',
  );
  process.exit(1);
}

install();
const { Stryker } = await import('@stryker-mutator/core');
process.chdir(root);
const options = {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/vitest.mutation.config.ts', related: true },
  mutate: chosen,
  // no decision hangs on a wording; texts that people read are held by specs that quote them
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  // what runs while a module is loaded is reached by every spec: each such change would cost a run of all
  ignoreStatic: true,
  concurrency: 1,
  // a loaded machine must not look like an endless loop
  timeoutMS: 15_000,
  incremental: true,
  incrementalFile: '.cache/mutation.json',
  tempDirName: '.cache/mutation',
  ignorePatterns: ['.*', 'dist', 'data', 'dashboards', 'test/acceptance', 'test/bench', 'test/golden'],
  reporters: process.stdout.isTTY ? ['progress'] : [],
  thresholds: { high: 100, low: LEAST, break: null },
};
const results = await new Stryker(options).runMutationTest();
const equivalent = JSON.parse(readFileSync(join(root, 'test/mutation/equivalent.json'), 'utf8'));
const lines = new Map(chosen.map((path) => [path, readFileSync(join(root, path), 'utf8').split('\n')]));
// What is kept of files that were not asked for now says nothing of those that were.
const found = results.flatMap((one) => {
  const file = relative(root, one.fileName);
  return lines.has(file)
    ? [{ ...one, file, code: lines.get(file)?.[one.location.start.line - 1]?.trim() ?? '' }]
    : [];
});
const { survivors, unneeded, scores } = judged(found, equivalent);
for (const { file, location, status, code, replacement } of survivors)
  process.stdout.write(
    `${file}:${location.start.line} ${status === 'NoCoverage' ? '(no spec reaches it) ' : ''}${code}\n    -> ${replacement}\n`,
  );
for (const { file, code, replacement } of unneeded)
  process.stdout.write(
    `test/mutation/equivalent.json: not needed any more: ${file} "${code}" -> "${replacement}"\n`,
  );
process.stdout.write(`${table(scores)}\n`);
process.exit(scores.all.share < LEAST || unneeded.length > 0 ? 1 : 0);

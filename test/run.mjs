/**
 * `npm test`: installs and builds on a fresh clone, runs vitest, and ends with the line `N passed, N failed, N skipped`.
 * `--oracle` runs the comparisons with Python packages instead, `--chaos` the long crash tests; `--slow` names the files that took longest;
 * other arguments go to vitest.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, install } from '../src/cli/prepare.mjs';
import { memoryFolder } from './memory-folder.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
const suite = given.includes('--oracle') ? 'oracle' : given.includes('--chaos') ? 'chaos' : null;
const config = suite ? `test/vitest.${suite}.config.ts` : 'test/vitest.config.ts';
const isSlowShown = given.includes('--slow');
const rest = given.filter((argument) => !['--oracle', '--chaos', '--slow'].includes(argument));

install();
build();
const memory = memoryFolder();
const report = join(mkdtempSync(join(tmpdir(), 'tidewatch-test-')), 'report.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const options = [
  'run',
  '--config',
  config,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...rest,
];
const child = spawn(process.execPath, [vitest, ...options], {
  cwd: root,
  env: memory ? { ...process.env, TMPDIR: memory } : process.env,
  stdio: ['ignore', 'inherit', 'inherit'],
});
child.on('exit', (code) => {
  if (memory) rmSync(memory, { recursive: true, force: true });
  finish(code ?? 1);
});

function finish(code) {
  if (!existsSync(report)) {
    process.stdout.write('0 passed, 1 failed, 0 skipped\n');
    process.exit(code || 1);
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(dirname(report), { recursive: true, force: true });
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = result.numFailedTests + broken;
  if (isSlowShown) process.stdout.write(`${slowest(result.testResults).join('\n')}\n`);
  const skipped = result.numPendingTests + result.numTodoTests;
  process.stdout.write(`${result.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exit(code || (failed > 0 ? 1 : 0));
}

/** The twenty files that took longest, a line each. */
function slowest(files) {
  const timed = files.map(({ name, startTime, endTime }) => [
    (endTime - startTime) / 1000,
    relative(root, name),
  ]);
  const longest = timed.toSorted(([a], [b]) => b - a).slice(0, 20);
  return longest.map(([seconds, name]) => `${seconds.toFixed(1).padStart(7)} s  ${name}`);
}

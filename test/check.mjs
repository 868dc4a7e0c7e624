/** `npm run check`: types, lint, format, architecture, dead code, and that generated text is up to date. Runs all, then says which failed. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, install } from '../src/cli/prepare.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
/** @type {readonly (readonly [name: string, command: string, args: string[]])[]} */
const STEPS = [
  ['types', bin('tsc'), ['--noEmit', '-p', 'test/tsconfig.json']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings', 'src', 'test']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['architecture', bin('depcruise'), ['--config', 'test/architecture.cjs', 'src']],
  ['dead code', bin('knip'), ['--no-progress']],
  ['wires', process.execPath, ['test/wires.mjs']],
  ['lock file and generated text', process.execPath, ['test/generated.mjs']],
  ['types from the SDL', process.execPath, ['test/schema-types.mjs']],
];

install();
build();
const failed = STEPS.filter(([name, command, args]) => {
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.stdout.write(
    `${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  return status !== 0;
});
if (failed.length > 0) {
  process.stdout.write(`check failed: ${failed.map(([name]) => name).join(', ')}\n`);
  process.exit(1);
}

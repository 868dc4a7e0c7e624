/**
 * The first step of every npm script on a fresh clone: install what package-lock.json names, build what src/ says, then run the
 * command line. Plain JavaScript, because the compiler is not there yet. Does nothing that is already done.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const at = (...parts) => join(root, ...parts);
const timeOf = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function run(command, args, why) {
  process.stderr.write(`${why}\n`);
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (status !== 0) {
    process.stderr.write(`tidewatch: ${command} ${args.join(' ')} failed (exit code ${status})\n`);
    process.exit(2);
  }
}

/** `npm ci` unless node_modules was made from this very lock file. The embedded engine is most of the download. */
export function install() {
  const marker = at('node_modules', '.tidewatch-installed');
  if (timeOf(marker) >= timeOf(at('package-lock.json')) && timeOf(marker) > 0) return;
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'Installing packages (about 260 MB, the embedded ClickHouse engine is most of it) …',
  );
  writeFileSync(marker, '');
}

const newest = (folder, keep) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && keep(entry.name))
    .reduce((time, entry) => Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);

/** Compiles when a source is newer than the last build, and copies what is not TypeScript. */
export function build() {
  const stamp = at('dist', '.built');
  const changed = Math.max(
    newest(at('src'), (name) => !name.endsWith('.spec.ts')),
    timeOf(at('tsconfig.json')),
  );
  if (timeOf(stamp) > changed) return;
  // An incremental build with its output gone would compile nothing.
  if (!existsSync(at('dist', 'cli'))) rmSync(at('dist'), { recursive: true, force: true });
  run(
    process.execPath,
    [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', at('tsconfig.json')],
    'Building …',
  );
  const compiled = (path) => /\.(ts|tsbuildinfo)$/.test(path);
  cpSync(at('src'), at('dist'), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || !compiled(path),
  });
  // The compiler makes no programs: `npx tidewatch` runs it by its name.
  chmodSync(at('dist', 'cli', 'main.js'), 0o755);
  writeFileSync(stamp, '');
  utimesSync(stamp, new Date(), new Date());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [verb = 'build', ...rest] = process.argv.slice(2);
  install();
  build();
  if (verb !== 'build') {
    process.argv = [process.argv[0], at('dist', 'cli', 'main.js'), verb, ...rest];
    await import(pathToFileURL(at('dist', 'cli', 'main.js')).href);
  }
}

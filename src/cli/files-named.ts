import { existsSync, readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { yamlFiles, type TextFile } from '../config/files.js';
import { expandPatterns } from '../ingest/kafka/expand-patterns.js';
import { CliError } from './exit.js';

/** Files that were named on a command line, each once, and what names nothing. */
export interface FilesNamed {
  readonly files: readonly TextFile[];
  readonly problems: readonly string[];
}

/**
 * The files of a command line: a file by its path, the YAML files of a folder, or those that fit a pattern (`*`, `?`, `**`), for shells that leave patterns
 * alone. `kind` says what they should be. Throws CliError where not one is named.
 */
export async function filesNamed(paths: readonly string[], kind: string): Promise<FilesNamed> {
  const found = await Promise.all(paths.map(async (path) => filesAt(path, kind)));
  const byPlace = new Map(found.flatMap(({ files }) => files.map((file) => [resolve(file.name), file])));
  const problems = found.flatMap((one) => one.problems);
  if (byPlace.size === 0) throw new CliError(problems.join('\n'), 'no_files');
  return { files: [...byPlace.values()], problems };
}

async function filesAt(path: string, kind: string): Promise<FilesNamed> {
  // A name may hold what else is a pattern.
  if (existsSync(path) && statSync(path).isDirectory()) {
    const files = yamlFiles(path);
    return { files, problems: files.length > 0 ? [] : [`no ${kind} (*.yaml) in the folder ${path}`] };
  }
  if (existsSync(path)) return { files: [textAt(path)], problems: [] };
  if (!/[*?]/u.test(path)) return { files: [], problems: [`there is no file or folder ${path}`] };
  // What a pattern fits may be data beside the files that are meant.
  const fitting = (await expandPatterns([path]).catch(() => [])).filter((name) => /\.ya?ml$/u.test(name));
  if (fitting.length === 0) return { files: [], problems: [`no ${kind} (*.yaml) fit the pattern ${path}`] };
  return { files: fitting.map((name) => textAt(relative('.', name))), problems: [] };
}

function textAt(path: string): TextFile {
  return { name: path, text: readFileSync(path, 'utf8') };
}

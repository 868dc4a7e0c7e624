import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** The YAML files of a folder, in name order; none when the folder is not there. */
export function yamlFiles(directory: string): TextFile[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
  return names
    .sort()
    .map((name) => ({ name: join(directory, name), text: readFileSync(join(directory, name), 'utf8') }));
}

/** A file's text, or null when it is not there. */
export function optionalFile(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

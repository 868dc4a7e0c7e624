import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Where a file that a person named is: the first folder that has it, or null. An absolute path is where it says or nowhere. */
export function findFile(file: string, folders: readonly string[]): string | null {
  if (isAbsolute(file)) return existsSync(file) ? file : null;
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path)) ?? null;
}

/** Where relative `baseline.file` are looked for: beside the model files, then in the working folder. */
export function referenceFolders(modelsFolder: string): readonly string[] {
  return [modelsFolder, '.'];
}

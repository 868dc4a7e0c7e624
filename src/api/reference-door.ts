import { CodedError } from '../domain/coded-error.js';
import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { findFile, referenceFolders } from '../config/find-file.js';
import { mayDo, type Principal } from '../registry/principal.js';

/** A reference file that this key may not name. */
export class ReferenceOutside extends CodedError {
  override readonly name = 'ReferenceOutside';
  readonly code = 'reference_outside';
  override readonly field = 'file';
}

/**
 * Whoever is no admin may name reference files below the configured folder only: the service can read more than a key that operates should. And
 * nobody may name the service's own files, which hold its keys. Links are followed first. Throws ReferenceOutside.
 */
export function demandReferenceFile(config: Config, principal: Principal, file: string): void {
  const { TIDEWATCH_REFERENCE_DIR: own, TIDEWATCH_MODELS_DIR: models, TIDEWATCH_DATA_DIR: data } = config;
  const beside = join(data, 'references');
  const folders = own === undefined ? [beside, models] : [own];
  const path = real(findFile(file, referenceFolders(models)) ?? file);
  const isIn = (folder: string) => isBelow(path, real(folder));
  const isOurs =
    isIn(data) && ![beside, ...folders].some((folder) => isIn(folder) && isBelow(real(folder), real(data)));
  if (isOurs)
    throw new ReferenceOutside(
      `"${file}" lies in the data folder among the service's own files, its keys with them: put references into ${beside}`,
    );
  if (mayDo(principal, 'admin') || folders.some(isIn)) return;
  throw new ReferenceOutside(
    `"${file}" is not below ${folders.join(' or ')}: a key that is no admin may read reference files only there (TIDEWATCH_REFERENCE_DIR)`,
  );
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

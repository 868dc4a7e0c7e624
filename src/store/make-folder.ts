import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseError } from './database.js';

const WHY: Readonly<Record<string, string>> = {
  EROFS: 'its file system is read-only',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOTDIR: 'a file stands in its place',
  EEXIST: 'a file stands in its place',
  ENOSPC: 'the disk is full',
  ENOENT: 'no folder can be made there',
};

/**
 * Makes the data folder, or a folder in it, with what is missing above it, and sees that files can be made there. Level by level: where the kernel
 * says of a new folder that it is not there (`/proc`), making all at once would never end. Throws DatabaseError that names the setting.
 */
export function makeFolder(directory: string): void {
  try {
    makeLevels(resolve(directory));
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    throw new DatabaseError(
      `the data directory ${directory} cannot be written to (${code}${WHY[code] === undefined ? '' : `: ${WHY[code]}`}); name another with TIDEWATCH_DATA_DIR`,
      code,
      false,
      { cause: error },
    );
  }
}

function makeLevels(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(directory);
  if (above !== directory) makeLevels(above);
  try {
    mkdirSync(directory);
  } catch (error) {
    // another process may have been quicker
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

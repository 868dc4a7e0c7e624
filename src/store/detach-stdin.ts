import { closeSync, fstatSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { DatabaseError } from './database.js';

/**
 * Puts the null device in the place of a piped or redirected stdin. The embedded engine reads what stands there and appends it
 * to the rows of an INSERT; a terminal or the null device is left alone. Nothing in the service reads stdin.
 */
export function detachStdin(): void {
  if (isQuiet()) return;
  closeSync(0);
  // POSIX gives the lowest free number, which is the one just closed
  const fd = openSync(devNull, 'r');
  if (fd !== 0) throw new DatabaseError('stdin could not be detached; start with </dev/null', 'STDIN', false);
}

function isQuiet(): boolean {
  try {
    return fstatSync(0).isCharacterDevice();
  } catch {
    // stdin is closed: the next file opened would take its place
    return openSync(devNull, 'r') === 0;
  }
}

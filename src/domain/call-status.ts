import { plainSpelling } from './spelling.js';

/** Words by which others say that a call was answered. */
const MEANS_OK: ReadonlySet<string> = new Set(['ok', 'success', 'succeeded', '200']);

/** Whether a status that is not `ok` means the same: it would count as a failed call. */
export function meansOk(status: string): boolean {
  return status !== 'ok' && MEANS_OK.has(plainSpelling(status));
}

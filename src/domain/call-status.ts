/** Words by which others say that a call was answered. */
const MEANS_OK: ReadonlySet<string> = new Set(['ok', 'success', 'succeeded', '200']);
const BLANKS = /^[ \t\r\n]+|[ \t\r\n]+$/gu;

/** Whether a status that is not `ok` means the same: it would count as a failed call. */
export function meansOk(status: string): boolean {
  return status !== 'ok' && MEANS_OK.has(status.replace(BLANKS, '').toLowerCase());
}

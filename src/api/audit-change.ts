import type { KnownChange } from '../windows/changed-windows.js';
import { writtenText } from '../windows/written-text.js';

/** A judged window that somebody changed in the store, as the API says it. */
export function changeOf({ window, review }: KnownChange): object {
  const { from, seq, rows, ...rest } = window;
  return {
    ...rest,
    from: new Date(from),
    entry: seq,
    judgedRows: rows?.judged ?? null,
    foundRows: rows?.found ?? null,
    erasedRows: rows?.erased ?? null,
    found: writtenText(window),
    isReviewed: review !== null,
  };
}

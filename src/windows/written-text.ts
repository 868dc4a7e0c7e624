import { countText } from '../domain/wording.js';
import type { WrittenWindow } from './changed-windows.js';

/** What was found of a judged window that somebody changed in the store, in words; digests stand in the entry. */
export function writtenText({ rows, found }: Pick<WrittenWindow, 'rows' | 'found'>): string {
  if (!rows) return /^[0-9a-f]{64}$/u.test(found) ? 'other results than those that were recorded' : found;
  const { judged, found: left, erased } = rows;
  const went = erased === 0 ? '' : `, ${countText(erased)} went with people who were erased`;
  const same = left === judged ? ', and they are not those' : '';
  return `${countText(judged)} when it was judged, ${countText(left)} when it was looked at${went}${same}`;
}

import type { Cell } from './table.js';

/** Scores by class: a struct, a map as pairs, or either as text, of JSON or as Python prints a dict. Null for what is none of them. */
export function scorePairs(cell: Cell): readonly (readonly [string, unknown])[] | null {
  if (typeof cell === 'string') return ofText(cell.trim());
  if (Array.isArray(cell)) return ofPairs(cell);
  return typeof cell === 'object' && cell !== null && !(cell instanceof Date) ? Object.entries(cell) : null;
}

const DICT = /^\{\s*'/;

function ofText(text: string): ReturnType<typeof scorePairs> {
  try {
    const value = JSON.parse(DICT.test(text) ? text.replaceAll("'", '"') : text) as Cell;
    return typeof value === 'string' ? null : scorePairs(value);
  } catch {
    return null;
  }
}

function ofPairs(pairs: readonly unknown[]): ReturnType<typeof scorePairs> {
  const found = pairs.flatMap((pair): (readonly [string, unknown])[] => {
    if (Array.isArray(pair)) return pair.length === 2 ? [[String(pair[0]), pair[1]]] : [];
    if (typeof pair !== 'object' || pair === null || !('key' in pair) || !('value' in pair)) return [];
    return [[String(pair.key), pair.value]];
  });
  return found.length === pairs.length ? found : null;
}

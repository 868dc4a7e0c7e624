import type { BookedVersion } from './booked-version.js';

/** A version with rows, and the starts of its first and newest window that has any; epoch ms. */
interface AliveVersion {
  readonly other: string;
  readonly first: number;
  readonly newest: number;
}

/** Versions of a model that have rows at or after an instant, the one with the newest first. */
export function aliveSince(
  versions: Iterable<readonly [string, { readonly booked: BookedVersion }]>,
  since: number,
): readonly AliveVersion[] {
  const found: AliveVersion[] = [];
  for (const [other, { booked }] of versions) {
    const { firstRow: first, lastRow: newest } = booked;
    if (first !== null && newest !== null && newest >= since) found.push({ other, first, newest });
  }
  return found.sort((a, b) => b.newest - a.newest || b.first - a.first);
}

import { LEAST_SLICE_ROWS, weakSlices } from '../checks/weak-slices.js';
import type { Baseline } from '../domain/baseline.js';
import { BOTH } from '../domain/segment-keys.js';
import { ABSENT, RARE, type WeakSlice } from '../domain/weak-slice.js';
import { readSlices } from '../profiles/slice-sums.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { Stages } from './stages.js';

/** A stretch in which slices are looked for: its earlier half is searched, its later half confirms. */
export interface SliceSearch {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  /** Pairs of two conditions as well. */
  readonly pairs: boolean;
}

/** A slice with the key that makes a segment of it; null where none does: of numbers, of what is rare or absent. */
export interface FoundSlice extends WeakSlice {
  readonly segmentKey: string | null;
}

/** Slices of a version's labelled answers that are much worse than the rest in both halves of a stretch; none while there is no reference. */
export async function findWeakSlices(
  { database, references }: Pick<Stages, 'database' | 'references'>,
  registered: RegisteredModel,
  { version, from, to, pairs }: SliceSearch,
): Promise<readonly FoundSlice[]> {
  const { model } = registered;
  const baseline = await references.usableOf(heldAgainst(registered, version));
  if (!baseline) return [];
  const middle = new Date((from.getTime() + to.getTime()) / 2);
  const span = { version, from, middle, to };
  const found = await readSlices(database, { model, baseline }, span, { pairs, least: LEAST_SLICE_ROWS });
  const all = found.find(({ parts }) => parts.length === 0);
  const slices = found.filter(({ parts }) => parts.length > 0);
  const weak = all ? weakSlices(all, slices) : [];
  return weak.map((one) => ({ ...one, segmentKey: segmentKeyOf(one, baseline) }));
}

/** The key, or the two keys, whose values the conditions name. */
function segmentKeyOf({ parts }: WeakSlice, { features }: Baseline): string | null {
  const isNamed = parts.every(
    ({ attribute, value }) => value !== ABSENT && value !== RARE && features[attribute]?.kind !== 'numeric',
  );
  return isNamed ? parts.map(({ attribute }) => attribute).join(BOTH) : null;
}

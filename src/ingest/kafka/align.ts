/** What a fetch asked for and how far the partition reached then. */
export interface Fetched {
  readonly offset: bigint;
  readonly highWatermark: bigint;
}

/**
 * - `deliver`: hand on the records at or after `from`.
 * - `seek`: the records in between were never seen; ask for them.
 * - `gap`: they were asked for and the broker has none (control records, compaction, retention).
 * - `recreated`: the log is shorter than where we were, so it is another log; its offsets mean other events.
 */
export type Alignment =
  | { readonly kind: 'deliver' | 'gap' | 'recreated'; readonly from: bigint }
  | { readonly kind: 'seek'; readonly to: bigint };

/**
 * Whether a fetched batch continues where the last one ended. The client's own bookkeeping is not trusted with this: a
 * batch of an earlier ownership that arrives late can move it past records nobody read. `asked` is the last position
 * sought in this partition, or null.
 */
export function align(position: bigint, fetched: Fetched, asked: bigint | null): Alignment {
  if (fetched.offset > position) {
    return asked === position ? { kind: 'gap', from: fetched.offset } : { kind: 'seek', to: position };
  }
  if (fetched.highWatermark < position) return { kind: 'recreated', from: fetched.offset };
  return { kind: 'deliver', from: position };
}

/** What the broker knows of one partition: the group's commit (negative for none) and the ends of the log. */
export interface PartitionFacts {
  readonly committed: bigint;
  readonly metadata: string;
  readonly low: bigint;
  readonly high: bigint;
}

export interface StartingPoint {
  readonly start: bigint;
  readonly metadata: string;
  /** Events that retention removed before they were read. */
  readonly expired: bigint;
}

/** Where to begin reading a partition. A commit beyond the log's end belongs to an earlier topic of that name. */
export function startingPoint({ committed, metadata, low, high }: PartitionFacts): StartingPoint {
  if (committed < 0n || committed > high) return { start: low, metadata: '', expired: 0n };
  if (committed < low) return { start: low, metadata, expired: low - committed };
  return { start: committed, metadata, expired: 0n };
}

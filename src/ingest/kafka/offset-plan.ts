/** The end of one partition within a flush. */
export interface FlushEnd {
  /** Identifies the topic and partition. */
  readonly key: string;
  /** The position after the flush's last record of the partition. */
  readonly next: bigint;
}

interface PlannedFlush {
  readonly id: number;
  readonly ends: readonly FlushEnd[];
  readonly stored: boolean;
}

/** Flushes that were cut and are not committed yet, in the order they were cut. */
export type OffsetPlan = readonly PlannedFlush[];

export const EMPTY_PLAN: OffsetPlan = [];

/** Adds a flush behind the others. Ids are unique; ends never fall below those of an earlier flush. */
export function planFlush(plan: OffsetPlan, id: number, ends: readonly FlushEnd[]): OffsetPlan {
  return [...plan, { id, ends, stored: false }];
}

/**
 * Marks a flush stored. Flushes may be stored in any order, but only those with nothing unstored before them may be
 * committed: a commit past a hole would lose the hole if the process died.
 */
export function storeFlush(plan: OffsetPlan, id: number): { plan: OffsetPlan; commit: readonly FlushEnd[] } {
  const marked = plan.map((flush) => (flush.id === id ? { ...flush, stored: true } : flush));
  const hole = marked.findIndex((flush) => !flush.stored);
  const settled = hole === -1 ? marked : marked.slice(0, hole);
  const ends = new Map(settled.flatMap((flush) => flush.ends.map((end) => [end.key, end.next] as const)));
  return { plan: marked.slice(settled.length), commit: [...ends].map(([key, next]) => ({ key, next })) };
}

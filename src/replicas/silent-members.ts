import type { ReplicaRow } from './replica-table.js';

/** What it takes to hold a process to be gone. Spans in ms. */
export interface Watch {
  readonly self: string;
  readonly leaseMs: number;
  /** For how long the reports were read without a gap. */
  readonly watchedMs: number;
}

/**
 * Members that are gone: silent for longer than the lease by the store's clock, or without any report. Whoever could not read the reports
 * for a while learns nothing from their age, for nobody may have been able to write one. Pure.
 */
export function silentMembers(
  members: readonly string[],
  rows: readonly Pick<ReplicaRow, 'id' | 'ageMs'>[],
  { self, leaseMs, watchedMs }: Watch,
): readonly string[] {
  if (watchedMs < leaseMs) return [];
  const ages = new Map(rows.map(({ id, ageMs }) => [id, ageMs]));
  return members.filter((id) => id !== self && (ages.get(id) ?? Infinity) > leaseMs);
}

import { changedEntry, rowsEntries } from './changed-rows.js';
import { lookAtJudged, type JudgedOrder, type WrittenFound } from './look-at-judged.js';
import type { Stages } from './stages.js';

/** Looks at judgements again; what somebody wrote of them is recorded, and the operators are told, once. */
export async function recordLook(stages: Stages, order: JudgedOrder): Promise<WrittenFound> {
  const { model, version, track } = order;
  const found = await lookAtJudged(stages, order);
  if (found.rows.size === 0 && found.results.length === 0) return found;
  const place = { model: model.key, version, track };
  await stages.ledger.transact((now) => {
    const fresh = found.results.filter((one) => !stages.changedWindows.has({ ...place, ...one }));
    return [
      ...rowsEntries(stages, place, found.rows, now),
      ...changedEntry(stages, place, 'window.results_changed', fresh, now),
    ];
  });
  return found;
}

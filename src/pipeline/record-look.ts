import type { NewEntry } from '../domain/ledger-entry.js';
import { changedEntries, rowsEntries, type ChangedOnTrack } from './changed-rows.js';
import { lookAtJudged, type JudgedOrder, type WrittenFound } from './look-at-judged.js';
import type { Stages } from './stages.js';

/** Looks at judgements again; what somebody wrote of them is recorded, and the operators are told, once. */
export async function recordLook(stages: Stages, order: JudgedOrder): Promise<WrittenFound> {
  const [found] = await recordLooks(stages, [order]);
  return found ?? { rows: new Map(), results: [] };
}

/** The same of the tracks of one version, in the order asked: one deed shows on both, and the operators are told of it once. */
export async function recordLooks(
  stages: Stages,
  orders: readonly JudgedOrder[],
): Promise<readonly WrittenFound[]> {
  const found: WrittenFound[] = [];
  for (const order of orders) found.push(await lookAtJudged(stages, order));
  if (found.every(({ rows, results }) => rows.size === 0 && results.length === 0)) return found;
  const looks = found.flatMap((one, i) => {
    const order = orders[i];
    return order ? [{ ...one, place: { model: order.model.key, version: order.version, track: order.track } }] : [];
  });
  await stages.ledger.transact((now) => entriesOf(stages, looks, now));
  return found;
} // prettier-ignore

function entriesOf(stages: Stages, looks: readonly (WrittenFound & Pick<ChangedOnTrack, 'place'>)[], now: Date): readonly NewEntry[] {
  const results = looks.map(({ place, results: all }): ChangedOnTrack => {
    return { place, windows: all.filter((one) => !stages.changedWindows.has({ ...place, ...one })) };
  });
  return [...rowsEntries(stages, looks, now), ...changedEntries(stages, 'window.results_changed', results, now)];
} // prettier-ignore

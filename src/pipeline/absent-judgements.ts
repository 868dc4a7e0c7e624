import { TRACKS, type Track } from '../windows/due-windows.js';
import type { HeldStarts, VersionTotals } from '../windows/window-totals.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { recordsAt, type RecordedAt } from './as-recorded.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'windowTotals' | 'ledger' | 'recorded'>;

/** Windows that the numbers of a version name as judged on a track, and that are not in the list of judged windows. */
export interface AbsentJudgements {
  readonly track: Track;
  /** Those that the ledger has: somebody took them off the list. */
  readonly gone: readonly RecordedAt[];
  /** Starts of those that it does not have, epoch ms: somebody wrote the numbers. */
  readonly never: readonly number[];
}

/**
 * Looks whether what can still change is stored as often as it was: the list of judged windows is never cut short, so that who is not on it and was once was taken off. Nothing is
 * read where it is. What may be recorded and not stored yet is none of them.
 */
export async function absentJudgements(
  stages: Parts,
  totals: VersionTotals,
  stored: readonly StoredWindow[],
): Promise<readonly AbsentJudgements[]> {
  if (isWhole(totals, stored)) return [];
  const { model, version, heldFrom: from } = totals;
  const known = await stages.windowTotals.startsSince({ model, version, from });
  const found: AbsentJudgements[] = [];
  for (const track of TRACKS) {
    const absent = absentOf(known, stored, track).filter((start) => !stages.recorded.isUnderWay(model, version, { from: start, track })); // prettier-ignore
    const records = await recordsAt(stages.ledger, { model, version, track, starts: absent });
    const never = absent.filter((start) => !records.has(start));
    found.push({ track, gone: [...records.values()], never });
  }
  return found;
}

/** Whether a version has as many judgements as it once had. */
function isWhole({ held }: VersionTotals, stored: readonly StoredWindow[]): boolean {
  const [inputs, labels] = TRACKS.map((track) => stored.filter((one) => one.track === track).length);
  return inputs === held.judged && labels === held.labels;
}

/** Starts of windows that were judged on a track and are not among those that are stored, epoch ms. */
function absentOf(known: HeldStarts, stored: readonly StoredWindow[], track: Track): readonly number[] {
  const own = new Set(stored.filter((one) => one.track === track).map(({ from }) => from));
  const once = track === 'labels' ? known.labels : known.judged;
  return once.map((second) => second * 1000).filter((start) => !own.has(start));
}

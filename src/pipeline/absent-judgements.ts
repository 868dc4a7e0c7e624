import type { NewEntry } from '../domain/ledger-entry.js';
import { groupBy } from '../domain/group-by.js';
import { versionPlace } from '../domain/version-place.js';
import { TRACKS, type Track } from '../windows/due-windows.js';
import type { HeldStarts, VersionTotals } from '../windows/window-totals.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { recordsAt } from './as-recorded.js';
import { goneEntries } from './gone-judgements.js';
import type { Stages } from './stages.js';

type Parts = Pick<
  Stages,
  'windowTotals' | 'ledger' | 'recorded' | 'changedWindows' | 'channels' | 'deliveries' | 'baseUrl' | 'log'
>;
/** So many are looked up at a time. */
const STARTS_AT_ONCE = 100;

/**
 * Looks at a start whether what can still change is stored as often as it was: the list of judged windows is never cut short, so that who is not on it and was once was taken off.
 * What the ledger has of them is recorded as gone, and the operators are told.
 */
export async function tellAbsent(
  stages: Parts,
  versions: readonly VersionTotals[],
  windows: readonly StoredWindow[],
): Promise<void> {
  const stored = groupBy(windows, ({ model, version }) => versionPlace(model, version));
  for (const totals of versions) {
    const own = stored.get(versionPlace(totals.model, totals.version)) ?? [];
    if (isWhole(totals, own)) continue;
    const { model, version, heldFrom: from } = totals;
    const known = await stages.windowTotals.startsSince({ model, version, from });
    for (const track of TRACKS) await tellTrack(stages, { model, version, track }, absentOf(known, own, track)); // prettier-ignore
  }
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

async function tellTrack(
  stages: Parts,
  place: { readonly model: string; readonly version: string; readonly track: Track },
  absent: readonly number[],
): Promise<void> {
  const { ledger, recorded } = stages;
  const { model, version, track } = place;
  const gone = absent.filter((from) => !recorded.isUnderWay(model, version, { from, track }));
  for (let i = 0; i < gone.length; i += STARTS_AT_ONCE) {
    const records = await recordsAt(ledger, { ...place, starts: gone.slice(i, i + STARTS_AT_ONCE) });
    const entries = (now: Date): readonly NewEntry[] => goneEntries(stages, place, [...records.values()], now); // prettier-ignore
    if (records.size > 0) await ledger.transact(entries);
  }
}

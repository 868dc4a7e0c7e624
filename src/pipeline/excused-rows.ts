import type { Database } from '../store/database.js';
import type { Erasure, Erasures } from '../records/erasures.js';
import type { Ledger } from '../ledger/ledger.js';
import { deletedOf } from './deleted-since.js';
import { isInexactUnderWay } from './erased-marks.js';
import type { RowsChange } from './judged-rows.js';
import type { ChangedWindows } from '../windows/changed-windows.js';
import type { Track } from '../windows/due-windows.js';

interface Ground {
  readonly ledger: Pick<Ledger, 'read' | 'refresh'>;
  readonly erasures: Pick<Erasures, 'list' | 'marksOf' | 'version'>;
  readonly database: Database;
  readonly changedWindows: Pick<ChangedWindows, 'isWritten'>;
}

interface JudgedWindow {
  readonly model: string;
  readonly version: string;
  readonly track: Track;
  readonly from: Date;
  readonly to: Date;
  readonly judgedAt: Date;
}

/**
 * Whether somebody wrote the store where a window is not what it was judged on: neither what came since nor what the ledger says went accounts for it. What goes after somebody was found to
 * have written there excuses nothing.
 */
export async function isWritten(ground: Ground, window: JudgedWindow, change: RowsChange): Promise<boolean> {
  if (change.kind !== 'gone') return change.kind === 'changed';
  if (ground.changedWindows.isWritten({ ...window, from: window.from.toISOString() })) return true;
  return !(await isExcused(ground, window, change));
}

/**
 * Whether rows or labels that are not there any more, beside those of which it is known that they went with people, may have gone as the ledger says: by age, or with
 * people whom an older release erased. Labels are not counted by day: as many as all such erasures since the judgement took away may be of the window.
 */
async function isExcused(ground: Ground, stretch: JudgedWindow, { of, gone }: RowsChange): Promise<boolean> {
  const { ledger, erasures } = ground;
  await ledger.refresh(); // what another process deleted it recorded before
  if (await isInexactUnderWay(ground)) return true;
  if (of === 'labels' && gone <= erasedLabels(erasures.list(), stretch.judgedAt)) return true;
  return (await deletedOf(ledger, stretch, gone, { rows: 0, seq: null })) !== null;
}

function erasedLabels(all: readonly Erasure[], since: Date): number {
  const done = all.filter(({ finishedAt, erased }) => finishedAt !== null && finishedAt >= since && !erased?.isByWindow);
  return done.reduce((sum, { erased }) => sum + (erased?.rows['labels'] ?? 0), 0);
} // prettier-ignore

import type { Database } from '../store/database.js';
import type { Erasure, Erasures } from '../records/erasures.js';
import type { Ledger } from '../ledger/ledger.js';
import { deletedOf } from './deleted-since.js';
import { isInexactUnderWay } from './erased-marks.js';
import type { RowsChange } from './judged-rows.js';

interface Ground {
  readonly ledger: Pick<Ledger, 'read' | 'refresh'>;
  readonly erasures: Pick<Erasures, 'list' | 'marksOf' | 'version'>;
  readonly database: Database;
}

interface JudgedStretch {
  readonly model: string;
  readonly from: Date;
  readonly to: Date;
  readonly judgedAt: Date;
}

/**
 * Whether rows or labels that are not there any more, beside those of which it is known that they went with people, may have gone as the ledger says: by age, or with
 * people whom an older release erased. Labels are not counted by day: as many as all such erasures since the judgement took away may be of the window.
 */
export async function isExcused(
  ground: Ground,
  stretch: JudgedStretch,
  { of, gone }: Pick<RowsChange, 'of' | 'gone'>,
): Promise<boolean> {
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

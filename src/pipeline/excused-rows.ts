import type { Erasure, Erasures } from '../records/erasures.js';
import type { Ledger } from '../ledger/ledger.js';
import { deletedOf } from './as-recorded.js';
import type { RowsChange } from './judged-rows.js';

interface Ground {
  readonly ledger: Pick<Ledger, 'read' | 'refresh'>;
  readonly erasures: Pick<Erasures, 'list'>;
}

interface JudgedStretch {
  readonly model: string;
  readonly from: Date;
  readonly to: Date;
  readonly judgedAt: Date;
}

/**
 * Whether rows or labels that are not there any more may have gone as the ledger says: by age, or with a person who was erased or is being erased. Labels are
 * not counted by day in an erasure: as many as all erasures since the judgement took away may be of the window.
 */
export async function isExcused(
  { ledger, erasures }: Ground,
  stretch: JudgedStretch,
  { of, gone }: Pick<RowsChange, 'of' | 'gone'>,
): Promise<boolean> {
  await ledger.refresh(); // what another process deleted it recorded before
  const all = erasures.list();
  if (all.some(({ state }) => state === 'RUNNING')) return true;
  if (of === 'labels' && gone <= erasedLabels(all, stretch.judgedAt)) return true;
  return (await deletedOf(ledger, stretch, gone)) !== null;
}

function erasedLabels(all: readonly Erasure[], since: Date): number {
  const done = all.filter(({ finishedAt }) => finishedAt !== null && finishedAt >= since);
  return done.reduce((sum, { erased }) => sum + (erased?.rows['labels'] ?? 0), 0);
}

import type { Track } from '../windows/due-windows.js';

/** One record of the ledger, judged again, or a judgement that is stored and not recorded. `difference` names the first thing that is not as it was recorded; null where nothing is. */
export interface Recomputed {
  readonly track: Track;
  /** Place of the entry that records it. */
  readonly seq: number;
  readonly revision: number;
  readonly results: number;
  readonly difference: string | null;
  /** It cannot be judged again, because what it was judged on was deleted as the ledger says: nothing was tampered with. */
  readonly isDeleted: boolean;
}

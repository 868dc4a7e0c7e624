import type { Track } from './due-windows.js';

/** How often the labels of a version may be judged apart from its rows, each time being an entry of the ledger by itself. Instants are epoch ms. */
export interface LabelAllowance {
  readonly left: number;
  /** When rows, and when labels, were judged last. */
  readonly rowsAt: number;
  readonly labelsAt: number;
}

/** One entry in twenty windows, and a few at once for who looks on while labels are loaded. */
const EARNED = 0.05;
const FIRST = 4;
const MOST = 8;
/** Where no window closes, labels wait no longer than one and a half of them would have taken; where that is hours, than one. */
const SLACK = 1.5;
const LEAST_WAIT_MS = 600_000;
const LONG_MS = 6 * 3_600_000;
const LONG_WAIT_MS = 3_600_000;

export const FIRST_ALLOWANCE: LabelAllowance = { left: FIRST, rowsAt: -Infinity, labelsAt: -Infinity };

/** What is left after a judgement: a window that closes earns some, labels that no window is recorded with spend one. */
export function afterJudgement(
  allowance: LabelAllowance,
  {
    track,
    revision,
    evaluatedAt,
  }: { readonly track: Track; readonly revision: number; readonly evaluatedAt: number },
): LabelAllowance {
  const { left, rowsAt, labelsAt } = allowance;
  if (track === 'inputs') {
    const earned = revision === 0 ? EARNED : 0;
    return { left: Math.min(MOST, left + earned), rowsAt: Math.max(rowsAt, evaluatedAt), labelsAt };
  }
  if (evaluatedAt <= Math.max(rowsAt, labelsAt)) return allowance;
  return { left: Math.max(0, left - 1), rowsAt, labelsAt: evaluatedAt };
}

/** Whether labels may be judged now though no window closes; where not, they are with the next one that does. */
export function mayGoAlone(
  { left, rowsAt, labelsAt }: LabelAllowance,
  now: number,
  widthMs: number,
): boolean {
  if (left >= 1) return true;
  const wait = widthMs > LONG_MS ? LONG_WAIT_MS : Math.max(LEAST_WAIT_MS, SLACK * widthMs);
  return now - Math.max(rowsAt, labelsAt) >= wait;
}

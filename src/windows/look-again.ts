import type { DueTerms } from './due-windows.js';

/** Corrections one by one must not judge a model's history anew with each of them: so long, or a window, is waited. */
const LOOK_AGAIN_MS = 600_000;
/** A few more labels of windows that had nearly all of them change less, and trickle for weeks. */
const LOOK_FOR_MORE_MS = 86_400_000;

/** What of labels that were judged is looked at again, so long (ms) after the last time. */
export function lookAgain(sinceMs: number, widthMs: number): Pick<DueTerms, 'lookAgain' | 'lookForMore'> {
  return {
    lookAgain: sinceMs >= Math.max(LOOK_AGAIN_MS, widthMs),
    lookForMore: sinceMs >= Math.max(LOOK_FOR_MORE_MS, widthMs),
  };
}

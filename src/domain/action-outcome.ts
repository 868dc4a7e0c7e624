/** How what an entry records ended: done, said no to, or without success. */
export const ACTION_OUTCOMES = ['DONE', 'REFUSED', 'FAILED'] as const;
export type ActionOutcome = (typeof ACTION_OUTCOMES)[number];

const REFUSED = /[._](?:refused|declined|promotion_declined|rejected)$/u;
const FAILED = /\.(?:dead|timed_out|lost|lapsed|expired|ambiguous|retry_scheduled|unused)$/u;
/** A silence that ends is no failure. */
const NO_FAILURE: ReadonlySet<string> = new Set(['silence.expired']);

/** The outcome that an action says by its name. */
export function outcomeOf(action: string): ActionOutcome {
  if (REFUSED.test(action)) return 'REFUSED';
  return FAILED.test(action) && !NO_FAILURE.has(action) ? 'FAILED' : 'DONE';
}

import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { Window } from '../domain/window.js';
import { minuteText, spanText } from '../domain/wording.js';

/** What `freshness` decides within so many windows is left to it; where it takes longer, missing rows are told as what they are. */
const DECIDES_WITHIN = 3;

/**
 * What a window without rows says beside `freshness`: nothing yet, while the silence is not longer than the reference ever was and soon will be, or is over. A stream that stops is one fault with one
 * severity, and was told as less traffic first. The detectors have seen the window all the same: with the first rows, or with `freshness`, what they hold against it counts.
 */
export function whileSilent(
  results: readonly CheckResult[],
  rule: ConstraintOf<'arrives'> | undefined,
  { from, to }: Pick<Window, 'from' | 'to'>,
): readonly CheckResult[] {
  const silence = results.find(({ check }) => check === 'freshness');
  const silentMs = 1000 * (silence?.value ?? 0);
  if (!rule || silentMs <= 0 || silentMs >= rule.withinMs) return results;
  if (rule.withinMs > DECIDES_WITHIN * (to.getTime() - from.getTime())) return results;
  const rowsUntil = new Date(to.getTime() - silentMs);
  const explanation = `no rows since ${minuteText(rowsUntil)} UTC; by the reference, ${spanText(rule.withinMs)} is too long`;
  return results.map((one) =>
    one.state === 'ALERT' && one.n === 0 ? { ...one, state: 'INDETERMINATE', explanation } : one,
  );
}

import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { Window } from '../domain/window.js';
import { minuteText, spanText } from '../domain/wording.js';

/** A stream at the end of a window. */
export interface Stream {
  readonly window: Window;
  readonly predictions: number;
  /** End of the newest window with rows: the last row came before. */
  readonly rowsUntil: Date;
  /** Why the silence is no fault, in words; null where it is one. */
  readonly excuse: string | null;
}

/**
 * Whether a stream has been silent for longer than the reference ever was. Deterministic, by event time: the silence is counted from the
 * end of the last window with rows, so it is never overstated, and less than a whole window is none.
 */
export function freshnessResult(rule: ConstraintOf<'arrives'>, stream: Stream): CheckResult {
  const { window, predictions, rowsUntil, excuse } = stream;
  const silence = predictions > 0 ? 0 : window.to.getTime() - rowsUntil.getTime();
  const { check, feature, statistic } = rule;
  const silent = silence >= rule.withinMs;
  const found = {
    check,
    feature,
    statistic,
    value: silence / 1000,
    n: predictions,
    evidence: null,
    effect: null,
  };
  if (!silent || excuse !== null) {
    const explanation = silent ? `silent: ${excuse ?? ''}` : null;
    return { ...found, state: 'OK', since: null, explanation };
  }
  // How long it is would be wrong when it is read.
  const explanation = `no predictions since ${minuteText(rowsUntil)} UTC; by the reference, ${spanText(rule.withinMs)} is too long`;
  return { ...found, state: 'ALERT', since: rowsUntil, explanation };
}

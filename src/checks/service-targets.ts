import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { percentText } from '../domain/wording.js';
import { clopperPearsonInterval } from '../stats/clopper-pearson.js';

/** A target at the 95th percentile lets this part of the calls take longer. */
const SLOW_SHARE = 0.05;
/** One window in a million that is exactly at its target is called beyond it. */
const CONFIDENCE = 1 - 2e-6;

/**
 * The targets of the watched service that the model file sets, window by window: beyond one where even the lower end of the exact interval is.
 * What people set is no guess of the reference, so no budget is spent.
 */
export function serviceTargets(
  model: Model,
  baseline: Baseline,
  { profile, window }: { readonly profile: WindowProfile; readonly window: Window },
): CheckResult[] {
  const { latencyP95Ms, errorRate } = model.service;
  const targets = [
    { part: 'slow', statistic: 'latency_p95_target', most: latencyP95Ms === undefined ? null : SLOW_SHARE },
    { part: 'failed', statistic: 'error_rate_target', most: errorRate ?? null },
  ] as const;
  return targets.flatMap(({ part, statistic, most }) => {
    const rule = baseline.rules.find((one) => one.rule === 'calls' && one.part === part);
    if (!rule || most === null) return [];
    const measure = profile.measures[rule.name];
    const { hits, trials } = measure?.kind === 'rate' ? measure : { hits: 0, trials: 0 };
    const what = part === 'slow' ? `took longer than ${latencyP95Ms} ms` : 'failed';
    return [targetResult(statistic, { hits, trials, most, what }, window)];
  });
}

interface Kept {
  readonly hits: number;
  readonly trials: number;
  readonly most: number;
  readonly what: string;
}

function targetResult(statistic: string, { hits, trials, most, what }: Kept, window: Window): CheckResult {
  const silent = { evidence: null, effect: null, since: null, explanation: null } as const;
  const named = { ...silent, check: 'service', feature: null, statistic, n: trials } as const;
  if (trials === 0) return { ...named, value: null, state: 'INSUFFICIENT' };
  const value = hits / trials;
  const found = { ...named, value, effect: 100 * (value - most) };
  if (clopperPearsonInterval(hits, trials, CONFIDENCE).lower <= most) return { ...found, state: 'OK' };
  const explanation = `${percentText(value)} of ${trials} calls ${what}; the target allows ${percentText(most)}`;
  return { ...found, state: 'ALERT', since: window.from, explanation };
}

import type { Baseline } from '../domain/baseline.js';
import { callRule } from '../domain/call-limit.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { percentText } from '../domain/wording.js';
import { promisedShare } from './promised-share.js';

/** A target at the 95th percentile lets this part of the calls take longer. */
const SLOW_SHARE = 0.05;

/** The targets of the watched service that the model file sets, window by window. */
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
    const rule = callRule(baseline.rules, { part, ofTarget: true });
    if (!rule || most === null) return [];
    const what = part === 'slow' ? `took longer than ${latencyP95Ms} ms` : 'failed';
    const target = { check: 'service', feature: null, statistic, most } as const;
    const told = ({ trials, value }: { readonly trials: number; readonly value: number }) =>
      `${percentText(value)} of ${trials} calls ${what}; the target allows ${percentText(most)}`;
    return [promisedShare(target, profile.measures[rule.name], window, told)];
  });
}

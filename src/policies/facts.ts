import type { CheckResult } from '../domain/check-result.js';
import { riskTier, type Model } from '../domain/model.js';
import type { Facts } from './expression.js';

/** What expressions may ask of a model. */
export function modelFacts(model: Model): Facts['model'] {
  return { key: model.key, task: model.task, owner: model.owner, riskTier: riskTier(model.risk) };
}

/** What expressions may ask of a result: a number that was not computed is absent. */
export function resultFacts(result: CheckResult, model: Model): NonNullable<Facts['result']> {
  const importance = result.feature === null ? undefined : model.features[result.feature]?.importance;
  return {
    check: result.check,
    feature: result.feature ?? '',
    segment: result.segment ?? '',
    statistic: result.statistic,
    state: result.state,
    n: BigInt(Math.trunc(result.n)),
    ...(importance === undefined ? {} : { importance }),
    ...(computed(result.value) ? { value: result.value } : {}),
    ...(computed(result.effect) ? { effect: result.effect } : {}),
    ...(computed(result.evidence) ? { evidence: result.evidence } : {}),
  };
}

/** NaN compares false with everything, which a rule would read as "fine"; it is no number here. */
function computed(value: number | null): value is number {
  return value !== null && !Number.isNaN(value);
}

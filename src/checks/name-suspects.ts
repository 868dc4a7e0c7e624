import type { CheckResult } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import type { Inflow } from './advance-series.js';
import { rankSuspects, type Suspect } from './rank-suspects.js';
import type { SeriesModel } from './series.js';

/** Of the features named beside an alert, at most this share is expected to be innocent. */
const ALPHA = 0.1;
const NAMED = 3;

interface Judged {
  readonly series: SeriesModel;
  readonly inflow: Inflow;
  readonly result: CheckResult;
}

/** Alerts of a feature say which other features moved with it, most suspect first; everything else stays as it is. */
export function nameSuspects(model: Model, judged: readonly Judged[]): CheckResult[] {
  if (!judged.some(({ result }) => isFeatureAlert(result))) return judged.map(({ result }) => result);
  const ranked = rankSuspects([...suspectsOf(model, judged).values()], ALPHA).map(({ feature }) => feature);
  return judged.map(({ result }) => {
    const others = ranked.filter((name) => name !== result.feature).slice(0, NAMED);
    if (!isFeatureAlert(result) || others.length === 0) return result;
    return { ...result, explanation: `${result.explanation ?? ''}; ${others.join(', ')} moved too` };
  });
}

function isFeatureAlert({ state, feature, check }: CheckResult): boolean {
  return state === 'ALERT' && feature !== null && (check === 'feature_drift' || check === 'output_drift');
}

/** The strongest drift series of every feature, its evidence over the budget it grew from. */
function suspectsOf(model: Model, judged: readonly Judged[]): Map<string, Suspect> {
  const suspects = new Map<string, Suspect>();
  for (const { series, inflow, result } of judged) {
    if (series.feature === null || series.family === 'quality' || series.rule || result.evidence === null)
      continue;
    const spent = inflow.page * series.signs.length;
    const open = result.state === 'ALERT';
    const evidence = open ? Number.MAX_VALUE : spent > 0 ? result.evidence / spent : 0;
    const known = suspects.get(series.feature);
    if (known && known.evidence >= evidence) continue;
    const importance = model.features[series.feature]?.importance ?? 1;
    suspects.set(series.feature, {
      feature: series.feature,
      evidence,
      effect: result.effect ?? 0,
      importance,
    });
  }
  return suspects;
}

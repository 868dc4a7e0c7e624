import type { CheckResult } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import type { Inflow } from './advance-series.js';
import { bankEvidence } from './advance-series.js';
import type { SeriesJudgement } from './judge-series.js';
import { rankSuspects, type Suspect } from './rank-suspects.js';
import type { SeriesModel } from './series.js';
import { AT, MODE } from './series-state.js';

/** Of the features named beside an alert, at most this share is expected to be innocent. */
const ALPHA = 0.1;
const NAMED = 3;

interface Judged extends SeriesJudgement {
  readonly series: SeriesModel;
  readonly inflow: Inflow;
}

/** What was there for longer before another change began did not move with it. */
const WITH = 24 * 3_600_000;

/** Alerts of a feature say which other features moved with it, most suspect first; everything else stays as it is. */
export function nameSuspects(model: Model, judged: readonly Judged[]): CheckResult[] {
  if (!judged.some(({ result }) => isFeatureAlert(result))) return judged.map(({ result }) => result);
  const ranked = movedToo(model, judged);
  return judged.map(({ result }) => {
    const from = (result.since?.getTime() ?? -Infinity) - WITH;
    const others = ranked
      .filter(({ feature, since }) => feature !== result.feature && since >= from)
      .map(({ feature }) => feature)
      .slice(0, NAMED);
    if (!isFeatureAlert(result) || others.length === 0) return result;
    return { ...result, explanation: `${result.explanation ?? ''}; ${others.join(', ')} moved too` };
  });
}

function isFeatureAlert({ state, feature, check }: CheckResult): boolean {
  return state === 'ALERT' && feature !== null && (check === 'feature_drift' || check === 'output_drift');
}

/** Features that alert and are still off, and of the others those whose evidence selects them; the largest effect first. */
function movedToo(model: Model, judged: readonly Judged[]): readonly Named[] {
  const suspects = [...suspectsOf(model, judged).values()];
  const alerting = suspects.filter(({ alerts }) => alerts);
  // Those that alert have their own budget and do not vouch for the rest.
  const selected = rankSuspects(
    suspects.filter(({ alerts }) => !alerts),
    ALPHA,
  );
  return [...rankSuspects(alerting, ALPHA), ...selected];
}

/** `since` when, where it alerts: epoch milliseconds. */
type Named = Suspect & { readonly alerts: boolean; readonly since: number };

/** Sums over the drift series of one feature. */
interface Gathered {
  readonly evidence: number;
  readonly spent: number;
  readonly effect: number;
  readonly alerts: boolean;
  readonly since: number;
}

/**
 * Every feature with an e-value against "nothing has changed here": the evidence of its series together over all that flowed into them since
 * they were first judged. A Shiryaev–Roberts sum grows by its inflow on average while nothing happens, so their ratio averages at most one; the largest
 * of a feature's series over a single window's inflow, which averages as many as there were windows, does not.
 */
function suspectsOf(model: Model, judged: readonly Judged[]): Map<string, Named> {
  const gathered = new Map<string, Gathered>();
  for (const { series, inflow, result, after, isThere } of judged) {
    if (series.feature === null || series.family === 'quality' || series.rule || !after) continue;
    const known = gathered.get(series.feature) ?? {
      evidence: 0,
      spent: 0,
      effect: 0,
      alerts: false,
      since: Infinity,
    };
    const open = after[AT.mode] === MODE.alert;
    const effect = result.effect ?? 0;
    gathered.set(series.feature, {
      evidence: known.evidence + (open ? 0 : bankEvidence(after, 'page')),
      spent: known.spent + inflow.page * series.signs.length * (after[AT.count] ?? 0),
      effect: Math.abs(effect) > Math.abs(known.effect) ? effect : known.effect,
      alerts: known.alerts || (open && isThere),
      since: open && isThere ? Math.min(known.since, result.since?.getTime() ?? Infinity) : known.since,
    });
  }
  return new Map([...gathered].map(([feature, one]) => [feature, suspect(model, feature, one)]));
}

function suspect(model: Model, feature: string, { evidence, spent, effect, alerts, since }: Gathered): Named {
  const ratio = spent > 0 ? evidence / spent : 0;
  const importance = model.features[feature]?.importance ?? 1;
  return { feature, evidence: alerts ? Number.MAX_VALUE : ratio, effect, importance, alerts, since };
}

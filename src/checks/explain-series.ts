import type { FeatureBaseline } from '../domain/baseline.js';
import { isEstimateRule } from '../domain/estimate-of.js';
import { OUTPUT, type FeatureProfile, type NumericProfile, type PerformanceProfile } from '../domain/profile.js'; // prettier-ignore
import type { Score } from './score.js';
import type { Observation, SeriesModel } from './series.js';
import { calibrationChange, ranksWorse } from './calibration-change.js';
import type { ExplainContext } from './explain-context.js';
import { explainRule } from './explain-rule.js';
import { newLabelsText } from './new-labels.js';
import { PRESENT } from './never-there.js';
import { expectedRate } from './signed-effect.js';
import { mixText } from './mix-text.js';
import { momentsOf } from './moments.js';
import { type BinnedSample, unitChange } from './unit-change.js';
import { effectText } from '../domain/statistic-text.js';
import { convertedText, uncalibratedText, type Converted, type Interpretation } from '../domain/interpretation.js'; // prettier-ignore
import { manyText, numberText, percentText } from '../domain/wording.js';

interface Found {
  readonly observation: Observation;
  readonly score: Score;
  readonly effect: number;
}

/** Fewer values do not show a conversion. */
const LEAST_FOR_UNITS = 30;

/** Series that scores make worse which rank as well as they did and mean something else. */
const OF_CALIBRATION: ReadonlySet<string> = new Set(['log_loss', 'error_rate', 'estimation_gap']);

/** What is said of an open series, and what that is read as; absent where it is its size alone. */
interface Explained {
  readonly explanation: string;
  readonly readAs?: readonly Interpretation[];
}

/** One sentence for a person about an open series, with what decides by it. */
export function explainSeries(model: SeriesModel, found: Found, context: ExplainContext): Explained {
  const conversion = conversionOf(model, found, context);
  const said = sentenceOf(model, found, { ...context, conversion });
  const plain = conversion?.kind === 'converted' ? { explanation: said, readAs: [conversion] } : { explanation: said }; // prettier-ignore
  if ((model.segment ?? '') !== '' || !OF_CALIBRATION.has(model.statistic)) return plain;
  const [now, usual] = [context.profile.performance, context.baseline.reference.performance];
  const cause = calibrationChange(now, usual);
  if (cause) return { explanation: `${uncalibratedText(cause)}; ${said}`, readAs: [cause] };
  return model.statistic === 'estimation_gap'
    ? { explanation: `${said}: ${beyondExpected(model, now, usual)}` }
    : plain;
}

/** What an explanation is made from. */
interface Explaining extends ExplainContext {
  /** What has become of all values alike; null where the series is of something else, and where nothing has. */
  readonly conversion: Converted | Stuck | null;
}

/** What has changed where labels show another loss than the answers let expect: of scores that may still rank as they did nobody knows yet. */
function beyondExpected(
  { rule }: SeriesModel,
  now: PerformanceProfile,
  usual: PerformanceProfile | undefined,
): string {
  const hasScores = !(rule && isEstimateRule(rule) && rule.estimator.kind === 'regression');
  return !hasScores || ranksWorse(now, usual)
    ? 'what inputs mean for the truth has changed'
    : 'scores claim something else than they did, or inputs mean something else for the truth: the labels of this window do not tell which';
}

function sentenceOf(model: SeriesModel, found: Found, context: Explaining): string {
  const { observation, score, effect } = found;
  if (model.rule) {
    const { value, n } = observation;
    return explainRule(model.rule, { value, n, expected: score.expected }, context);
  }
  const before = () => percentText(expectedRate(model, score));
  switch (model.check) {
    case 'null_rate':
      if (model.statistic === PRESENT)
        return `${percentText(observation.value)} of the rows have a value; in the reference none had`;
      return `${percentText(observation.value)} null, ${before()} before`;
    case 'type_mismatch':
      return `${percentText(observation.value)} of the values are of another type, ${before()} before`;
    case 'new_category':
      return `${percentText(observation.value)} in categories never seen in the reference, ${before()} before`;
    case 'out_of_range':
      return observation.value > 0
        ? `${inOtherUnit(context)}values outside the range of the reference: ${rangeOf(model, context)}`
        : `within the range of the reference again: ${rangeOf(model, context)}`;
    case 'volume':
      return `${manyText(observation.value, 'prediction')}, ${Math.round((score.expected / 2) ** 2)} expected at this time`;
    case 'feature_drift':
    case 'output_drift':
      return explainDrift(model, found, context);
    default:
      return `${wordOf(model)} ${numberText(observation.value)}, ${numberText(observation.value - metricChange(observation, effect))} expected${newLabelsIn(model, context)}`;
  }
}

function explainDrift(
  model: SeriesModel,
  { observation, score, effect }: Found,
  context: Explaining,
): string {
  if (isShare(model)) {
    const category = model.statistic.slice(SHARE.length);
    const name = category === ':other' ? 'rare categories' : `"${category}"`;
    return `${name} make up ${percentText(observation.value)}, ${percentText(expectedRate(model, score))} before`;
  }
  const { conversion } = context;
  if (conversion?.kind === 'stuck') return `stuck: every value is ${numberText(conversion.at)}`;
  if (conversion) return `values ${convertedText(conversion)}`;
  switch (model.statistic) {
    case 'location':
      return `values are ${effect > 0 ? 'higher' : 'lower'} by ${numberText(Math.abs(effect))} reference standard deviations`;
    case 'scale':
      return `spread × ${numberText(1 + effect)} of what is usual`;
    case 'tail':
      return `${percentText(observation.value)} of the values are extreme, ${percentText(model.typical)} before`;
    default:
      return mixOf(model, context) ?? effectText(model.check, model.statistic, observation.value);
  }
}

/** Of categories, which of them; null of numbers. */
function mixOf({ feature }: SeriesModel, { baseline, profile }: ExplainContext): string | null {
  const name = feature ?? '';
  const known = baseline.features[name];
  if (known?.kind !== 'categorical') return null;
  return mixText(baseline.reference.features[name], profile.features[name], known.categories);
}

const SHARE = 'share:';

function isShare({ statistic }: SeriesModel): boolean {
  return statistic.startsWith(SHARE);
}

/** All values are one. */
interface Stuck {
  readonly kind: 'stuck';
  readonly at: number;
}

/** Checks of what values are, which a change of unit changes. */
const OF_CONVERSIONS: ReadonlySet<string> = new Set(['feature_drift', 'output_drift', 'out_of_range']);

/** A change of unit shows in every component; it is named in all of them, and where it is what took values out of their range. */
function conversionOf(
  model: SeriesModel,
  { observation }: Found,
  { baseline, profile }: ExplainContext,
): Converted | Stuck | null {
  if (model.rule || !OF_CONVERSIONS.has(model.check) || isShare(model)) return null;
  if (model.check === 'out_of_range' && observation.value <= 0) return null;
  const name = model.feature ?? '';
  const known = baseline.features[name];
  const reference = sampleOf(baseline.reference.features[name], known);
  const now = sampleOf(profile.features[name], known);
  if (known?.kind !== 'numeric' || !reference || !now) return null;
  if (now.sd === 0 && reference.sd > 0) return { kind: 'stuck', at: now.mean };
  // A probability has no unit.
  const conversion = unitChange(reference, now, { ...known, hasUnit: name !== OUTPUT.score });
  return conversion && { kind: 'converted', ...conversion };
}

/** `values × 100: looks like units → cents; `, where that is what took values out of their range; '' elsewhere. */
function inOtherUnit({ conversion }: Explaining): string {
  return conversion?.kind === 'converted' ? `values ${convertedText(conversion)}; ` : '';
}

function sampleOf(
  profile: FeatureProfile | undefined,
  feature: FeatureBaseline | undefined,
): BinnedSample | null {
  const moments = momentsOf(profile, feature);
  if (!moments || profile?.kind !== 'numeric' || profile.n < LEAST_FOR_UNITS) return null;
  const { n, bins, min, max } = profile;
  return { n, bins, min, max, ...moments };
}

function rangeOf(model: SeriesModel, { profile }: ExplainContext): string {
  const now: FeatureProfile | NumericProfile | undefined = profile.features[model.feature ?? ''];
  return now?.kind === 'numeric'
    ? `${numberText(now.min)} to ${numberText(now.max)} in this window`
    : 'unknown in this window';
}

/** A class nobody trained is the first thing to know of errors. */
function newLabelsIn({ check }: SeriesModel, { profile, baseline }: ExplainContext): string {
  const usual = baseline.reference.performance;
  const found = check === 'concept_drift' ? newLabelsText(profile.performance, usual) : null;
  return found === null ? '' : `; ${found}`;
}

function metricChange(observation: Observation, effect: number): number {
  return observation.hits === null ? effect : effect / 100;
}

function wordOf(model: SeriesModel): string {
  return model.statistic.replaceAll('_', ' ');
}

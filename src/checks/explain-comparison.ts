import { LEAST_GROUP } from '../domain/group-rule.js';
import type { Measure, Rule, RuleOf } from '../domain/measure.js';
import type { WindowProfile } from '../domain/profile.js';
import { pearson } from '../stats/correlation-component.js';
import { carriersOf } from './carriers.js';
import type { ExplainContext } from './explain-context.js';
import type { Observation } from './series.js';
import { numberText, percentText } from '../domain/wording.js';

/** One sentence about what many features show together, or how groups fare beside each other; null for rules that rows keep or break. */
export function explainComparison(
  rule: Rule,
  observation: Observation,
  context: ExplainContext,
): string | null {
  const [before, now] = [context.baseline.reference, context.profile].map((profile) =>
    measured(profile, rule),
  );
  const value = numberText(observation.value);
  switch (rule.rule) {
    case 'correlation': {
      const usual = before?.kind === 'pair' ? pearson(before) : null;
      return `the correlation of ${rule.a.feature} and ${rule.b.feature} is ${value}, ${usual === null ? 'unknown' : numberText(usual)} in the reference`;
    }
    case 'component':
      return `rows are ${rule.part === 'residual' ? 'off the directions' : 'farther out along the directions'} in which the reference varies: ${value} on average, ${meanText(before)} in the reference${byText(carriersOf(rule, context))}`;
    case 'classifier':
      return `a classifier tells this window from the reference (AUC ${value})${byText(carriersOf(rule, context))}`;
    case 'attribution':
      return `${rule.of} carries ${percentText(observation.value)} of the attributions, ${shareText(before)} in the reference`;
    case 'selection':
      return explainSelection(rule, now, before) ?? `${value} beside the others`;
    case 'group_calibration':
      return `outcomes of the group differ from their scores by ${value} on average, ${meanText(before)} in the reference`;
    case 'estimate':
      return `${rule.statistic.replaceAll('_', ' ')} is expected to be ${value} by the answers alone, ${meanText(before)} in the reference: no label is in it`;
    case 'estimate_gap':
      return `labels show ${numberText(Math.abs(observation.value))} ${observation.value < 0 ? 'less' : 'more'} loss than the answers let expect, ${meanText(before)} in the reference: what inputs mean for the truth has changed`;
    default:
      return null;
  }
}

/** Rates and sizes of the group and of the others; null where either is too small to be told. */
function ratesText(measure: Measure | undefined): string | null {
  if (measure?.kind !== 'rates' || Math.min(measure.trials, measure.otherTrials) < LEAST_GROUP) return null;
  const { hits, trials, otherHits, otherTrials } = measure;
  return `${percentText(hits / trials)} (n = ${trials}), others ${percentText(otherHits / otherTrials)} (n = ${otherTrials})`;
}

const VERB = {
  all: 'get the favourable outcome',
  deserving: 'get the favourable outcome they deserve',
  undeserving: 'get the favourable outcome they do not deserve',
} as const;

function explainSelection(
  rule: RuleOf<'selection'>,
  now: Measure | undefined,
  before: Measure | undefined,
): string | null {
  const rates = ratesText(now);
  if (rates === null) return null;
  const usual = ratesText(before);
  return `${rates} ${VERB[rule.among]}${usual === null ? '' : `; in the reference ${usual}`}`;
}

function measured(profile: WindowProfile, rule: Rule): Measure | undefined {
  return profile.measures[rule.name];
}

function meanOf(measure: Measure | undefined): number | null {
  return (measure?.kind === 'mean' || measure?.kind === 'estimate') && measure.n > 0
    ? measure.sum / measure.n
    : null;
}

function meanText(measure: Measure | undefined): string {
  const mean = meanOf(measure);
  return mean === null ? 'unknown' : numberText(mean);
}

function shareText(measure: Measure | undefined): string {
  const mean = meanOf(measure);
  return mean === null ? 'unknown' : percentText(mean);
}

function byText(features: readonly string[]): string {
  return features.length === 0 ? '' : `, mostly by ${features.join(', ')}`;
}

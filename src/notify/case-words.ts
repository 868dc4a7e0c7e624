import type { CheckName } from '../domain/check-result.js';
import type { IncidentChangeKind } from '../domain/incident-change.js';
import { words } from '../domain/wording.js';

/** What to look at first. */
const LOOK_AT: Readonly<Record<CheckName, string>> = {
  feature_drift: 'Compare the feature with its source since the onset. If the world has changed, plan a retraining or pin a new reference.',
  output_drift: 'See whether inputs moved at the same time; if none did, look at the model and its serving code.',
  null_rate: 'Look at the pipeline that fills the feature: since the onset its values are missing, or there where they were not.',
  new_category: 'Look at the source of the new values: a renamed code, a new market, a typing error.',
  out_of_range: 'Look at the source and its unit: values lie outside everything the model was trained on.',
  type_mismatch: 'Look at the last change of the producer: it sends another type.',
  unknown_feature: 'Tell whether the feature is meant: describe it in the model file, or stop sending it.',
  volume: 'Look at traffic and routing in front of the model.',
  performance: 'Compare errors before and after the onset by segment; a retraining is decided by its guard rails.',
  concept_drift: 'Compare errors before and after the onset by segment; a retraining is decided by its guard rails.',
  estimated_performance: 'See which inputs moved at the same time; labels will tell whether it is so.',
  service: 'Look at the serving of the model: the newest failures and the slowest calls are on the model page.',
  fairness: 'Compare the groups on the model page and tell the owner of the model.',
  multivariate: 'Look at the features named first; their relation has changed.',
  attribution_drift: 'Compare what the model decides by with what it was trained on.',
  group_errors: 'Compare the errors of the group and of the others and tell the owner of the model.',
  segment_drift: 'Look at what is special to the segment: its source, its release, a campaign.',
  segment_performance: 'Compare the segment with the others on the model page; retrain if the world of the segment has changed.',
  pair_rule: 'Look at the rows that break the rule on the feature page.',
  expectation: 'Look at the rows that break it on the model page, then at their source; or change what is expected.',
  format: 'Look at the producer of the feature: it writes the values in another way.',
  stuck: 'Look at the producer of the feature: it repeats one value.',
  duplicates: 'Look for a producer or a job that sends rows twice.',
  freshness: 'Look whether the model still answers, and whether its events are still sent.',
  monitoring: 'See on the model page what is missing to judge it.',
  unmatched_labels: 'Compare the prediction_id of a label with that of its prediction, the model key of both, and how both the label and the model file spell the positive class.',
  label_delay: 'Look at what delivers the labels: a job that stopped, a source that is missing, a source that takes longer. What labels say is judged later by as much.',
  event_time: 'Send event times in UTC, or with their zone: 2026-11-21T10:00:00+02:00.',
}; // prettier-ignore

/** The first thing to do about a finding. */
export function firstStep(check: CheckName): string {
  return LOOK_AT[check];
}

/** What checks of a model as a whole, or of a part of its traffic, are called where their name alone says nothing to who has not read how it is done. */
const CALLED: Readonly<Partial<Record<CheckName, string>>> = {
  multivariate: 'inputs together',
  concept_drift: 'errors',
  performance: 'quality of answers',
  estimated_performance: 'quality as expected',
  attribution_drift: 'what decides',
  segment_drift: 'a part of the traffic',
  segment_performance: 'answers to a part of the traffic',
};

/** A check as a title names it. */
export function checkCalled(check: string): string {
  return (CALLED as Readonly<Record<string, string>>)[check] ?? words(check);
}

const NEWS_WORDS: Readonly<Partial<Record<IncidentChangeKind, string>>> = {
  escalated: 'worse',
  reopened: 'back',
  acknowledged: 'taken on',
  amended: 'changed',
};

/** What happened to a finding, in a word. */
export function newsWord(kind: IncidentChangeKind): string {
  return NEWS_WORDS[kind] ?? kind;
}

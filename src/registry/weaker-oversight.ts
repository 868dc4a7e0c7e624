import { isDeepStrictEqual } from 'node:util';
import { durationText } from '../domain/duration.js';
import { RISK_SCORE, type Model } from '../domain/model.js';

/** Something that a new description takes away: the field, and in words what it was and would be. */
export interface Weakening {
  readonly field: string;
  readonly text: string;
}

/** What was there and is not any more, or is another or less; null where a change takes nothing away. */
type Rule = (before: Model, after: Model) => string | null;

type Said = string | number | boolean | readonly string[] | undefined;

/** All that watches a model and that its description decides: the one list of it. What adds to it is nobody else's matter. */
const RULES: Readonly<Record<string, Rule>> = {
  protected: (was, is) => without(was.protected, is.protected),
  favourable: (was, is) => (was.protected.length > 0 ? other(was.favourable, is.favourable) : null),
  positive: (was, is) => other(was.positive, is.positive),
  segments: (was, is) => without(was.segments, is.segments),
  features: (was, is) => without(Object.keys(was.features), Object.keys(is.features)),
  'features.type': ({ features: was }, { features: is }) => each(was, is, (a, b) => (a.type === b.type ? null : changed(a.type, b.type))),
  environments: (was, is) => without(was.environments, is.environments),
  jurisdictions: (was, is) => without(was.jurisdictions ?? [], is.jurisdictions ?? []),
  residency: (was, is) => (isWider(was.residency, is.residency) ? changed(was.residency, is.residency) : null),
  thirdParty: (was, is) => (was.thirdParty === true ? other(true, is.thirdParty) : null),
  expectations: (was, is) => {
    const gone = was.expectations.filter((one) => !is.expectations.some((kept) => isDeepStrictEqual(kept, one)));
    return gone.length === 0 ? null : `without ${gone.map((one) => JSON.stringify(one)).join(', ')}`;
  },
  'risk.impact': ({ risk: was }, { risk: is }) => (RISK_SCORE[is.impact] < RISK_SCORE[was.impact] ? changed(was.impact, is.impact) : null),
  'risk.frequency': ({ risk: was }, { risk: is }) =>
    RISK_SCORE[is.frequency] < RISK_SCORE[was.frequency] ? changed(was.frequency, is.frequency) : null,
  'risk.assessor': (was, is) => other(was.risk.assessor, is.risk.assessor),
  'risk.reviewBy': ({ risk: was }, { risk: is }) =>
    was.reviewBy !== undefined && (is.reviewBy === undefined || is.reviewBy > was.reviewBy)
      ? changed(was.reviewBy, is.reviewBy)
      : null,
  'monitoringPlan.metrics': ({ monitoringPlan: was }, { monitoringPlan: is }) =>
    is === undefined && was ? 'none any more' : without(was?.metrics ?? [], is?.metrics ?? []),
  'monitoringPlan.every': ({ monitoringPlan: was }, { monitoringPlan: is }) =>
    was && is && is.every > was.every ? changed(durationText(was.every), durationText(is.every)) : null,
  'monitoringPlan.responsible': ({ monitoringPlan: was }, { monitoringPlan: is }) =>
    was && is ? other(was.responsible, is.responsible) : null,
  'multivariate.classifier': ({ multivariate: was }, { multivariate: is }) =>
    was.classifier !== false && is.classifier === false ? changed(was.classifier, false) : null,
  season: (was, is) => other(was.season, is.season),
  window: (was, is) => (is.window > was.window ? changed(durationText(was.window), durationText(is.window)) : null),
  lateness: (was, is) => (is.lateness < was.lateness ? changed(durationText(was.lateness), durationText(is.lateness)) : null),
  'labels.expectedWithin': ({ labels: was }, { labels: is }) =>
    is.expectedWithin > was.expectedWithin ? changed(durationText(was.expectedWithin), durationText(is.expectedWithin)) : null,
  'service.latencyP95Ms': (was, is) => looser(was.service.latencyP95Ms, is.service.latencyP95Ms),
  'service.errorRate': (was, is) => looser(was.service.errorRate, is.service.errorRate),
  'limits.features': (was, is) =>
    is.limits.features < was.limits.features ? changed(was.limits.features, is.limits.features) : null,
}; // prettier-ignore

/** What a new description takes away of what watches the model, in the order of the list; empty where nothing. Pure. */
export function weakerOversight(before: Model, after: Model): readonly Weakening[] {
  return Object.entries(RULES).flatMap(([field, rule]) => {
    const what = rule(before, after);
    return what === null ? [] : [{ field, text: `${field} of ${before.key}: ${what}` }];
  });
}

/** What a rule says of the features that both have, by name; null where nothing. */
function each(
  before: Model['features'],
  after: Model['features'],
  rule: (was: Model['features'][string], is: Model['features'][string]) => string | null,
): string | null {
  const said = Object.entries(before).flatMap(([name, was]) => {
    const is = after[name];
    const what = is && rule(was, is);
    return what ? [`${name} ${what}`] : [];
  });
  return said.length === 0 ? null : said.join(', ');
}

function without(before: readonly string[], after: readonly string[]): string | null {
  const gone = before.filter((one) => !after.includes(one));
  return gone.length === 0 ? null : `without ${gone.join(', ')}`;
}

/** Another word than the one that was said; what was not said before can only be added. */
function other(before: Said, after: Said): string | null {
  return before === undefined || before === after ? null : changed(before, after);
}

/** A target that is higher than it was, or gone. */
function looser(before: number | undefined, after: number | undefined): string | null {
  const isLooser = before !== undefined && (after === undefined || after > before);
  return isLooser ? changed(before, after) : null;
}

function isWider(before: readonly string[] | undefined, after: readonly string[] | undefined): boolean {
  return before !== undefined && (after === undefined || after.some((region) => !before.includes(region)));
}

function changed(before: Said, after: Said): string {
  return `${worded(before)} to ${worded(after)}`;
}

function worded(value: Said): string {
  if (value === undefined) return 'unsaid';
  return typeof value === 'object' ? value.join(', ') : `${value}`;
}

import type { CaseMessage, TouchedModel } from '../domain/case-message.js';
import { groupBy } from '../domain/group-by.js';
import type { Incident } from '../domain/incident.js';
import { RISK_TIERS } from '../domain/model.js';
import { countText } from '../domain/wording.js';
import type { CaseSubject } from './case-subject.js';

/** More would not be read; the page of the case lists what each shows. */
const MOST_TOUCHED = 4;

/** The models that a case is about beside its own, the highest risk first: one of them may matter more than the one that was found first. Nothing where nobody knows them. */
export function alsoTouched(
  ranked: readonly Incident[],
  own: string,
  subjectOf: ((incident: Incident) => CaseSubject) | undefined,
): Pick<CaseMessage, 'alsoTouches'> {
  if (!subjectOf) return {};
  const others = groupBy(
    ranked.filter(({ signal }) => signal.model !== own),
    ({ signal }) => signal.model,
  );
  const touched = [...others.values()].flatMap((its) => touchedOf(its, subjectOf));
  const risk = ({ tier }: TouchedModel) => RISK_TIERS.indexOf(tier);
  return {
    alsoTouches: touched.toSorted(
      (a, b) => risk(b) - risk(a) || b.decisions - a.decisions || a.model.localeCompare(b.model, 'en'),
    ),
  };
}

/** One of them, by what ranks first of it. */
function touchedOf(its: readonly Incident[], subjectOf: (incident: Incident) => CaseSubject): readonly TouchedModel[] {
  const [first] = its;
  if (!first) return [];
  const { signal, course } = first;
  const { owner, tier } = subjectOf(first);
  const stretch = { since: course.onset.toISOString(), until: course.lastAt.toISOString() };
  return [{ model: signal.model, version: signal.version, owner, tier, decisions: Math.round(course.rows), ...stretch }];
} // prettier-ignore

/** `loans 2026.10 of risk-team, high risk, 377 decisions meanwhile; cards …`: as many as somebody reads; of messages of before that was said, the names. */
export function alsoTouchedText({ alsoModels = [], alsoTouches }: Pick<CaseMessage, 'alsoModels' | 'alsoTouches'>): string {
  if (!alsoTouches) return alsoModels.join(', ');
  const more = alsoTouches.length - MOST_TOUCHED;
  return [...alsoTouches.slice(0, MOST_TOUCHED).map(touchedText), ...(more > 0 ? [`${more} more`] : [])].join('; ');
} // prettier-ignore

/** Whose a model is, how much depends on it, and how many of its decisions something touches: `loans 2026.10 of risk-team, high risk, 377 decisions meanwhile`. */
export function touchedText({ model, version, owner, tier, decisions }: Pick<TouchedModel, 'model' | 'version' | 'owner'> & Partial<TouchedModel>): string {
  const name = version === '' ? model : `${model} ${version}`;
  const risk = tier === undefined ? '' : `, ${tier.toLowerCase()} risk`;
  const made = decisions !== undefined && decisions > 0 ? `, ${countText(decisions)} decisions meanwhile` : '';
  return `${name} of ${owner}${risk}${made}`;
} // prettier-ignore

import { isSamePerson } from '../domain/person.js';
import { isReviewOverdue, type Model } from '../domain/model.js';
import { placeText } from '../domain/residency.js';
import { countText, minuteText, spanText, utcText } from '../domain/wording.js';
import { planStanding } from './plan-standing.js';
import type { Stages } from './stages.js';

type Sources = Pick<
  Stages,
  'residency' | 'registry' | 'monitoringRuns' | 'overrides' | 'descriptions' | 'nameOf'
>;
type Fact = readonly [name: string, text: string];

/** What a model file and people say of who answers for a model, where its data has to stay and how it is watched by hand; what nobody said is left out. */
export function governanceFacts(stages: Sources, model: Model, now: Date): readonly Fact[] {
  const { team, jurisdictions, thirdParty, risk } = model;
  const review = risk.reviewBy && `by ${risk.reviewBy}${risk.assessor ? `, ${risk.assessor}` : ''}${isReviewOverdue(model, now) ? ': overdue' : ''}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Team', team],
    ['Jurisdictions', jurisdictions?.join(', ')],
    ['Made by somebody else', thirdParty === undefined ? undefined : thirdParty ? 'yes' : 'no'],
    ['Data has to stay in', residencyText(stages, model)],
    ['Review of its risk', review],
    ['Monitoring plan', planText(stages, model, now)],
    ['Taken back by its file', undoneText(stages, model)],
    ['Overridden by people', overriddenText(stages, model)],
  ];
  return facts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
} // prettier-ignore

function overriddenText({ overrides, nameOf }: Sources, { key }: Model): string | undefined {
  const own = overrides.list().filter(({ model }) => model === key);
  const forOthers = own.filter(({ reviewer, enteredBy }) => !isSamePerson(reviewer, nameOf(enteredBy))).length;
  const unseen = own.filter(({ isCompared }) => isCompared === false).length;
  const parts = [
    `${countText(own.length)} decisions`,
    ...(forOthers > 0 ? [`${countText(forOthers)} entered by somebody else than the reviewer`] : []),
    ...(unseen > 0 ? [`${countText(unseen)} of predictions that are not stored`] : []),
  ];
  return own.length === 0 ? undefined : parts.join(', ');
} // prettier-ignore

function undoneText({ descriptions }: Sources, { key }: Model): string | undefined {
  const { undone } = descriptions.agreementOf(key);
  return undone ? `${undone.what.join('; ')} (at the start of ${minuteText(undone.at)} UTC, entry ${undone.seq})` : undefined;
} // prettier-ignore

function residencyText({ residency }: Sources, { key, residency: regions }: Model): string | undefined {
  if (regions === undefined) return undefined;
  const stays = regions.join(' or ');
  if (!residency.barredHere.has(key)) return stays;
  return `${stays}: its rows are refused here, for this service ${placeText(residency.here)}`;
}

function planText(stages: Sources, { key }: Model, now: Date): string | undefined {
  const plan = planStanding(stages, key, now);
  if (!plan) return undefined;
  const last = plan.last ? `last run ${utcText(plan.last.at)} by ${plan.last.by}` : 'never run';
  const due = plan.isOverdue ? `overdue since ${utcText(plan.dueAt)}` : `due ${utcText(plan.dueAt)}`;
  return `${plan.metrics.join(', ')}; ${plan.responsible}, every ${spanText(plan.everyMs)}; ${last}, ${due}`;
}

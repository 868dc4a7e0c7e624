import type { Briefing } from '../domain/case-message.js';
import type { Incident, IncidentState } from '../domain/incident.js';
import { findingTitle } from '../domain/incident-headline.js';
import { countText } from '../domain/wording.js';
import { probableCause } from './case-cause.js';
import type { CaseSubject } from './case-subject.js';
import { firstStep } from './case-words.js';

/** When something of a case was there, event time. */
export interface CaseStretch {
  readonly from: Date;
  readonly to: Date;
}

/** From the first onset of a case to the last moment that anything of it was seen; what was taken back counts only where nothing else is there. */
export function stretchOf(members: readonly Incident[]): CaseStretch {
  const stood = members.filter(({ closeReason }) => closeReason !== 'withdrawn');
  const all = stood.length > 0 ? stood : members;
  return {
    from: new Date(Math.min(...all.map(({ course }) => course.onset.getTime()))),
    to: new Date(Math.max(...all.map(({ course }) => course.lastAt.getTime()))),
  };
}

/** What a person wants to know of a case beside the numbers; `told` are the incidents the message is about, `leading` the first of them; `over` is set of a case that has ended. */
export function briefingOf(
  leading: Incident,
  told: readonly Incident[],
  { state, over }: { readonly state: IncidentState; readonly over: CaseStretch | null },
  subject: CaseSubject,
): Briefing {
  const { course } = leading;
  const cause = probableCause(leading, told, subject);
  const others = new Set(told.map(({ signal }) => signal.model)).size - 1;
  return {
    title: others > 0 ? sharedTitle(leading, others, subject) : titleOf(leading, told, cause),
    tier: subject.tier,
    decisions: Math.round(course.rows),
    sure: sureText(leading, state),
    cause,
    next: stepsOf(leading, cause, state),
    asksTraining: told.some(({ retrain }) => retrain),
    ...(subject.unwatched !== null && state !== 'CLOSED' ? { unwatched: subject.unwatched } : {}),
    runbook: subject.runbook(leading.policy),
    ended: over && {
      at: over.to.toISOString(),
      lastedSeconds: (over.to.getTime() - over.from.getTime()) / 1000,
    },
  };
}

/** Of one source at fault for several models, whatever each of them shows. */
function sharedTitle({ signal }: Incident, others: number, subject: CaseSubject): string {
  const source = subject.source(signal.feature ?? '')?.name ?? 'one source';
  return `the data from ${source} are at fault, here and in ${others} more ${others === 1 ? 'model' : 'models'}`;
}

function titleOf(leading: Incident, told: readonly Incident[], cause: Briefing['cause']): string {
  const lead = cause?.kind === 'all_inputs' ? 'all inputs have changed at once' : findingTitle(leading);
  const more = told.filter((one) => one === leading || !one.explainedBy).length - 1;
  return more > 0 && cause?.kind !== 'all_inputs' ? `${lead}, and ${more} more` : lead;
}

/** On how much it rests; what one window shows may be chance that a correction takes back. */
function sureText({ course }: Incident, state: IncidentState): string {
  const { windows, rows } = course;
  const seen = `seen in ${windows} ${windows === 1 ? 'window' : 'windows'}${rows > 0 ? `, on ${countText(rows)} rows` : ''}`;
  return windows === 1 && state !== 'CLOSED' ? `${seen}; later windows will confirm it or not` : seen;
}

function stepsOf(
  { signal, proposal, closeReason }: Incident,
  cause: Briefing['cause'],
  state: IncidentState,
): string[] {
  // Who closes a case by hand says what it was in the same breath.
  if (closeReason === 'manual') return [];
  if (state === 'CLOSED') return ['Say what it was, so that the precision of this check can be counted.'];
  const first =
    cause?.kind === 'all_inputs'
      ? 'Look at what feeds the model: a changed source, join or unit moves all inputs together.'
      : cause?.kind === 'deployment'
        ? 'Compare this version with the one before; roll back if the change was not meant.'
        : cause?.kind === 'training_serving_skew'
          ? 'Take a request, make its features as the training does, and compare them with those that were served.'
          : firstStep(signal.check);
  return proposal ? [first, `If this is the new normal: ${proposal}`] : [first];
}

import type { Briefing } from '../domain/case-message.js';
import type { Incident, IncidentState } from '../domain/incident.js';
import { UNCALIBRATED } from '../domain/calibration-words.js';
import { findingTitle } from '../domain/incident-headline.js';
import { countText, someOf } from '../domain/wording.js';
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

/** How a case stands: `over` is set where it has ended, `members` are all its incidents, first those of its own model. */
interface Standing {
  readonly state: IncidentState;
  readonly over: CaseStretch | null;
  readonly members: readonly Incident[];
}

/** What a person wants to know of a case beside the numbers; `told` are the incidents the message is about, `leading` the first of them. */
export function briefingOf(
  leading: Incident,
  told: readonly Incident[],
  { state, over, members }: Standing,
  subject: CaseSubject,
): Briefing {
  const { course } = leading;
  const cause = probableCause(leading, told, subject, members);
  const recovered = state === 'CLOSED' ? null : recoveredText(members);
  return {
    title: sharedTitle(members[0]?.signal.model, told, subject) ?? titleOf(leading, told, cause),
    tier: subject.tier,
    decisions: Math.round(course.rows),
    sure: sureText(leading, state),
    cause,
    next: stepsOf(leading, cause, state),
    asksTraining: false,
    ...(subject.unwatched !== null && state !== 'CLOSED' ? { unwatched: subject.unwatched } : {}),
    ...(recovered === null ? {} : { recovered }),
    runbook: subject.runbook(leading.policy),
    ended: over && {
      at: over.to.toISOString(),
      lastedSeconds: (over.to.getTime() - over.from.getTime()) / 1000,
    },
  };
}

/** More names are counted. */
const NAMED = 3;

/** Of one source at fault for several models, whatever each of them shows; null where it is about the model of the case alone. */
function sharedTitle(own: string | undefined, told: readonly Incident[], subject: CaseSubject): string | null {
  const models = modelsIn(told);
  const others = models.filter((model) => model !== own);
  if (others.length === 0) return null;
  const [source = 'one source'] = told.flatMap(({ signal }) => subject.source(signal.feature ?? '')?.name ?? []);
  const where = others.length < models.length ? 'here and in' : 'still in';
  return `the data from ${source} are at fault, ${where} ${someOf(others, NAMED)}`;
} // prettier-ignore

/** `fraud-a; not yet in fraud-b, fraud-c`: in which of several models a case is over; null where it is in none, or of one model. */
function recoveredText(members: readonly Incident[]): string | null {
  const { over, open } = placesOf(members);
  return over.length === 0 || open.length === 0
    ? null
    : `${someOf(over, NAMED)}; not yet in ${someOf(open, NAMED)}`;
}

/** The models that incidents are of, by name: those in which all is over, and those in which something is open. */
export function placesOf(members: readonly Incident[]): {
  readonly over: readonly string[];
  readonly open: readonly string[];
} {
  const open = modelsIn(members.filter(({ state }) => state !== 'CLOSED'));
  return { over: modelsIn(members).filter((model) => !open.includes(model)), open };
}

/** The models that incidents are of, by name. */
export function modelsIn(members: readonly Incident[]): readonly string[] {
  return [...new Set(members.map(({ signal }) => signal.model))].sort();
}

/** Causes that say what the case is about better than its leading finding does. */
const LEADS: Partial<Record<NonNullable<Briefing['cause']>['kind'], string>> = {
  all_inputs: 'all inputs have changed at once',
  calibration: UNCALIBRATED,
};

/** How a title counts what it does not name. */
export const MORE = /, and \d+ more$/u;

function titleOf(leading: Incident, told: readonly Incident[], cause: Briefing['cause']): string {
  const lead = (cause && LEADS[cause.kind]) ?? findingTitle(leading);
  if (cause?.kind === 'all_inputs') return lead;
  const more = told.filter((one) => one === leading || !one.explainedBy).length - 1;
  return more > 0 ? `${lead}, and ${more} more` : lead;
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
        : cause?.kind === 'calibration'
          ? 'Fit the calibration again on newest labels, or train again; until then no threshold on the score means what it did.'
          : cause?.kind === 'training_serving_skew'
            ? 'Take a request, make its features as the training does, and compare them with those that were served.'
            : firstStep(signal.check);
  return proposal ? [first, `If this is the new normal: ${proposal}`] : [first];
}

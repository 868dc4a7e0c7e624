import type { Briefing } from '../domain/case-message.js';
import type { CloseReason, Incident, IncidentState } from '../domain/incident.js';
import { invariant } from '../domain/invariant.js';
import { windowCount, windowsText } from '../domain/incident-facts.js';
import { findingTitle } from '../domain/incident-headline.js';
import { seenFromOf } from '../domain/incident-course.js';
import { UNCALIBRATED } from '../domain/interpretation.js';
import { countText, namesWithin } from '../domain/wording.js';
import { inputsTogether, probableCause } from './case-cause.js';
import type { CaseNow, CaseStretch } from './case-now.js';
import type { CaseSubject } from './case-subject.js';
import { otherNames, withOthers } from './case-title.js';
import { firstStep } from './case-words.js';

/** What a person wants to know of a case beside the numbers; `members` are all its incidents, first those of its own model. */
export function briefingOf(
  { leading, listed, about, state, over }: CaseNow<Incident>,
  members: readonly Incident[],
  subject: CaseSubject,
): Briefing {
  const cause = probableCause(leading, about, subject, members);
  const recovered = state === 'CLOSED' ? null : recoveredText(members);
  const lead =
    sharedLead(leading, { about, members, state }, subject) ?? leadText(leading, cause, { members, subject });
  return {
    title:
      cause?.kind === 'all_inputs'
        ? lead
        : withOthers(
            lead,
            otherNames(leading, besides({ leading, listed, about }), members[0]?.signal.model),
          ),
    lead,
    tier: subject.tier,
    decisions: Math.round(leading.course.rows),
    sure: sureText(leading, state, subject.windowMs),
    cause,
    next: stepsOf(leading, cause, { state, about }),
    asksTraining: false,
    ...(subject.unwatched !== null && state !== 'CLOSED' ? { unwatched: subject.unwatched } : {}),
    ...(recovered === null ? {} : { recovered }),
    runbook: subject.runbook(leading.policy),
    ended: over && endedOf(leading),
    ...(over && about.length > 1 ? { whole: wholeOf(over, about.length) } : {}),
  };
}

/** The end of one finding, by its own period. */
function endedOf({ course: { onset, lastAt } }: Incident): NonNullable<Briefing['ended']> {
  return { at: lastAt.toISOString(), lastedSeconds: (lastAt.getTime() - onset.getTime()) / 1000 };
}

function wholeOf({ from, to }: CaseStretch, findings: number): NonNullable<Briefing['whole']> {
  return { from: from.toISOString(), to: to.toISOString(), findings };
}

/** Characters of names in a sentence. */
const NAMES = 80;

/**
 * `age has more nulls than usual at its source crm, here and in loans`: where the leading finding is of a source that is at fault for several models, what is wrong with it and where. Null where it is
 * about the model of the case alone, and where something else leads.
 */
function sharedLead(
  leading: Incident,
  { about, members, state }: Pick<CaseNow<Incident>, 'about' | 'state'> & { readonly members: readonly Incident[] },
  subject: CaseSubject,
): string | null {
  const isOfSource = (one: Incident) =>
    one.signal.model !== leading.signal.model &&
    (one.explainedBy === leading.id || leading.explainedBy === one.id || leading.explainedBy === one.explainedBy);
  const cause = members.find(({ id }) => id === leading.explainedBy);
  const isGuest = cause !== undefined && cause.signal.model !== leading.signal.model;
  const others = modelsIn([...about.filter(isOfSource), ...(isGuest ? [leading] : [])]);
  if (others.length === 0) return null;
  const name = subject.source(leading.signal.feature ?? '')?.name ?? 'of several models';
  const where = isGuest ? (state === 'CLOSED' ? 'in' : 'still in') : 'here and in';
  return `${findingTitle(leading)} at its source ${name}, ${where} ${namesWithin(others, NAMES)}`;
} // prettier-ignore

/** `fraud-a; not yet in fraud-b, fraud-c`: in which of several models a case is over; null where it is in none, or of one model. */
function recoveredText(members: readonly Incident[]): string | null {
  const { over, open } = placesOf(members);
  return over.length === 0 || open.length === 0
    ? null
    : `${namesWithin(over, NAMES)}; not yet in ${namesWithin(open, NAMES)}`;
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
function leadOfCause(
  { kind }: NonNullable<Briefing['cause']>,
  leading: Incident,
  { members, subject }: CaseOf,
): string | null {
  if (kind === 'calibration') return UNCALIBRATED;
  if (kind !== 'all_inputs') return null;
  // One case has one number of them.
  const together = inputsTogether(leading, members, subject);
  const inputs = together < subject.inputs ? `${together} of ${subject.inputs} inputs` : 'all inputs';
  return `${inputs} have changed at once`;
}

interface CaseOf {
  readonly members: readonly Incident[];
  readonly subject: CaseSubject;
}

/** What labels have not shown yet is a guess, which heads nothing. */
function isProved({ kind, claim }: NonNullable<Briefing['cause']>): boolean {
  return kind !== 'calibration' || claim !== undefined;
}

function leadText(leading: Incident, cause: Briefing['cause'], of: CaseOf): string {
  return (cause && isProved(cause) && leadOfCause(cause, leading, of)) || findingTitle(leading);
}

/** What else a case is about by itself, what ranks first first. */
function besides({ leading, listed, about }: Pick<CaseNow<Incident>, 'leading' | 'listed' | 'about'>): readonly Incident[] {
  return listed.filter((one) => one !== leading && !one.explainedBy && about.includes(one));
} // prettier-ignore

/** What ended last of what a case was about, by which the case ended: where several did at once, what a person closed first of all. */
export function endOf(about: readonly Incident[]): Incident {
  const at = ({ closedAt }: Incident) => closedAt?.getTime() ?? 0;
  const place = ({ closeReason }: Incident) => ENDS.indexOf(closeReason ?? 'recovered');
  const [last] = about.toSorted((a, b) => at(b) - at(a) || place(a) - place(b));
  invariant(last, 'a case that is over was about something');
  return last;
}

const ENDS: readonly CloseReason[] = ['manual', 'superseded', 'recovered', 'withdrawn'];

/** Windows are judged together until they have so many rows. */
const FEW_ROWS = 30;

/** On how much it rests; what one window shows may be chance that a correction takes back. */
function sureText({ course }: Incident, state: IncidentState, windowMs: number): string {
  const { windows, rows, lastAt } = course;
  const from = seenFromOf(course, windowMs).getTime();
  const all = Math.round((lastAt.getTime() - from) / windowMs);
  const isPooled = windows > 1 && windowsText(course) !== windowCount(windows);
  const hasGaps = windows > 1 && all > windows;
  const few =
    isPooled || (hasGaps && rows < FEW_ROWS * all) ? '; windows with too few rows are judged together' : '';
  const where = isPooled ? windowsText(course) : shownIn(windows, all);
  const seen = `seen in ${where}${rows > 0 ? `, on ${countText(rows)} rows` : ''}${few}`;
  return windows === 1 && state !== 'CLOSED' ? `${seen}; later windows will confirm it or not` : seen;
}

/** In which windows it was seen: of how many, or that one had the rows of several. */
function shownIn(windows: number, all: number): string {
  if (windows === 1) return all > 1 ? `${all} windows with too few rows put together` : windowCount(1);
  return all > windows ? `${windows} of ${all} windows` : windowCount(windows);
}

function stepsOf(
  { signal, proposal }: Incident,
  cause: Briefing['cause'],
  { state, about }: Pick<CaseNow<Incident>, 'state' | 'about'>,
): string[] {
  // Who closes a case by hand says what it was in the same breath.
  if (state === 'CLOSED' && endOf(about).closeReason === 'manual') return [];
  if (state === 'CLOSED') return ['Say what it was, so that the precision of this check can be counted.'];
  const first = (cause && isProved(cause) && FIRST_BY_CAUSE[cause.kind]) || firstStep(signal.check);
  // What comes in another unit is no new normal.
  return proposal && cause?.kind !== 'unit' ? [first, `If this is the new normal: ${proposal}`] : [first];
}

/** What to do first where the cause says more than the check does. */
const FIRST_BY_CAUSE: Partial<Record<NonNullable<Briefing['cause']>['kind'], string>> = {
  all_inputs: 'Look at what feeds the model: a changed source, join or unit moves all inputs together.',
  unit: 'Check the unit at the source: since the onset it sends numbers in another one. Convert them there; a new reference would only hide it.',
  deployment: 'Compare this version with the one before; roll back if the change was not meant.',
  calibration:
    'Fit the calibration again on newest labels, or train again; until then no threshold on the score means what it did.',
  concept_drift:
    'Look at the labels first: did their source, or the rule by which they are made, change near the onset? If they are right, see in which segment the errors are and what was changed then (a policy, a price, a law), and train on labels of since then.',
  training_serving_skew:
    'Take a request, make its features as the training does, and compare them with those that were served.',
};

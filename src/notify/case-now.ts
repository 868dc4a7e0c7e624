import { worstOf, type Incident, type IncidentState, type Severity } from '../domain/incident.js';
import { isTaken, unanswered } from '../domain/unanswered.js';
import type { CaseSubject } from './case-subject.js';
import { rankFindings } from './rank-findings.js';

/** Why something is not told now, in words; null where nothing holds it back. */
export type HeldBackBy = (incident: Incident) => string | null;

/** What has to be known to say what a case is about. */
export interface CaseQuestion<One extends Incident> {
  /** All its incidents, at least one; first those of its own model. */
  readonly members: readonly One[];
  readonly importance: CaseSubject['importance'];
  readonly quiet: HeldBackBy;
  /** Findings that must lead, being what a message goes out for; left out, what waits for a person while the rest does not. */
  readonly urgent?: ReadonlySet<string>;
  /** What the message before was led by: that goes on to lead unless something is graver, or comes before it on the way from rows to harm. */
  readonly led?: string | undefined;
  readonly now: Date;
}

/** When something of a case was there, event time. */
export interface CaseStretch {
  readonly from: Date;
  readonly to: Date;
}

/** What a case is about now. Everything that is said of a case, wherever it is said, is read here. */
export interface CaseNow<One extends Incident> {
  readonly state: IncidentState;
  /** Of the worst that it is about. */
  readonly severity: Severity;
  /** The finding whose words and numbers stand in the headline. */
  readonly leading: One;
  /** What is open and told; of a case that is over, what its newest time was about. Where all that is open is held back, that. */
  readonly about: readonly One[];
  /** All, the leading one first: what it is about, what is held back, what has ended. */
  readonly ranked: readonly One[];
  /** The same without what follows from another finding, which is counted with it. */
  readonly listed: readonly One[];
  /** What nobody has taken on; empty where somebody has the case. */
  readonly waiting: readonly One[];
  /** The finding whose acknowledgement counts; null where nobody has the case. */
  readonly held: One | null;
  /** Set where it is over. */
  readonly over: CaseStretch | null;
}

/** Decides what a case is about: which finding leads, what is listed, and whose acknowledgement counts. Pure. */
export function caseNow<One extends Incident>(question: CaseQuestion<One>): CaseNow<One> {
  const { members, importance, now } = question;
  const isOver = isCaseOver(members);
  const about = isOver ? lastingOf(newestTime(members)) : openNow(question);
  const standing = standingOf(about);
  const waiting = isOver ? [] : unanswered(standing, now);
  const isPart = waiting.length < standing.length;
  const urgent = question.urgent ?? new Set(isPart ? waiting.map(({ id }) => id) : []);
  const groups = [about, othersOpen(members, about), othersOver(members, about)];
  const ranked = groups.flatMap((group) => rankFindings(group, importance, { urgent, led: question.led }));
  const [leading = members[0] as One] = ranked;
  const own = members[0]?.signal.model;
  return {
    state: isOver ? 'CLOSED' : stateOf(about, standing, waiting),
    severity: worstOf(about),
    leading,
    about,
    ranked,
    listed: ranked.filter((one) => one === leading || !one.explainedBy || one.signal.model !== own),
    waiting,
    held: waiting.length > 0 ? null : holderOf(standing, isOver, now),
    over: isOver ? stretchOf(about) : null,
  };
}

/**
 * Whether all of a case is closed, also what other models have of it: while something of its own model is open, or once that has recovered; only then
 * is their end told with it.
 */
export function isCaseOver(members: readonly Incident[]): boolean {
  const own = members.filter(({ signal }) => signal.model === members[0]?.signal.model);
  const recovered = new Set(own.filter(({ closeReason }) => closeReason === 'recovered').map(({ id }) => id));
  const isTold = (one: Incident) => own.includes(one) || recovered.has(one.explainedBy ?? '');
  return members.every((one) => one.state === 'CLOSED' || !isTold(one));
}

/** From the first onset of what a case was about to the last moment that anything of it was seen. */
export function stretchOf(about: readonly Incident[]): CaseStretch {
  return {
    from: new Date(Math.min(...about.map(({ course }) => course.onset.getTime()))),
    to: new Date(Math.max(...about.map(({ course }) => course.lastAt.getTime()))),
  };
}

/** What is open, without what a silence or a maintenance window holds back while there is something else. */
function openNow<One extends Incident>({ members, quiet }: CaseQuestion<One>): readonly One[] {
  const open = members.filter(({ state }) => state !== 'CLOSED');
  const loud = open.filter((one) => quiet(one) === null);
  return loud.length > 0 ? loud : open;
}

/** The findings since which a case was open without a break: what ended before that is of another time. */
function newestTime<One extends Incident>(members: readonly One[]): readonly One[] {
  const ends = members.map((one) => ({ one, end: one.closedAt?.getTime() ?? Infinity })).toSorted((a, b) => b.end - a.end); // prettier-ignore
  const chain: One[] = [];
  let since = Infinity;
  for (const { one, end } of ends) {
    if (chain.length > 0 && end < since) break;
    chain.push(one);
    since = Math.min(since, (one.backAt ?? one.openedAt).getTime());
  }
  return chain;
}

/** Without what corrected data took back, where something else is left. */
function lastingOf<One extends Incident>(over: readonly One[]): readonly One[] {
  const stood = over.filter(({ closeReason }) => closeReason !== 'withdrawn');
  return stood.length > 0 ? stood : over;
}

/** What stands by itself; of what other models have by one source, that, where nothing else is left. */
function standingOf<One extends Incident>(about: readonly One[]): readonly One[] {
  const standing = about.filter(({ explainedBy }) => !explainedBy);
  return standing.length > 0 ? standing : about;
}

function othersOpen<One extends Incident>(members: readonly One[], about: readonly One[]): readonly One[] {
  const known = new Set(about);
  return members.filter((one) => one.state !== 'CLOSED' && !known.has(one));
}

function othersOver<One extends Incident>(members: readonly One[], about: readonly One[]): readonly One[] {
  const known = new Set(about);
  return members.filter((one) => one.state === 'CLOSED' && !known.has(one));
}

function stateOf(
  about: readonly Incident[],
  standing: readonly Incident[],
  waiting: readonly Incident[],
): IncidentState {
  if (about.every(({ state }) => state === 'RECOVERING')) return 'RECOVERING';
  const isHeld = waiting.length === 0 && standing.some(({ acknowledgedBy }) => acknowledgedBy !== null);
  return isHeld ? 'ACKNOWLEDGED' : 'OPEN';
}

/** Whoever took it on last; of a case that is over, whoever had it then. */
function holderOf<One extends Incident>(standing: readonly One[], isOver: boolean, now: Date): One | null {
  const held = standing.filter((one) => (isOver ? one.acknowledgedBy !== null : isTaken(one, now)));
  const at = (one: One) => one.acknowledgedAt?.getTime() ?? 0;
  return held.toSorted((a, b) => at(b) - at(a))[0] ?? null;
}

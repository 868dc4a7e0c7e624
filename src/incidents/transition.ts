import type { IncidentChangeKind } from '../domain/incident-change.js';
import type { CloseReason, Verdict } from '../domain/incident.js';
import { isCutShort, isWorse } from '../domain/incident.js';
import type { Window } from '../domain/window.js';
import { continueCourse, precededCourse, returnCourse } from '../domain/incident-course.js';
import { recurrenceOf } from '../domain/recurrence.js';
import { beginningsWith } from './flapping.js';
import type { IncidentRecord } from './incident-record.js';
import { minuteText, numberText } from '../domain/wording.js';
import { newReference } from './new-reference.js';
import { acknowledgementOver, backOpen, unacknowledged } from './acknowledgement.js';
import { courseAtEnd } from './course-at-end.js';
import { growthOf } from './growth.js';
import { shownBefore, shownBy } from './shown-by.js';
import { begunIn } from './open-incident.js';
import { restated } from './restated.js';
import { settled, told } from './told.js';

/** What a verdict does to an incident. `observed`: still there, nothing worth an entry of its own. */
export interface Move {
  readonly kind: IncidentChangeKind | 'observed';
  readonly next: IncidentRecord;
  readonly reason: string;
  /** Worth a message though neither new nor more severe. */
  readonly news?: boolean;
}

/** An effect that grew by this factor is worth a new entry, but no message. */
const WORSE = 1.5;
/** A critical one that grew by this factor since people were told is another problem to them. */
const MUCH_WORSE = 3;

/**
 * The state machine of one incident: what a verdict on one window revision does to it, or null for nothing. A window that has spoken at
 * this revision, or lies before one that has, does nothing, so that doing things twice or late is harmless; the one exception is a
 * correction of the window that opened it. A window that could not be computed never counts towards recovery.
 */
export function transition(
  incident: IncidentRecord,
  verdict: Verdict,
  window: Window,
  now: Date,
): Move | null {
  const order = orderOf(incident, window);
  const move = order === 'past' ? null : moved(incident, verdict, { window, now, order });
  if (move && verdict.outcome === 'clear')
    return { ...move, next: { ...move.next, course: courseAtEnd(move.next, window) } };
  if (!move || verdict.outcome !== 'breach' || verdict.stands || order === 'opening') return move;
  const shown = shownBy(verdict, window);
  const course =
    incident.state === 'CLOSED' && !lastsOn(incident, window)
      ? returnCourse(incident.course, shown, shownBefore(verdict), incident.clearWindows > 0)
      : continueCourse(incident.course, shown, incident.state === 'RECOVERING');
  return asAllSay(asBegun({ ...move, next: { ...move.next, course } }, verdict, window), window);
}

/** What windows that were judged again say of its beginning: a change that showed before it was found moves that back. */
function asBegun(move: Move, verdict: Verdict, { from, to, revision }: Window): Move {
  if (revision === 0 || move.next.state === 'CLOSED') return move;
  const course = precededCourse(move.next.course, shownBefore(verdict), to.getTime() - from.getTime());
  if (course === move.next.course) return move;
  const next = { ...move.next, course };
  return move.kind === 'observed'
    ? { kind: 'amended', next, reason: `judged again, it shows from ${minuteText(course.onset)} UTC on` }
    : { ...move, next };
}

/** What one window was read as stands until all windows together say otherwise. */
function asAllSay(move: Move, window: Window): Move {
  const next = restated(move.next, window);
  if (next === null) return move;
  return move.kind === 'observed'
    ? { kind: 'amended', next, reason: `its windows together say otherwise: ${next.summary}` }
    : { ...move, next };
}

type Order = 'newer' | 'revised' | 'opening' | 'past';
interface Moment {
  readonly window: Window;
  readonly now: Date;
  readonly order: Order;
}

function moved(incident: IncidentRecord, verdict: Verdict, { window, now, order }: Moment): Move | null {
  if (incident.state === 'CLOSED')
    return order !== 'opening' && verdict.outcome === 'breach'
      ? reopened(incident, verdict, window, now)
      : null;
  if (order === 'opening') return openingCorrected(incident, verdict, window, now);
  if (incident.state === 'RECOVERING') return whileRecovering(incident, verdict, { window, now, order });
  return order === 'newer'
    ? whileOpen(incident, verdict, window, now)
    : corrected(incident, verdict, window, now);
}

function orderOf(incident: IncidentRecord, { to, revision }: Window): Order {
  const ahead = to.getTime() - incident.lastWindowTo.getTime();
  if (ahead > 0) return 'newer';
  if (ahead === 0) return revision > incident.lastRevision ? 'revised' : 'past';
  const { firstWindow } = incident;
  return to.getTime() === firstWindow.to.getTime() && revision > firstWindow.revision ? 'opening' : 'past';
}

function whileOpen(incident: IncidentRecord, verdict: Verdict, window: Window, now: Date): Move | null {
  const seen = { ...incident, lastWindowTo: window.to, lastRevision: window.revision };
  switch (verdict.outcome) {
    case 'hold':
      return null;
    case 'clear':
      return oneMoreClear(seen, now);
    case 'elevated':
      return { kind: 'observed', next: seen, reason: 'still elevated' };
    case 'breach':
      if (verdict.stands) return { kind: 'observed', next: seen, reason: 'too few rows to say more' };
      return stillThere({ ...seen, confirmed: true }, verdict, now);
  }
}

function stillThere(incident: IncidentRecord, verdict: Verdict, now: Date): Move {
  if (isWorse(verdict.severity, incident.severity)) return escalated(incident, verdict, now);
  if (incident.state === 'ACKNOWLEDGED' && acknowledgementOver(incident, now)) {
    return {
      kind: 'escalated',
      next: unacknowledged({ ...incident, ...told(verdict, incident.lastWindowTo) }, now),
      reason: 'the acknowledgement ran out and it is still there',
    };
  }
  const grown = growthOf(incident.heard ?? {}, verdict.effects ?? {});
  if (verdict.severity === 'critical' && grown >= MUCH_WORSE) {
    const reason = `it is ${numberText(grown)} times what was told`;
    const next = {
      ...incident,
      ...told(verdict, incident.lastWindowTo),
      since: incident.since ?? verdict.since,
    };
    return { kind: 'amended', next, reason, news: true };
  }
  const before = Math.abs(incident.effect ?? 0);
  const after = Math.abs(verdict.effect ?? 0);
  // Effects of different statistics have different units.
  if (verdict.statistic === incident.statistic && before > 0 && after >= WORSE * before) {
    return {
      kind: 'amended',
      next: { ...incident, ...told(verdict, incident.lastWindowTo), since: incident.since ?? verdict.since },
      reason: 'it has become worse',
    };
  }
  const proposal = incident.proposal === undefined ? newReference(incident) : null;
  if (proposal !== null) {
    const reason = `it has lasted two weeks; if this is the new normal: ${proposal}`;
    return { kind: 'amended', next: { ...incident, proposal }, reason };
  }
  return { kind: 'observed', next: incident, reason: 'still there' };
}

function escalated(incident: IncidentRecord, verdict: Verdict, now: Date): Move {
  const next = {
    ...unacknowledged(incident, now),
    ...told(verdict, incident.lastWindowTo),
    since: incident.since ?? verdict.since,
    severity: verdict.severity,
    channels: settled(incident, verdict),
  };
  return { kind: 'escalated', next, reason: `from ${incident.severity} to ${verdict.severity}` };
}

/** A newer revision of the newest window that spoke. */
function corrected(incident: IncidentRecord, verdict: Verdict, window: Window, now: Date): Move | null {
  const only = incident.firstWindow.to.getTime() === window.to.getTime();
  const seen = { ...incident, lastRevision: window.revision };
  if (verdict.outcome === 'hold') return null;
  if (verdict.stands) return { kind: 'observed', next: seen, reason: 'too few rows to say more' };
  if (verdict.outcome !== 'breach') {
    if (only) return withdrawn(seen, now);
    return verdict.outcome === 'clear'
      ? oneMoreClear(seen, now)
      : { kind: 'observed', next: seen, reason: 'corrected to elevated' };
  }
  if (isWorse(verdict.severity, incident.severity)) return escalated(seen, verdict, now);
  // What was announced does not fall silent without an end.
  const lowered = incident.announced && verdict.severity === 'info' ? 'warning' : verdict.severity;
  const severity = only ? lowered : incident.severity;
  const same =
    severity === incident.severity && verdict.value === incident.value && verdict.effect === incident.effect;
  if (same) return { kind: 'observed', next: seen, reason: 'the correction agrees' };
  return {
    kind: 'amended',
    next: { ...seen, ...told(verdict, window.to), severity },
    reason: `revision ${window.revision} of its window says otherwise`,
  };
}

/** The window that opened it has changed, and later windows have spoken since. */
function openingCorrected(
  incident: IncidentRecord,
  verdict: Verdict,
  window: Window,
  now: Date,
): Move | null {
  if (verdict.outcome === 'breach' || verdict.outcome === 'hold') return null;
  const noted = { ...incident, firstWindow: { to: window.to, revision: window.revision } };
  if (!incident.confirmed) return withdrawn(noted, now);
  return { kind: 'amended', next: noted, reason: 'its first window no longer shows it; later ones do' };
}

function whileRecovering(
  incident: IncidentRecord,
  verdict: Verdict,
  { window, now, order }: Moment,
): Move | null {
  const seen = { ...incident, lastWindowTo: window.to, lastRevision: window.revision };
  switch (verdict.outcome) {
    case 'clear':
      return order === 'newer'
        ? oneMoreClear(seen, now)
        : { kind: 'observed', next: seen, reason: 'the correction agrees' };
    case 'hold':
      // A window that was counted as clear turns out not to be computed: nothing has been shown, so the count starts again.
      return order === 'newer'
        ? null
        : { kind: 'amended', next: backOpen(seen, now), reason: 'a clear window was taken back' };
    case 'elevated':
      return { kind: 'reopened', next: backOpen(seen, now), reason: 'no longer clear' };
    case 'breach': {
      if (verdict.stands) return { kind: 'reopened', next: backOpen(seen, now), reason: 'no longer clear' };
      const back = { ...backOpen(seen, now), confirmed: true };
      return isWorse(verdict.severity, incident.severity)
        ? escalated(back, verdict, now)
        : {
            kind: 'reopened',
            next: { ...back, ...told(verdict, window.to), since: back.since },
            reason: 'it is back before it was over',
          };
    }
  }
}

function oneMoreClear(incident: IncidentRecord, now: Date): Move {
  const clearWindows = incident.clearWindows + 1;
  const recurrence = recurrenceOf(incident.course);
  if (clearWindows >= incident.clearAfter && recurrence && incident.lastWindowTo < recurrence.mayReturnUntil)
    return { kind: 'observed', next: incident, reason: 'gone for now: it comes every day' };
  if (clearWindows >= incident.clearAfter) {
    return {
      kind: 'closed',
      next: closed({ ...incident, clearWindows }, 'recovered', now),
      reason: `clear for ${clearWindows} windows`,
    };
  }
  const reason = `clear for ${clearWindows} of ${incident.clearAfter} windows`;
  return { kind: 'recovering', next: { ...incident, clearWindows, state: 'RECOVERING' }, reason };
}

function reopened(incident: IncidentRecord, verdict: Verdict, window: Window, now: Date): Move {
  const next: IncidentRecord = {
    ...unacknowledged(incident, now),
    backAt: now,
    ...told(verdict, window.to),
    severity: verdict.severity,
    channels: settled(incident, verdict),
    closedAt: null,
    closeReason: null,
    occurrences: incident.occurrences + 1,
    beginnings: beginningsWith(incident.beginnings, window),
    ...begunIn(window),
    heard: undefined,
    proposal: undefined,
  };
  const reason = lastsOn(incident, window) ? 'it was closed by hand while it lasted, and is still there' : `back within 24 h, occurrence ${next.occurrences}`; // prettier-ignore
  return { kind: 'reopened', next, reason };
}

/** So many windows later it would have been told again if it had been gone in between; rows may have to be put together. */
const NEXT_WINDOWS = 3;

/** Whether what a person closed is there in the next window as it was: it has not come back, it never went. */
function lastsOn(incident: IncidentRecord, { from, to }: Window): boolean {
  const apart = from.getTime() - incident.lastWindowTo.getTime();
  return isCutShort(incident) && apart <= NEXT_WINDOWS * (to.getTime() - from.getTime());
}

function withdrawn(incident: IncidentRecord, now: Date): Move {
  return {
    kind: 'withdrawn',
    next: closed(incident, 'withdrawn', now),
    reason: 'corrected data no longer show it',
  };
}

/** The incident at its end. */
export function closed(incident: IncidentRecord, closeReason: CloseReason, now: Date): IncidentRecord {
  return { ...incident, state: 'CLOSED', closedAt: now, closeReason };
}

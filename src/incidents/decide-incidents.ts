import type { IncidentChange } from '../domain/incident-change.js';
import type { Verdict } from '../domain/incident.js';
import { SEVERITIES } from '../domain/incident.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { Window } from '../domain/window.js';
import { causeOf, effectsOf, hasOutlivedCause, mayFollow, rankOf, standsAlone } from './explanation.js';
import { incidentEntry, observedEntry, type IncidentDecision, type Observed } from './incident-decision.js';
import { showsHalf } from '../domain/incident-course.js';
import { caseAt } from './case-at.js';
import { isEcho, isNewEpisode } from './episode.js';
import { hasStayed, isFlapping } from './flapping.js';
import { IncidentDraft } from './incident-draft.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';
import { caseIdOf, incidentId, incidentKey } from './key.js';
import { isOfEverybody, isToldOfAll } from './of-everybody.js';
import { overBeforeLabels } from './labels-case.js';
import { hostOf } from './shared-source.js';
import { scoresCaseOf } from './scores-case.js';
import { openIncident } from './open-incident.js';
import { shownBy } from './shown-by.js';
import { transition, type Move } from './transition.js';

export interface WindowVerdicts {
  readonly window: Window;
  /** All of one model version and one window revision. */
  readonly verdicts: readonly Verdict[];
}

/**
 * What one window's verdicts do to the incidents: ledger entries and the changes people may hear of. Pure. Judging the same revision twice
 * gives no entries; verdicts on older windows can only correct what they said themselves.
 */
export function decideIncidents(
  state: IncidentView,
  { verdicts, window }: WindowVerdicts,
  now: Date,
): IncidentDecision {
  const draft = new IncidentDraft(state);
  const occasion = { actor: SYSTEM, now, window };
  const entries: NewEntry[] = [];
  const changes: IncidentChange[] = [];
  const observed: Observed[] = [];
  const take = (move: Move, before: IncidentRecord | undefined, said: Verdict | null): void => {
    if (move.kind === 'observed') {
      draft.put(move.next);
      const isShown = said?.outcome === 'breach' && !said.stands;
      observed.push({ incident: move.next, shown: isShown ? shownBy(said, window) : null });
      return;
    }
    const host = hostOf(draft, move.next);
    const notify = host ? isNewsOfGuest(move, before) : isNews(move, before);
    const left = before ? hostOf(draft, before) : null;
    const told = notify ? { ...move, next: announced(move.next, said) } : move;
    draft.put(told.next);
    entries.push(incidentEntry(told, occasion));
    // What says no more of a segment than of all rows is no finding: no message counts it, and none is headed by it.
    if (!host && isOfEverybody(told.next, draft)) return;
    changes.push({
      kind: move.kind,
      incident: told.next,
      caseId: host?.caseId ?? told.next.caseId,
      ...(host ? { ownCase: told.next.caseId } : {}),
      ...(left && left.caseId !== host?.caseId ? { leaves: left.caseId } : {}),
      notify,
      reason: move.reason,
    });
  };
  for (const verdict of causesFirst(verdicts)) {
    const key = incidentKey(verdict.signal);
    const before = draft.latest(key);
    const move = moveOf(draft, { verdict, window, key, before, now });
    if (!move) continue;
    take(move, before, verdict);
    if (move.kind === 'opened' || move.kind === 'reopened' || move.kind === 'escalated') {
      for (const effect of effectsOf(draft, move.next)) take(explained(effect, move.next), effect, null);
    }
  }
  if (observed.length > 0) entries.push(observedEntry(observed, occasion));
  return { entries, changes };
}

interface Question {
  readonly verdict: Verdict;
  readonly window: Window;
  readonly key: string;
  readonly before: IncidentRecord | undefined;
  readonly now: Date;
}

function moveOf(draft: IncidentDraft, { verdict, window, key, before, now }: Question): Move | null {
  if (opensNothing(draft, { verdict, window, before })) return null;
  if (!before || isNewEpisode(before, verdict, window)) {
    if (verdict.outcome !== 'breach' || verdict.stands) return null;
    const id = incidentId(key, window.to);
    const next = openIncident(
      verdict,
      window,
      { id, key, caseId: caseIdOf(id), before: before?.beginnings ?? [] },
      now,
    );
    return placed(draft, { kind: 'opened', next, reason: verdict.summary }, verdict, window);
  }
  const move = transition(before, verdict, window, now);
  if (!move) return null;
  const joins =
    move.kind === 'escalated'
      ? before.severity === 'info'
      : move.kind === 'reopened' && before.state === 'CLOSED';
  if (joins) return placed(draft, move, verdict, window);
  return move.kind === 'observed' && verdict.outcome === 'breach'
    ? whileThere(draft, before, { verdict, window, move })
    : move;
}

/**
 * An alarm that stands because the window has no rows to say otherwise keeps an incident open; it opens none and brings none back. Nor does a segment that changed as all others did, before that is
 * found of all rows.
 */
function opensNothing(
  draft: IncidentDraft,
  { verdict, window, before }: Pick<Question, 'verdict' | 'window' | 'before'>,
): boolean {
  if (before && before.state !== 'CLOSED') return false;
  if (before && (verdict.stands || isEcho(before, verdict, window))) return true;
  return isToldOfAll(verdict) && !causeOf(draft, verdict, window);
}

/** What is there again: by itself, or because of something else. */
function whileThere(
  draft: IncidentDraft,
  before: IncidentRecord,
  { verdict, window, move }: Pick<Question, 'verdict' | 'window'> & { readonly move: Move },
): Move {
  if (before.explainedBy === null && hasStayed(before, window))
    return {
      kind: 'amended',
      next: move.next,
      reason: 'it comes and goes, and has stayed this time',
      news: true,
    };
  const cause = causeOf(draft, verdict, window);
  // A detector that has not let go says neither that it has outlived its cause nor that it stands by itself; nor does one whose window has too few rows to say anything.
  const isQuiet = verdict.stands === true || !showsHalf(before.course, shownBy(verdict, window));
  if (before.explainedBy !== null && isQuiet) return move;
  if (hasOutlivedCause(draft, before, { restsFrom: verdict.restsFrom, ...window }))
    return cause ? explained(move.next, cause) : released(move, 'it has outlived what explained it');
  if (standsAlone(draft, before, verdict))
    return released(move, 'what explained it does not explain all of it any more');
  if (!cause || before.explainedBy !== null) return move;
  // A cause that has been there for longer did not explain it when it opened.
  const isNew = cause.firstWindow.to.getTime() === window.to.getTime();
  return isNew || mayFollow(before) ? explained(move.next, cause) : move;
}

/** An incident that becomes visible joins the open case of its model version that it belongs to, or opens one, and its cause when it has one. */
function placed(draft: IncidentDraft, move: Move, verdict: Verdict, window: Window): Move {
  const { signal, id } = move.next;
  const cause = causeOf(draft, verdict, window);
  const open = draft
    .active(signal.model, signal.version)
    .filter((one) => one.id !== id && one.severity !== 'info');
  // What nobody is told of stands in a case of its own, so that it never keeps a case open that people see.
  const alone = caseIdOf(`${id}/${move.next.occurrences}`);
  const found = { onset: move.next.course.onset, window };
  const joined =
    scoresCaseOf(draft, verdict, found) ??
    caseAt([...open, ...overBeforeLabels(draft, signal, found)], found);
  const own = move.next.severity === 'info' ? alone : (joined ?? move.next.caseId);
  // What follows from something is counted with it.
  const caseId = cause && cause.signal.model === signal.model ? cause.caseId : own;
  return { ...move, next: { ...move.next, caseId, explainedBy: cause?.id ?? null } };
}

function explained(effect: IncidentRecord, cause: IncidentRecord): Move {
  return {
    kind: 'amended',
    next: { ...effect, explainedBy: cause.id },
    reason: `explained by: ${cause.summary}`,
  };
}

function released(move: Move, reason: string): Move {
  return { kind: 'amended', next: { ...move.next, explainedBy: null }, reason };
}

/** What follows from something in another model is told with that, to those who hear of its own model: as if it stood by itself, and anew where what it was told with is over. */
function isNewsOfGuest(move: Move, before: IncidentRecord | undefined): boolean {
  const byItself = (incident: IncidentRecord) => ({ ...incident, explainedBy: null });
  const isTaken = typeof before?.explainedBy === 'string' && before.explainedBy !== move.next.explainedBy;
  return isTaken || isNews({ ...move, next: byItself(move.next) }, before && byItself(before));
}

/** The incident once people hear of it, and of how large it is by now. */
function announced(next: IncidentRecord, said: Verdict | null): IncidentRecord {
  return { ...next, announced: true, heard: said?.effects ?? next.heard };
}

/** Whether a person should hear of it: new, worse or back; and the end, for those who heard of the beginning. */
function isNews(move: Move, before: IncidentRecord | undefined): boolean {
  const { next, kind } = move;
  if (kind === 'closed' || kind === 'withdrawn') return next.announced;
  if (next.severity === 'info' || next.channels.length === 0 || next.explainedBy !== null) return false;
  if (kind === 'escalated') return true;
  if (kind === 'opened') return !isFlapping(next);
  if (kind === 'reopened') return before?.state === 'CLOSED' && !isFlapping(next);
  if (kind !== 'amended') return false;
  if (move.news) return true;
  return typeof before?.explainedBy === 'string' || next.proposal !== before?.proposal;
}

/** Faults before the drift they may explain, and either before what they explain of many features together; then the most severe; the rest by name, so that the order of the input does not matter. */
function causesFirst(verdicts: readonly Verdict[]): readonly Verdict[] {
  const name = ({ signal }: Verdict): string => `${signal.check}/${signal.feature ?? ''}/${signal.segment}`;
  return [...verdicts].sort(
    (a, b) =>
      rankOf(a.signal) - rankOf(b.signal) ||
      Number((a.explainedBy ?? []).length > 0) - Number((b.explainedBy ?? []).length > 0) ||
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      (name(a) < name(b) ? -1 : 1),
  );
}

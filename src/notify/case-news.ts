import type { CaseMessage, Finding, News } from '../domain/case-message.js';
import { headlineOf } from '../domain/incident-headline.js';
import type { IncidentChange } from '../domain/incident-change.js';
import { isWorse, type Incident, type Severity } from '../domain/incident.js';
import type { Delivery } from './delivery.js';
import { toldByPart } from './told-by-part.js';

/** More would not be read; the case lists them all. */
const MOST_NEWS = 20;

/**
 * What happened since the receiver was last told: what the messages say that were never sent, then what this run changed; `told` is what it has had. Of one incident the
 * newest stands, except that what is new stays new until somebody was told, and that nobody reads of the end of what he never heard of. `members` are all incidents of the case, first those of its model: what is of another one says so.
 */
export function newsOf(
  changes: readonly IncidentChange[],
  members: readonly Incident[],
  unsent: readonly CaseMessage[],
  told: readonly CaseMessage[],
): readonly News[] {
  const known = new Map(
    told.flatMap(({ findings }) => findings.map((one) => [one.incidentId, one] as const)),
  );
  const heard = new Set(told.flatMap(({ news }) => news.map(({ incidentId }) => incidentId)));
  const isOver = told.at(-1)?.purpose === 'closed';
  const isKnown = (id: string): boolean => known.has(id) || heard.has(id);
  const own = members[0]?.signal.model;
  const knownBy = knownChange(members, known);
  const fresh = changes
    .filter(({ notify }) => notify)
    .map(({ kind, incident, reason }): News => {
      // What becomes worse or comes back before anybody heard of it is new to them, and what brings a case back by itself.
      const isNew = (BEGINS.has(kind) || (kind === 'amended' && isOver)) && !isKnown(incident.id);
      const who = kind === 'acknowledged' ? `, ${reason}` : '';
      const text = `${namedHeadline(incident, own)}${who}`;
      const by = knownBy(incident, kind);
      return {
        incidentId: incident.id,
        kind: isNew ? 'opened' : kind,
        text,
        ...(by === undefined ? {} : { knownBy: by }),
      };
    });
  const kept = new Map<string, News>();
  for (const one of [...unsent.flatMap(({ news }) => news), ...fresh]) {
    if (told.length > 0 && ENDS.has(one.kind) && !isKnown(one.incidentId)) {
      kept.delete(one.incidentId);
      continue;
    }
    const before = kept.get(one.incidentId);
    const isStillNew = before?.kind === 'opened' && (one.kind === 'amended' || one.kind === 'escalated');
    kept.set(one.incidentId, isStillNew ? { ...one, kind: 'opened' } : one);
  }
  return [...kept.values()].slice(-MOST_NEWS);
}

/**
 * By which other finding a receiver was told of the same change as critical: what all rows show is mostly what a part of them shows. What of a part becomes critical by itself afterwards is
 * more than was said of all.
 */
function knownChange(
  members: readonly Incident[],
  said: ReadonlyMap<string, Finding>,
): (incident: Incident, kind: News['kind']) => string | undefined {
  const isCritical = ({ id, state }: Incident) => {
    const one = said.get(id);
    return state !== 'CLOSED' && one !== undefined && one.severity === 'critical' && one.state !== 'CLOSED';
  };
  const placed = [...toldByPart(members)].map(([whole, part]) => ({ whole, part }));
  return (incident, kind) => {
    const part = placed.find(({ whole }) => whole.id === incident.id)?.part;
    if (part) return isCritical(part) ? part.id : undefined;
    const wholes = placed.filter((one) => kind === 'opened' && one.part.id === incident.id);
    return wholes.find(({ whole }) => isCritical(whole))?.whole.id;
  };
}

/** The headline of an incident, with its model where that is not the one of the case. */
function namedHeadline(incident: Incident, own: string | undefined): string {
  const { model } = incident.signal;
  return `${model === own ? '' : `${model}: `}${headlineOf(incident)}`;
}

/** Kinds of news by which a finding begins, or begins anew, to matter. */
const BEGINS: ReadonlySet<News['kind']> = new Set(['opened', 'escalated', 'reopened']);

/** Kinds of news by which it ends; a message that is the first to speak of a case says what has become of it all the same. */
const ENDS: ReadonlySet<News['kind']> = new Set(['recovering', 'closed', 'withdrawn', 'superseded']);

/** Whether a message of a case that was over says that what its receiver was told is there again: what joins the case only then, such as a loss that labels show late, has not come back. */
export function isBack({
  purpose,
  news,
  findings,
}: Pick<CaseMessage, 'purpose' | 'news' | 'findings'>): boolean {
  if (purpose !== 'reopened') return false;
  const lead = news.find(({ incidentId }) => incidentId === findings[0]?.incidentId);
  return lead ? lead.kind !== 'opened' : news.every(({ kind }) => kind !== 'opened');
}

/** Whether something is news to a receiver who knows the case: a change that was told by a part of the traffic is not, once all rows show it. */
export function isByItself({ knownBy }: News): boolean {
  return knownBy === undefined;
}

/** The incidents of a message that are critical and news to its receiver, however severe what they knew of the case is. */
export function criticalNews({
  news,
  findings,
}: Pick<CaseMessage, 'news' | 'findings'>): ReadonlySet<string> {
  const critical = new Set(
    findings
      .filter(({ severity, state }) => severity === 'critical' && state !== 'CLOSED')
      .map(({ incidentId }) => incidentId),
  );
  const fresh = news.filter((one) => BEGINS.has(one.kind) && critical.has(one.incidentId) && isByItself(one));
  return new Set(fresh.map(({ incidentId }) => incidentId));
}

/** Whether a message must not hide among what its receiver knows: it is more severe than before, has critical news, or waits for a person. */
export function isLoud(message: CaseMessage): boolean {
  return message.rises || message.call !== null || criticalNews(message).size > 0;
}

/** Whether the critical news of a message that was not sent yet is over by now: a later one would say its end alone. */
export function isOverUnheard(
  { message, held }: Pick<Delivery, 'message' | 'held'>,
  members: readonly Incident[],
): boolean {
  if (held !== null || message.type !== 'case') return false;
  const fresh = criticalNews(message);
  return members.some(({ id, state }) => state === 'CLOSED' && fresh.has(id));
}

/** Whether a case has become more severe than a receiver was last told; `told` are the messages it has had or will have. */
export function risesAbove(told: readonly Delivery[], severity: Severity): boolean {
  const last = told.at(-1)?.message;
  return last?.type === 'case' && last.purpose !== 'closed' && isWorse(severity, last.severity);
}

import { deliveryRequested, type DestinationRef, type Message } from '../domain/delivery.js';
import { leavingOf, type IncidentChange } from '../domain/incident-change.js';
import type { Incident } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { CaseMessage, CasePurpose } from '../domain/case-message.js';
import { UNTOUCHED, type Handled } from './case-hands.js';
import { isOverUnheard, newsOf, risesAbove } from './case-news.js';
import { UNKNOWN_SUBJECT, type CaseSubject } from './case-subject.js';
import type { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery.js';
import { deliveryEntry } from './delivery-entries.js';
import { deliveryId } from './delivery-id.js';
import { destinationRef, destinationsById, limitsOf, type Channels } from './destination.js';
import { fallbackOf } from './fallback.js';
import { dueOf } from './due.js';
import { holdFor, type Hold } from './limits.js';
import { ledBy } from './led-by.js';
import { caseMessage } from './message.js';
import { isCaseOver, type HeldBackBy } from './case-now.js';
import { isSilentEdit } from './slack-message.js';

export interface PlanContext {
  readonly channels: Channels;
  /** The channels that an incident goes to now. */
  readonly channelsFor: (incident: Incident) => readonly string[];
  /** What every destination was told so far. */
  readonly deliveries: Deliveries;
  /** All incidents of a case as the state knows them, before or after `changes` were applied. */
  readonly members: (caseId: string) => readonly Incident[];
  /** What is known of a model version. */
  readonly subject: (model: string, version: string) => CaseSubject;
  /** What people did about a case, with what is about to be written; left out, nothing. */
  readonly handled?: (caseId: string) => Handled;
  /** The name of whoever acts under an id; left out, the id. */
  readonly nameOf?: (actor: string) => string;
  /** What silences and maintenance windows hold back; left out, nothing. */
  readonly quiet?: HeldBackBy;
  readonly baseUrl: string;
  /** Whether a destination may not hear of a model, because of where it lies; left out, all may. */
  readonly isBarred?: (destination: string, model: string) => boolean;
  /** How long an edit waits for the next one, so that a storm costs one edit. Milliseconds, default 15 000. */
  readonly debounceMs?: number;
}

/** A destination and the channel that leads there. */
export interface NamedRoute {
  readonly channel: string;
  readonly destination: DestinationRef;
}

/**
 * The messages that `changes` call for: at most one for each case and destination, whatever the number of incidents behind it.
 * Who was told that a case opened is told that it closed, even when the change says not to notify or the route is gone since:
 * only the first message asks for permission.
 */
export function planDeliveries(
  changes: readonly IncidentChange[],
  context: PlanContext,
  now: Date,
): readonly NewEntry[] {
  const all = changes.flatMap((change) => [change, ...leavingOf(change)]);
  const cases = [...new Set(all.map(({ caseId }) => caseId))];
  return cases.flatMap((caseId) =>
    planCase(
      caseId,
      all.filter((change) => change.caseId === caseId),
      context,
      now,
    ),
  );
}

function planCase(
  caseId: string,
  changes: readonly IncidentChange[],
  context: PlanContext,
  now: Date,
): readonly NewEntry[] {
  const members = currentMembers(context.members(caseId), changes);
  return routes(caseId, changes, context).flatMap((route) => {
    if (isToldApart(caseId, route, members, context)) return [];
    const purpose = purposeOf(historyOf(caseId, route, context), changes, members);
    return purpose === null
      ? []
      : requestMessage({ caseId, changes, members, route, purpose, call: null }, context, now);
  });
}

/** A destination that may not hear of the model is refused the first message, which tells somebody else; then it is left alone. */
function isToldApart(caseId: string, route: NamedRoute, members: readonly Incident[], context: PlanContext): boolean {
  const { id } = route.destination;
  return isKeptFrom(id, members, context) && context.deliveries.stream(caseId, id).length > 0;
} // prettier-ignore

function isKeptFrom(destination: string, members: readonly Incident[], { isBarred }: PlanContext): boolean {
  const model = members[0]?.signal.model;
  return model !== undefined && (isBarred?.(destination, model) ?? false);
}

/** Whether a destination that knows nothing of the case should hear of it for this change: trouble is news, its easing is not. */
function opens({ kind, notify }: IncidentChange): boolean {
  return notify && (kind === 'opened' || kind === 'escalated' || kind === 'reopened' || kind === 'amended');
}

/** The case after this run: the changed incidents as they are now, the others as they were. */
function currentMembers(known: readonly Incident[], changes: readonly IncidentChange[]): readonly Incident[] {
  const members = new Map(known.map((incident) => [incident.id, incident]));
  for (const { incident } of changes) members.set(incident.id, incident);
  return togetherNow([...members.values()]);
}

/** Without what has gone its own way: of another model, and following from nothing here any more. */
function togetherNow(all: readonly Incident[]): readonly Incident[] {
  const ids = new Set(all.map(({ id }) => id));
  const own = all[0]?.signal.model;
  return all.filter(({ signal, explainedBy }) => signal.model === own || ids.has(explainedBy ?? ''));
}

/** Destinations the notifiable changes name, and those that heard of the case before; each once. */
function routes(
  caseId: string,
  changes: readonly IncidentChange[],
  context: PlanContext,
): readonly NamedRoute[] {
  const names = new Set(changes.filter(opens).flatMap(({ incident }) => context.channelsFor(incident)));
  const named = [...names].flatMap((channel) => namedRoutes(channel, context));
  const heard = context.deliveries
    .destinationsOf(caseId)
    .map((destination) => ({ channel: 'settlement', destination }));
  const unique = new Map<string, NamedRoute>();
  for (const route of [...named, ...heard])
    if (!unique.has(route.destination.id)) unique.set(route.destination.id, route);
  return [...unique.values()];
}

/** The destinations of a channel; for one that said it is gone, the fallback hears too, until somebody opens it again. */
export function namedRoutes(
  channel: string,
  { channels, deliveries }: Pick<PlanContext, 'channels' | 'deliveries'>,
): readonly NamedRoute[] {
  return (channels[channel] ?? [])
    .map(destinationRef)
    .flatMap((destination) => [
      { channel, destination },
      ...(deliveries.isDisabled(destination.id)
        ? fallbackOf(channels, channel).map((other) => ({ channel: 'fallback', destination: other }))
        : []),
    ]);
}

/** What a destination knows of a case, and what waits to be told to it. */
interface History {
  readonly told: readonly Delivery[];
  readonly stale: readonly Delivery[];
}

function historyOf(caseId: string, { destination }: NamedRoute, { deliveries }: PlanContext): History {
  return { told: deliveries.told(caseId, destination.id), stale: deliveries.stale(caseId, destination.id) };
}

/**
 * What a destination is owed: nothing, the opening, an edit, the end, or the return of the case. An edit or a return needs a
 * change that a person should hear of; the end does not. What is held back is still owed, and says what has become of the case.
 */
function purposeOf(
  { told, stale }: History,
  changes: readonly IncidentChange[],
  members: readonly Incident[],
): CasePurpose | null {
  const last = told.at(-1);
  const isHeld = stale.some(({ held }) => held !== null);
  const ended = isCaseOver(members);
  const worth = changes.some(({ notify }) => notify);
  if (last === undefined) {
    if (ended) return isHeld ? 'closed' : null;
    return changes.some(opens) || (isHeld && worth) ? 'opened' : null;
  }
  if (last.purpose === 'closed' || isOverIn(last)) return changes.some(opens) && !ended ? 'reopened' : null;
  if (ended) return 'closed';
  return worth ? 'updated' : null;
}

/** Whether a digest has told the end of what a message held back was about. */
function isOverIn({ state, message }: Delivery): boolean {
  return state === 'superseded' && message.type === 'case' && message.state === 'CLOSED';
}

/** What people did about a case without changing its incidents, for those who were told of it: an edit, or of one that is over its end once more. */
export function planSaid(caseId: string, context: PlanContext, now: Date): readonly NewEntry[] {
  const members = context.members(caseId);
  const isOver = isCaseOver(members);
  return context.deliveries.destinationsOf(caseId).flatMap((destination) => {
    const route = { channel: 'settlement', destination };
    const last = context.deliveries.told(caseId, destination.id).at(-1);
    if (last === undefined || (last.purpose === 'closed') !== isOver) return [];
    if (isKeptFrom(destination.id, members, context)) return [];
    const purpose = isOver ? 'closed' : 'updated';
    return requestMessage({ caseId, changes: [], members, route, purpose, call: null }, context, now);
  });
}

/** A message about a case that somebody is owed. */
export interface Owed {
  readonly caseId: string;
  readonly changes: readonly IncidentChange[];
  readonly members: readonly Incident[];
  readonly route: NamedRoute;
  readonly purpose: CasePurpose;
  /** Set where it is asked for by time alone. */
  readonly call: CaseMessage['call'];
}

/** The entries that owe a message, in the place of those that it makes stale. */
export function requestMessage(owed: Owed, context: PlanContext, now: Date): readonly NewEntry[] {
  const { caseId, route, purpose, changes, members, call } = owed;
  const { told, stale: unsent } = historyOf(caseId, route, context);
  const stale = unsent.filter((one) => !isOverUnheard(one, members));
  const seq = (context.deliveries.stream(caseId, route.destination.id).at(-1)?.seq ?? 0) + 1;
  const id = deliveryId(caseId, seq, route.destination.id, purpose);
  const message = caseMessage({
    caseId,
    seq,
    purpose,
    members,
    changes,
    news: newsOf(
      changes,
      members,
      stale.flatMap(({ message: unsent }) => (unsent.type === 'case' ? unsent : [])),
      heard(told, stale).flatMap(({ message: had }) => (had.type === 'case' ? had : [])),
    ),
    rises: (severity) => risesAbove(heard(told, stale), severity),
    call,
    subject: subjectOf(members, context),
    subjectOf: ({ signal }) => context.subject(signal.model, signal.version),
    quiet: context.quiet ?? (() => null),
    handled: context.handled?.(caseId) ?? UNTOUCHED,
    toldAt: heard(told, stale).at(-1)?.requestedAt ?? null,
    nameOf: context.nameOf ?? ((actor) => actor),
    led: ledBy(heard(told, stale)),
    baseUrl: context.baseUrl,
    now,
  });
  const hold = isKeptFrom(route.destination.id, members, context)
    ? null
    : holdOf(route, message, { told, stale }, { context, now });
  const waiting = stale.map(({ nextAt }) => nextAt);
  const due = dueOf(message, { kind: route.destination.kind, waiting, debounceMs: context.debounceMs }, now);
  const dueAt = (hold?.until ?? due).toISOString();
  return [
    ...stale.map((delivery) => deliveryEntry(delivery.id, { action: 'delivery.superseded', by: id }, now)),
    deliveryRequested({ id, stream: caseId, ...route, seq, purpose, held: hold?.why ?? null, dueAt, message }, now), // prettier-ignore
  ];
}

function holdOf(
  { destination }: NamedRoute,
  message: CaseMessage,
  { told, stale }: History,
  { context, now }: { readonly context: PlanContext; readonly now: Date },
): Hold | null {
  const limits = limitsOf(destinationsById(context.channels).get(destination.id));
  const isEdit = (one: Message) => destination.kind === 'slack' && one.type === 'case' && isSilentEdit(one);
  if (isEdit(message)) return null;
  const waiting = stale.flatMap(({ held, nextAt }) => (held === null ? [] : nextAt.getTime()));
  return holdFor(
    limits,
    message,
    {
      isTold: told.some(({ state }) => state !== 'superseded'),
      posts: (since) =>
        context.deliveries.sentTo(destination.id, since).filter((one) => !isEdit(one.message)).length,
      digestDue: waiting.length === 0 ? null : new Date(Math.min(...waiting)),
    },
    now,
  );
}

function subjectOf(members: readonly Incident[], context: PlanContext): CaseSubject {
  const signal = members[0]?.signal;
  return signal ? context.subject(signal.model, signal.version) : UNKNOWN_SUBJECT;
}

/** The messages that reach the receiver, or have: those that this one replaces never do. */
function heard(told: readonly Delivery[], stale: readonly Delivery[]): readonly Delivery[] {
  return told.filter(({ id }) => stale.every((one) => one.id !== id));
}

import { deliveryRequested, type DestinationRef } from '../domain/delivery.js';
import type { IncidentChange } from '../domain/incident-change.js';
import type { Incident } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { CaseMessage, CasePurpose } from '../domain/case-message.js';
import { newsOf, risesAbove } from './case-news.js';
import { UNKNOWN_SUBJECT, type CaseSubject } from './case-subject.js';
import type { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery.js';
import { deliveryEntry } from './delivery-entries.js';
import { deliveryId } from './delivery-id.js';
import { destinationRef, type Channels } from './destination.js';
import { fallbackOf } from './fallback.js';
import { caseMessage, caseState } from './message.js';

export interface PlanContext {
  readonly channels: Channels;
  /** What every destination was told so far. */
  readonly deliveries: Deliveries;
  /** All incidents of a case as the state knows them, before or after `changes` were applied. */
  readonly members: (caseId: string) => readonly Incident[];
  /** What is known of a model version. */
  readonly subject: (model: string, version: string) => CaseSubject;
  readonly baseUrl: string;
  /** How long an edit waits for the next one, so that a storm costs one edit. Milliseconds, default 15 000. */
  readonly debounceMs?: number;
}

/** A destination and the channel that leads there. */
export interface Route {
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
  const cases = [...new Set(changes.map(({ caseId }) => caseId))];
  return cases.flatMap((caseId) =>
    planCase(
      caseId,
      changes.filter((change) => change.caseId === caseId),
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
    const told = context.deliveries.stream(caseId, route.destination.id);
    const purpose = purposeOf(told, changes, members);
    return purpose === null ? [] : request({ caseId, changes, members, route, told, purpose }, context, now);
  });
}

/** Whether a destination that knows nothing of the case should hear of it for this change: trouble is news, its easing is not. */
function opens({ kind, notify }: IncidentChange): boolean {
  return notify && (kind === 'opened' || kind === 'escalated' || kind === 'reopened' || kind === 'amended');
}

/** The case after this run: the changed incidents as they are now, the others as they were. */
function currentMembers(known: readonly Incident[], changes: readonly IncidentChange[]): readonly Incident[] {
  const members = new Map(known.map((incident) => [incident.id, incident]));
  for (const { incident } of changes) members.set(incident.id, incident);
  return [...members.values()];
}

/** Destinations the notifiable changes name, and those that heard of the case before; each once. */
function routes(caseId: string, changes: readonly IncidentChange[], context: PlanContext): readonly Route[] {
  const names = new Set(changes.filter(opens).flatMap(({ incident }) => incident.channels));
  const named = [...names].flatMap((channel) => namedRoutes(channel, context));
  const heard = context.deliveries
    .destinationsOf(caseId)
    .map((destination) => ({ channel: 'settlement', destination }));
  const unique = new Map<string, Route>();
  for (const route of [...named, ...heard])
    if (!unique.has(route.destination.id)) unique.set(route.destination.id, route);
  return [...unique.values()];
}

/** The destinations of a channel; for one that said it is gone, the fallback hears too, until somebody opens it again. */
export function namedRoutes(
  channel: string,
  { channels, deliveries }: Pick<PlanContext, 'channels' | 'deliveries'>,
): readonly Route[] {
  return (channels[channel] ?? [])
    .map(destinationRef)
    .flatMap((destination) => [
      { channel, destination },
      ...(deliveries.isDisabled(destination.id)
        ? fallbackOf(channels, channel).map((other) => ({ channel: 'fallback', destination: other }))
        : []),
    ]);
}

/**
 * What a destination is owed: nothing, the opening, an edit, the end, or the return of the case. An edit or a return needs a
 * change that a person should hear of; the end does not.
 */
function purposeOf(
  told: readonly Delivery[],
  changes: readonly IncidentChange[],
  members: readonly Incident[],
): CasePurpose | null {
  const last = told.findLast(({ state }) => state !== 'superseded');
  const ended = caseState(members) === 'CLOSED';
  const worth = changes.some(({ notify }) => notify);
  if (last === undefined) return changes.some(opens) && !ended ? 'opened' : null;
  if (last.purpose === 'closed') return changes.some(opens) && !ended ? 'reopened' : null;
  if (ended) return 'closed';
  return worth ? 'updated' : null;
}

interface Owed {
  readonly caseId: string;
  readonly changes: readonly IncidentChange[];
  readonly members: readonly Incident[];
  readonly route: Route;
  readonly told: readonly Delivery[];
  readonly purpose: CasePurpose;
}

function request(owed: Owed, context: PlanContext, now: Date): readonly NewEntry[] {
  const { caseId, route, purpose, changes, members } = owed;
  const seq = (owed.told.at(-1)?.seq ?? 0) + 1;
  const id = deliveryId(caseId, seq, route.destination.id, purpose);
  const stale = context.deliveries.stale(caseId, route.destination.id);
  const message = caseMessage({
    caseId,
    seq,
    purpose,
    members,
    changes,
    news: newsOf(
      changes,
      stale.flatMap(({ message: unsent }) => (unsent.type === 'case' ? unsent : [])),
    ),
    rises: (severity) => risesAbove(heard(owed.told, stale), severity),
    subject: subjectOf(members, context),
    baseUrl: context.baseUrl,
  });
  const dueAt = dueOf(message, stale, context, now).toISOString();
  return [
    ...stale.map((delivery) => deliveryEntry(delivery.id, { action: 'delivery.superseded', by: id }, now)),
    deliveryRequested({ id, stream: caseId, ...route, seq, purpose, dueAt, message }, now),
  ];
}

function subjectOf(members: readonly Incident[], context: PlanContext): CaseSubject {
  const signal = members[0]?.signal;
  return signal ? context.subject(signal.model, signal.version) : UNKNOWN_SUBJECT;
}

/** The messages that reach the receiver, or have: those that this one replaces never do. */
function heard(told: readonly Delivery[], stale: readonly Delivery[]): readonly Delivery[] {
  return told.filter(({ id, state }) => state !== 'superseded' && stale.every((one) => one.id !== id));
}

/** An edit inherits the due time of those it replaces: edits that keep coming must not push each other out for ever. What rises waits for nothing. */
function dueOf(
  message: CaseMessage,
  stale: readonly Delivery[],
  { debounceMs }: PlanContext,
  now: Date,
): Date {
  if (message.purpose !== 'updated' || message.rises) return now;
  const waiting = stale.map(({ nextAt }) => nextAt.getTime());
  return new Date(Math.min(now.getTime() + (debounceMs ?? 15_000), ...waiting));
}

import { deliveryRequested } from '../domain/delivery.js';
import type { DigestedCase, DigestMessage, HeldFor } from '../domain/digest-message.js';
import { groupBy } from '../domain/group-by.js';
import { SEVERITIES } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { isWithin } from '../domain/weekly-time.js';
import type { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery.js';
import { deliveryEntry } from './delivery-entries.js';
import { deliveryId } from './delivery-id.js';
import { destinationsById, limitsOf, type Channels } from './destination.js';
import type { Limits } from './limits.js';
import { caseTitle } from './message.js';

export interface DigestContext {
  readonly channels: Channels;
  readonly deliveries: Deliveries;
  readonly baseUrl: string;
}

const DAY = 86_400_000;
/** More would not be read; the page of cases lists them all. */
const MOST_CASES = 20;

/** One digest for each destination that is due one: it takes the place of every message held back there. Asking again gives nothing. */
export function planDigests(context: DigestContext, now: Date): readonly NewEntry[] {
  const destinations = destinationsById(context.channels);
  const held = groupBy(context.deliveries.heldBack(), ({ destination }) => destination.id);
  return [...held].flatMap(([id, waiting]) => {
    const limits = limitsOf(destinations.get(id));
    return waiting.some((one) => isDue(one, limits, now)) ? digestOf(waiting, context, now) : [];
  });
}

/** What waits for the end of a quiet time waits for as long as that is, by the file as it is now. */
function isDue({ held, nextAt }: Delivery, { quiet }: Limits, now: Date): boolean {
  return held === 'quiet' ? !quiet || !isWithin(quiet, now) : nextAt <= now;
}

function digestOf(waiting: readonly Delivery[], context: DigestContext, now: Date): readonly NewEntry[] {
  const first = waiting[0];
  if (!first) return [];
  const { destination, channel } = first;
  const stream = `digest:${destination.id}:${Math.floor(now.getTime() / DAY)}`;
  const seq = (context.deliveries.stream(stream, destination.id).at(-1)?.seq ?? 0) + 1;
  const id = deliveryId(stream, seq, destination.id, 'digest');
  const told = [...context.deliveries.digested(stream, destination.id), ...waiting];
  const message = digestMessage(told, { seq, baseUrl: context.baseUrl }, now);
  const request = { id, stream, channel, destination, seq, purpose: 'digest', dueAt: now.toISOString(), message } as const; // prettier-ignore
  return [
    ...waiting.map((one) => deliveryEntry(one.id, { action: 'delivery.superseded', by: id }, now)),
    deliveryRequested(request, now),
  ];
}

/** What the digests of a day say together; of a case the newest. */
function digestMessage(
  told: readonly Delivery[],
  { seq, baseUrl }: { readonly seq: number; readonly baseUrl: string },
  now: Date,
): DigestMessage {
  const newest = [...new Map(told.map((one) => [one.stream, one])).values()];
  const ranked = newest.flatMap(digested).sort(worstFirst);
  const open = ranked.filter(({ state }) => state !== 'CLOSED');
  const count = (why: HeldFor) => newest.filter(({ held }) => held === why).length;
  return {
    type: 'digest',
    seq,
    since: earliest(told).toISOString(),
    until: now.toISOString(),
    held: { budget: count('budget'), quiet: count('quiet') },
    open: open.length,
    over: ranked.length - open.length,
    severity: open[0]?.severity ?? 'info',
    cases: ranked.slice(0, MOST_CASES),
    links: { cases: `${baseUrl}/incidents` },
    instead: null,
  };
}

function digested({ message }: Delivery): readonly DigestedCase[] {
  if (message.type !== 'case') return [];
  const { caseId, model, version, severity, state, since, links } = message;
  return [{ caseId, model, version, severity, state, title: caseTitle(message), since, link: links.case }];
}

/** What is open before what is over, then by severity. */
function worstFirst(a: DigestedCase, b: DigestedCase): number {
  return (
    Number(a.state === 'CLOSED') - Number(b.state === 'CLOSED') ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity)
  );
}

function earliest(waiting: readonly Delivery[]): Date {
  return new Date(Math.min(...waiting.map(({ requestedAt }) => requestedAt.getTime())));
}

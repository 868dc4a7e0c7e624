import { deliveryRequested } from '../domain/delivery.js';
import { groupBy } from '../domain/group-by.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { WeeklyMessage } from '../domain/weekly-message.js';
import { endOf, isWithin, lastOf } from '../domain/weekly-time.js';
import type { Deliveries } from './deliveries.js';
import { deliveryId } from './delivery-id.js';
import { destinationRef, limitsOf, type Channels, type Destination } from './destination.js';
import type { PlanContext } from './plan.js';
import type { Weekly } from './parse-weekly.js';

/** What is known of a week by those who hear of it by some channels. */
export type WeekOf = (
  channels: readonly string[],
  week: { readonly from: Date; readonly to: Date },
  mayHear: (model: string) => boolean,
) => Omit<WeeklyMessage, 'type' | 'from' | 'to' | 'channels' | 'messages' | 'instead'>;

export interface WeeklyContext {
  readonly channels: Channels;
  readonly deliveries: Deliveries;
  /** Null where it is off. */
  readonly weekly: Weekly | null;
  readonly weekOf: WeekOf;
  /** Whether a destination may not hear of a model, because of where it lies; left out, all may. */
  readonly isBarred?: PlanContext['isBarred'];
}

const WEEK = 7 * 86_400_000;
/** A service that was away for longer lets a week go. */
const LATE = 2 * 86_400_000;
/** Tools for alerts and programs read no letters. */
const READ_BY_PEOPLE: ReadonlySet<Destination['kind']> = new Set(['console', 'slack', 'email', 'teams']);

/**
 * What is told of the week that ended, once to each destination that people read: where something came and went, which nobody was told of each time, and to whoever asked
 * for it in any week with a case. In a quiet time it waits for its end. Asking again gives nothing.
 */
export function planWeekly(context: WeeklyContext, now: Date): readonly NewEntry[] {
  const { weekly, channels } = context;
  if (weekly === null) return [];
  const to = lastOf(weekly, now);
  if (now.getTime() - to.getTime() > LATE) return [];
  const ways = Object.entries(channels).flatMap(([name, destinations]) =>
    destinations.flatMap((one) => (READ_BY_PEOPLE.has(one.kind) ? [{ name, one }] : [])),
  );
  return [...groupBy(ways, ({ one }) => destinationRef(one).id).values()].flatMap(([first, ...others]) =>
    first ? tellOf(first.one, [first, ...others].map(({ name }) => name), { ...context, weekly, to, now }) : [],
  );
} // prettier-ignore

type Due = WeeklyContext & { readonly weekly: Weekly; readonly to: Date; readonly now: Date };

function tellOf(one: Destination, names: readonly string[], due: Due): readonly NewEntry[] {
  const { deliveries, weekly, weekOf, to, now } = due;
  const destination = destinationRef(one);
  const stream = `weekly:${destination.id}:${to.toISOString().slice(0, 10)}`;
  if (deliveries.destinationsOf(stream).length > 0) return [];
  const from = new Date(to.getTime() - WEEK);
  const channels = [...new Set(names)];
  const week = weekOf(channels, { from, to }, (model) => !(due.isBarred?.(destination.id, model) ?? false));
  if (week.flapping === 0 && !(weekly.isAsked && week.opened > 0)) return [];
  const messages = deliveries.sentTo(destination.id, from).filter(({ requestedAt }) => requestedAt < to).length;
  const message: WeeklyMessage = { type: 'weekly', from: from.toISOString(), to: to.toISOString(), channels, messages, ...week, instead: null };
  const { quiet } = limitsOf(one);
  const dueAt = (quiet && isWithin(quiet, now) ? endOf(quiet, now) : now).toISOString();
  const id = deliveryId(stream, 1, destination.id, 'weekly');
  return [deliveryRequested({ id, stream, channel: channels[0] ?? '', destination, seq: 1, purpose: 'weekly', dueAt, message }, now)];
} // prettier-ignore

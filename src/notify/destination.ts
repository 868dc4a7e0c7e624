import { createHash } from 'node:crypto';
import type { DestinationRef } from '../domain/delivery.js';
import type { Place } from '../domain/residency.js';
import type { AlertmanagerDestination } from './alertmanager.js';
import type { Limits } from './limits.js';
import type { OnCallDestination } from './oncall.js';
import type { OpsgenieDestination } from './opsgenie.js';
import type { PagerDutyDestination } from './pagerduty.js';
import type { TeamsDestination } from './teams.js';

/** Regions that a destination lies in; nobody knows where it does not say. The console lies with the service. */
interface Placed {
  readonly liesIn?: readonly string[] | undefined;
}

/** One place a channel speaks to. A webhook's `secret` is one or more keys, newest first, separated by blanks. */
export type Destination = ({ readonly kind: 'console' } & Limits) | (Placed & Addressed);

type Addressed =
  | {
      readonly kind: 'webhook';
      readonly url: string;
      readonly secret: string;
      /** `alertmanager`: the body that Alertmanager sends to its webhooks. */
      readonly format?: 'cloudevents' | 'alertmanager' | undefined;
    }
  | ({ readonly kind: 'slack'; readonly channel: string } & Limits)
  | ({ readonly kind: 'email'; readonly to: string } & Limits)
  | PagerDutyDestination
  | OpsgenieDestination
  | AlertmanagerDestination
  | TeamsDestination
  | OnCallDestination;

/** Destinations by channel name; policies name channels. */
export type Channels = Readonly<Record<string, readonly Destination[]>>;

/**
 * The destination as the ledger may know it. The id hashes the full address but never the secret, so rotating a secret keeps
 * the lane and its history; a webhook's address loses user info and query, which often hold tokens.
 */
export function destinationRef(destination: Destination): DestinationRef {
  if (destination.kind === 'console') return { id: OWN_CONSOLE, kind: 'console', address: 'console' };
  const full = fullAddress(destination);
  const digest = createHash('sha256').update(full).digest('hex').slice(0, 16);
  const isUrl = destination.kind === 'webhook' || destination.kind === 'alertmanager';
  const address = isUrl ? withoutCredentials(full) : full;
  return { id: `${destination.kind}:${digest}`, kind: destination.kind, address };
}

/** What this process writes into its own log: it lies where the service does, which knows already what it says. */
export const OWN_CONSOLE = 'console';

/** Where a destination lies, by its id; null where nobody says it. */
export function placeOf(channels: Channels, id: string): Place {
  const destination = destinationsById(channels).get(id);
  return destination && 'liesIn' in destination ? (destination.liesIn ?? null) : null;
}

/** Planning asks for every message; the ids are hashes. */
const byId = new WeakMap<Channels, ReadonlyMap<string, Destination>>();

/** Every destination of every channel by its id, for its secret or its limits; the same map for the same channels. */
export function destinationsById(channels: Channels): ReadonlyMap<string, Destination> {
  const known = byId.get(channels);
  if (known) return known;
  const all = Object.values(channels).flat();
  const made = new Map(all.map((destination) => [destinationRef(destination).id, destination]));
  byId.set(channels, made);
  return made;
}

/** The channel of the file that a message belongs to: who hears of a case because of having heard of it before is reached by the first that leads there. */
export function channelOf(channels: Channels, channel: string, destination: DestinationRef): string {
  if (Object.hasOwn(channels, channel)) return channel;
  const leads = Object.entries(channels).find(([, all]) =>
    all.some((one) => destinationRef(one).id === destination.id),
  );
  return leads?.[0] ?? channel;
}

/** How much a destination wants to hear; machines, and what no channel names any more, hear everything. */
export function limitsOf(destination: Destination | undefined): Limits {
  switch (destination?.kind) {
    case 'console':
    case 'slack':
    case 'email':
    case 'teams':
      return destination;
    default:
      return {};
  }
}

function fullAddress(destination: Exclude<Destination, { kind: 'console' }>): string {
  switch (destination.kind) {
    case 'webhook':
    case 'alertmanager':
      return destination.url;
    case 'pagerduty':
    case 'opsgenie':
    case 'teams':
    case 'oncall':
      // Their addresses are secrets, or say nothing: a name that stays tells one from another.
      return destination.service;
    case 'slack':
      return destination.channel;
    case 'email':
      return destination.to;
  }
}

function withoutCredentials(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

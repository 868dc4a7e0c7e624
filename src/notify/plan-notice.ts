import { deliveryRequested, type DestinationRef } from '../domain/delivery.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { deliveryId } from './delivery-id.js';
import type { Notice } from './notice-text.js';
import { fallbackOf, type FallbackContext } from './fallback.js';
import { namedRoutes, type NamedRoute } from './plan.js';

/** Who is meant to hear of it: those who follow the case, else, unless it is for those alone, these channels, else the channel called default. */
export interface NoticeAudience {
  readonly followersOnly: boolean;
  readonly caseId: string | null;
  readonly channels: readonly string[];
}

/** Whether a notice of a `stream` was told before. */
export function wasTold(stream: string, deliveries: FallbackContext['deliveries']): boolean {
  return deliveries.destinationsOf(stream).length > 0;
}

/** The notice as a message to each destination once for each `stream`; `[]` when it was told before. */
export function planNotice(
  { notice, stream }: { readonly notice: Notice; readonly stream: string },
  audience: NoticeAudience,
  context: FallbackContext,
  now: Date,
): readonly NewEntry[] {
  if (wasTold(stream, context.deliveries)) return [];
  return routesOf(audience, context).map((route) =>
    deliveryRequested(
      {
        id: deliveryId(stream, 1, route.destination.id, notice.type),
        stream,
        ...route,
        seq: 1,
        purpose: notice.type,
        dueAt: now.toISOString(),
        message: notice,
      },
      now,
    ),
  );
}

function routesOf(
  { caseId, channels, followersOnly }: NoticeAudience,
  context: FallbackContext,
): readonly NamedRoute[] {
  const heard = caseId === null ? [] : context.deliveries.destinationsOf(caseId);
  const followers = heard.map((destination) => ({ channel: 'settlement', destination }));
  if (followers.length > 0 || followersOnly) return unique(followers);
  const names = channels.length > 0 ? channels : ['default'];
  const named = names.flatMap((channel) => namedRoutes(channel, context));
  if (named.length > 0) return unique(named);
  return fallbackOf(context.channels, 'default').map((destination) => ({ channel: 'fallback', destination }));
}

function unique(routes: readonly NamedRoute[]): readonly NamedRoute[] {
  const first = new Map<DestinationRef['id'], NamedRoute>();
  for (const route of routes) if (!first.has(route.destination.id)) first.set(route.destination.id, route);
  return [...first.values()];
}

import type { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery.js';
import { destinationRef, limitsOf, type Channels } from './destination.js';
import type { DestinationRef } from '../domain/delivery.js';

/** What keeps messages from arriving. */
export interface DestinationProblem {
  /** Stable, for programs. */
  readonly code: string;
  readonly error: string;
}

/** How a destination does, by what was owed to it. */
export interface DestinationHealth extends DestinationRef {
  /** `untried`: nothing was sent yet; `failing`: the newest attempt that ended did not arrive, or nothing can; `closed`: it said that it is gone. */
  readonly state: 'untried' | 'works' | 'failing' | 'closed';
  readonly lastDeliveredAt: Date | null;
  /** Why nothing can arrive there, else what went wrong the last time, where nothing has arrived since. */
  readonly problem: DestinationProblem | null;
  /** Why nothing can arrive there, as far as that is known before anything is sent. */
  readonly fault: DestinationProblem | null;
  /** Messages on their way, and messages that wait for a digest. */
  readonly waiting: number;
  readonly held: number;
  readonly budget: { readonly messages: number; readonly used: number } | null;
}

export interface ChannelHealth {
  readonly name: string;
  readonly destinations: readonly DestinationHealth[];
}

/** What is known before anything is sent of why nothing can arrive at a destination. */
export type FaultOf = (destination: DestinationRef) => DestinationProblem | null;

/** Every channel of the file with the health of where it leads. */
export function channelHealth(
  channels: Channels,
  deliveries: Deliveries,
  { now, faultOf }: { readonly now: Date; readonly faultOf: FaultOf },
): readonly ChannelHealth[] {
  return Object.entries(channels).map(([name, destinations]) => ({
    name,
    destinations: destinations.map((destination) => {
      const ref = destinationRef(destination);
      const { budget } = limitsOf(destination);
      const used = budget ? deliveries.sentTo(ref.id, new Date(now.getTime() - budget.per)).length : 0;
      return {
        ...ref,
        ...stateOf(ref.id, deliveries, faultOf(ref)),
        budget: budget ? { messages: budget.messages, used } : null,
      };
    }),
  }));
}

type Health = Pick<DestinationHealth, 'fault' | 'state' | 'lastDeliveredAt' | 'problem' | 'waiting' | 'held'>;

function stateOf(id: string, deliveries: Deliveries, fault: DestinationProblem | null): Health {
  const all = deliveries.allTo(id);
  const open = all.filter(({ endedAt }) => endedAt === null);
  const arrived = all.findLast(({ state }) => state === 'delivered') ?? null;
  const failed = all.findLast(isFailed) ?? null;
  const isFailing = failed !== null && (arrived === null || triedAt(failed) >= triedAt(arrived));
  const last = isFailing ? { code: failed.code ?? 'unknown', error: failed.error ?? '' } : null;
  const problem = fault ?? last;
  return {
    fault,
    state: deliveries.isDisabled(id) ? 'closed' : problem ? 'failing' : arrived ? 'works' : 'untried',
    lastDeliveredAt: arrived?.endedAt ?? null,
    problem,
    waiting: open.filter(({ held }) => held === null).length,
    held: open.filter(({ held }) => held !== null).length,
  };
}

function isFailed({ state }: Delivery): boolean {
  return state === 'retry' || state === 'dead' || state === 'ambiguous';
}

function triedAt({ attemptStartedAt, requestedAt }: Delivery): number {
  return (attemptStartedAt ?? requestedAt).getTime();
}

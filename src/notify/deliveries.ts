import { DELIVERY_SUBJECT, DeliveryRequest } from '../domain/delivery.js';
import { groupBy } from '../domain/group-by.js';
import { invariant } from '../domain/invariant.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';
import { isLoud } from './case-news.js';
import { DeliveryResult } from './delivery-entries.js';
import type { Delivery, DeliveryState, Receipt } from './delivery.js';
import { withResult } from './delivery-fold.js';

interface Lane {
  pausedUntil: Date;
  /** The receiver asked for the pause. */
  asked: boolean;
  disabled: boolean;
}

const ENDED: ReadonlySet<DeliveryState> = new Set(['delivered', 'dead', 'superseded']);

/** What is owed to whom, folded from the log; the outbox's memory. */
export class Deliveries implements Projection {
  private readonly byId = new Map<string, Delivery>();
  /** Everything of one stream to one destination, in order of seq. */
  private readonly streams = new Map<string, Delivery['id'][]>();
  private readonly openStreams = new Map<string, ReadonlySet<string>>();
  private readonly lanes = new Map<string, Lane>();
  private readonly roots = new Map<string, Receipt>();
  private readonly pending = new Set<string>();
  private readonly byDestination = new Map<string, Delivery['id'][]>();

  reset(): void {
    const { byId, streams, openStreams, lanes, roots, pending, byDestination } = this;
    for (const held of [byId, streams, openStreams, lanes, roots, pending, byDestination]) held.clear();
  }

  apply(entry: LedgerEntry): void {
    if (entry.action === 'destination.unsubscribed') this.lane(entry.subject.id).disabled = true;
    if (entry.action === 'destination.enabled') this.lane(entry.subject.id).disabled = false;
    if (entry.subject.type !== DELIVERY_SUBJECT) return;
    if (entry.action === 'delivery.requested') this.request(entry);
    else this.result(entry);
  }

  find(id: string): Delivery | undefined {
    return this.byId.get(id);
  }

  /** Newest first; dead letters are `list('dead')`. */
  list(state: DeliveryState | null = null): readonly Delivery[] {
    return [...this.byId.values()]
      .filter((delivery) => state === null || delivery.state === state)
      .toReversed();
  }

  /** The messages of one case to one destination, oldest first. */
  stream(stream: string, destination: string): readonly Delivery[] {
    return (this.streams.get(streamKey(stream, destination)) ?? []).map((id) => this.load(id));
  }

  /** Every destination that was ever promised a message of the stream: these must hear its end. */
  destinationsOf(stream: string): readonly Delivery['destination'][] {
    return [...(this.openStreams.get(stream) ?? [])].flatMap((id) => {
      const first = this.stream(stream, id)[0];
      return first ? [first.destination] : [];
    });
  }

  /** Heads of their streams that may be tried at `now`: what presses before the rest, then oldest first; an attempt older than the lease was cut off and counts as one. */
  due(now: Date, leaseMs = 60_000): readonly Delivery[] {
    const due = [...this.pending]
      .map((id) => this.load(id))
      .filter(
        (delivery) =>
          delivery.held === null &&
          this.isHead(delivery) &&
          this.isDue(delivery, now, leaseMs) &&
          !this.isHeldBack(delivery, now),
      );
    const byPress = groupBy(due, (delivery) => this.isPressed(delivery));
    return [...(byPress.get(true) ?? []), ...(byPress.get(false) ?? [])];
  }

  /** Messages that are owed and have not ended. */
  get pendingCount(): number {
    return this.pending.size;
  }

  /** When something becomes due next, for a sleeping drain loop; null when nothing is owed. */
  nextDueAt(): Date | null {
    const times = [...this.pending].map((id) => this.load(id).nextAt.getTime());
    return times.length === 0 ? null : new Date(times.reduce((a, b) => Math.min(a, b)));
  }

  isDisabled(destination: string): boolean {
    return this.lanes.get(destination)?.disabled ?? false;
  }

  /** Ids of destinations that answered "gone" and were not opened again. */
  disabled(): readonly string[] {
    return [...this.lanes].filter(([, lane]) => lane.disabled).map(([id]) => id);
  }

  /** Messages that were surely not received and that the next one of the stream makes stale: edits, and what is held back. */
  stale(stream: string, destination: string): readonly Delivery[] {
    return this.stream(stream, destination).filter(
      ({ purpose, state, held }) =>
        (purpose === 'updated' && (state === 'queued' || state === 'retry')) ||
        (held !== null && state === 'queued'),
    );
  }

  /** What reaches a destination of a stream, or has: by itself, or within a digest. */
  told(stream: string, destination: string): readonly Delivery[] {
    return this.stream(stream, destination).filter((one) =>
      one.state === 'superseded' ? this.digestOf(one) !== null : one.held === null,
    );
  }

  /** The digest that has taken a message's place; null where none has. */
  digestOf({ supersededBy }: Delivery): Delivery | null {
    const by = supersededBy === null ? undefined : this.byId.get(supersededBy);
    return by?.message.type === 'digest' ? by : null;
  }

  /** Everything that the digests of a stream have taken the place of, oldest first. */
  digested(stream: string, destination: string): readonly Delivery[] {
    const digests = new Set(this.stream(stream, destination).map(({ id }) => id));
    if (digests.size === 0) return [];
    return this.allTo(destination).filter(
      ({ supersededBy }) => supersededBy !== null && digests.has(supersededBy),
    );
  }

  /** Everything owed to a destination, oldest first. */
  allTo(destination: string): readonly Delivery[] {
    return (this.byDestination.get(destination) ?? []).map((id) => this.load(id));
  }

  /** What waits for a digest, oldest first. */
  heldBack(): readonly Delivery[] {
    return [...this.pending].map((id) => this.load(id)).filter(({ held }) => held !== null);
  }

  /** Messages to a destination since an instant, newest first; those that others took the place of do not count. */
  sentTo(destination: string, since: Date): readonly Delivery[] {
    const found: Delivery[] = [];
    for (const id of (this.byDestination.get(destination) ?? []).toReversed()) {
      const delivery = this.load(id);
      if (delivery.requestedAt <= since) break;
      if (delivery.held === null && delivery.state !== 'superseded') found.push(delivery);
    }
    return found;
  }

  private request(entry: LedgerEntry): void {
    const request = DeliveryRequest.parse({ id: entry.subject.id, ...entry.data });
    if (this.byId.has(request.id)) return;
    const key = streamKey(request.stream, request.destination.id);
    this.byId.set(request.id, {
      ...request,
      state: 'queued',
      requestedAt: entry.at,
      attempts: 0,
      firstAttemptAt: null,
      attemptStartedAt: null,
      nextAt: new Date(request.dueAt),
      endedAt: null,
      receipt: null,
      root: this.roots.get(key) ?? this.threadOf(request),
      code: null,
      error: null,
      supersededBy: null,
    });
    this.streams.set(key, [...(this.streams.get(key) ?? []), request.id]);
    this.openStreams.set(
      request.stream,
      new Set([...(this.openStreams.get(request.stream) ?? []), request.destination.id]),
    );
    const there = this.byDestination.get(request.destination.id);
    if (there) there.push(request.id);
    else this.byDestination.set(request.destination.id, [request.id]);
    this.pending.add(request.id);
  }

  /** What is said about the training that a case asked for belongs to the thread of that case. */
  private threadOf({ message, destination }: DeliveryRequest): Receipt | null {
    const caseId = message.type === 'training_notice' ? (message.caseId ?? null) : null;
    return caseId === null ? null : (this.roots.get(streamKey(caseId, destination.id)) ?? null);
  }

  private result(entry: LedgerEntry): void {
    const delivery = this.byId.get(entry.subject.id);
    if (!delivery) return;
    const result = DeliveryResult.parse({ action: entry.action, ...entry.data });
    const next = withResult(delivery, result, entry.at);
    this.byId.set(delivery.id, next);
    if (ENDED.has(next.state)) this.pending.delete(delivery.id);
    else this.pending.add(delivery.id);
    if ('pauseUntil' in result)
      Object.assign(this.lane(delivery.destination.id), {
        pausedUntil: new Date(result.pauseUntil),
        asked: result.asked ?? false,
      });
    if (result.action === 'delivery.dead' && result.disable)
      this.lane(delivery.destination.id).disabled = true;
    // Who asks for it to be sent now means now.
    if (result.action === 'delivery.replayed') this.lane(delivery.destination.id).pausedUntil = new Date(0);
    if (result.action === 'delivery.delivered') this.rememberRoot(next, result.receipt);
  }

  private rememberRoot(delivery: Delivery, receipt: Receipt): void {
    const key = streamKey(delivery.stream, delivery.destination.id);
    // A receipt that rebinds (the first message was deleted and posted anew) replaces the root.
    if (this.roots.has(key) && receipt['rebind'] !== true) return;
    this.roots.set(key, receipt);
    for (const id of this.streams.get(key) ?? []) this.byId.set(id, { ...this.load(id), root: receipt });
  }

  private isHead(delivery: Delivery): boolean {
    const waiting = this.stream(delivery.stream, delivery.destination.id).find(
      ({ state }) => !ENDED.has(state),
    );
    return waiting?.id === delivery.id;
  }

  private isDue(delivery: Delivery, now: Date, leaseMs: number): boolean {
    if (delivery.state !== 'attempting')
      return delivery.nextAt <= now || (delivery.state === 'retry' && this.isPressed(delivery));
    return (
      delivery.attemptStartedAt !== null && now.getTime() - delivery.attemptStartedAt.getTime() >= leaseMs
    );
  }

  private isHeldBack(delivery: Delivery, now: Date): boolean {
    const lane = this.lanes.get(delivery.destination.id);
    if (lane === undefined) return false;
    return lane.disabled || (lane.pausedUntil > now && (lane.asked || !this.isPressed(delivery)));
  }

  /** Whether a message presses, or waits before one of its stream that does and came after its last attempt. */
  private isPressed(delivery: Delivery): boolean {
    if (isPressing(delivery)) return true;
    const { stream, destination, attemptStartedAt } = delivery;
    if (delivery.state === 'attempting' || attemptStartedAt === null) return false;
    return this.stream(stream, destination.id).some(
      (one) => one.state === 'queued' && one.requestedAt > attemptStartedAt && isPressing(one),
    );
  }

  private lane(id: string): Lane {
    const lane = this.lanes.get(id) ?? { pausedUntil: new Date(0), asked: false, disabled: false };
    this.lanes.set(id, lane);
    return lane;
  }

  private load(id: string): Delivery {
    const delivery = this.byId.get(id);
    invariant(delivery, `delivery ${id} is in an index but not in the state`);
    return delivery;
  }
}

/** Something critical that is new there, or a call for somebody, and was never tried: it does not wait because another message was not taken. */
function isPressing({ attempts, purpose, message }: Delivery): boolean {
  if (attempts > 0 || message.type !== 'case' || message.severity !== 'critical') return false;
  return purpose === 'opened' || purpose === 'reopened' || isLoud(message);
}

function streamKey(stream: string, destination: string): string {
  return `${destination} ${stream}`;
}

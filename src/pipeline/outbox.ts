import type { Message } from '../domain/delivery.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Ledger } from '../ledger/ledger.js';
import { backoff, waitAfter } from '../notify/backoff.js';
import type { Deliveries } from '../notify/deliveries.js';
import type { Delivery } from '../notify/delivery.js';
import { deliveryEntry, type DeliveryResult } from '../notify/delivery-entries.js';
import { channelOf, type Channels } from '../notify/destination.js';
import { planFallback } from '../notify/fallback.js';
import { noNotifier, type DeliveryOutcome, type Notifier } from '../notify/notifier.js';
import { residentNotifiers, WRONG_REGION, type MessageRegions } from '../notify/resident.notifier.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';

export interface OutboxOptions {
  readonly ledger: Pick<Ledger, 'transact'>;
  readonly deliveries: Deliveries;
  readonly notifiers: readonly Notifier[];
  readonly log: Log;
  readonly metrics: Metrics;
  /** Destinations by channel: who is told instead when one does not take a message. */
  readonly channels: Channels;
  /** Whether what a stream is about still goes on: then a refusal is tried again without end. */
  readonly isOpen: (stream: string) => boolean;
  /** A message with what is known only when it is sent; it does not throw. Left out, nothing is added. */
  readonly complete?: (message: Message) => Promise<Message>;
  /** Whether a destination, by id, is this process's to serve; all are where it is left out. */
  readonly isOwn?: (destination: string) => boolean;
  /** Which messages may not go to which destinations; left out, all may. */
  readonly regions?: MessageRegions;
  /** In [0, 1); spreads retries. */
  readonly random?: () => number;
  /** An attempt without a result for this long was cut off by a crash. Must exceed every notifier's own deadline. */
  readonly leaseMs?: number;
}

/** How the attempts of one drain ended; `dead` are the ids of new dead letters, which somebody must look at. */
export interface DrainReport {
  readonly delivered: number;
  readonly retried: number;
  readonly ambiguous: number;
  readonly dead: readonly string[];
}

type Ending = Exclude<
  DeliveryResult['action'],
  'delivery.attempting' | 'delivery.superseded' | 'delivery.replayed'
>;
interface Ended {
  readonly id: string;
  readonly action: Ending;
}
/** This many attempts are no longer a deploy in progress: somebody else is told, and "gone" is believed. */
const TELL_AT = 2;
const GONE_AT = 3;

/** How long the receiver asks for a pause, milliseconds. */
const askedBy = (outcome: DeliveryOutcome): number =>
  outcome.kind === 'retry' ? (outcome.retryAfterMs ?? 0) : 0;

/**
 * Delivers what the log owes. For each message: record the attempt, do it, record how it ended; the log's compare-and-swap lets one
 * replica at a time attempt it. Destinations are independent lanes; within one, messages go one after the other.
 */
export class Outbox {
  private readonly busy = new Map<string, Promise<readonly Ended[]>>();
  private readonly notifiers: ReadonlyMap<string, Notifier>;
  private readonly random: () => number;
  private readonly leaseMs: number;
  private readonly complete: (message: Message) => Promise<Message>;

  constructor(private readonly options: OutboxOptions) {
    const all = residentNotifiers(options.notifiers, options.regions);
    this.notifiers = new Map(all.map((notifier) => [notifier.kind, notifier]));
    this.random = options.random ?? Math.random;
    this.leaseMs = options.leaseMs ?? 60_000;
    this.complete = options.complete ?? (async (message) => message);
  }

  /**
   * Tries everything due at `now` once, and what becomes due behind it. Lanes that an earlier drain still works on are left to it, so a
   * slow destination holds up nobody. Throws what the ledger throws: then nothing more was sent.
   */
  async drain(now: Date): Promise<DrainReport> {
    const lanes = new Set(
      this.options.deliveries.due(now, this.leaseMs).map(({ destination }) => destination.id),
    );
    const isOwn = this.options.isOwn ?? (() => true);
    const idle = [...lanes].filter((lane) => !this.busy.has(lane) && isOwn(lane));
    const ended = (await Promise.all(idle.map((lane) => this.occupy(lane, now)))).flat();
    const count = (action: Ending): number => ended.filter((end) => end.action === action).length;
    return {
      delivered: count('delivery.delivered'),
      retried: count('delivery.retry_scheduled'),
      ambiguous: count('delivery.ambiguous'),
      dead: ended.filter(({ action }) => action === 'delivery.dead').map(({ id }) => id),
    };
  }

  /** Resolves when no lane is at work; for an orderly stop after the last drain. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.busy.values());
  }

  private async occupy(lane: string, now: Date): Promise<readonly Ended[]> {
    const work = this.runLane(lane, now).finally(() => this.busy.delete(lane));
    this.busy.set(lane, work);
    return work;
  }

  private async runLane(lane: string, now: Date): Promise<readonly Ended[]> {
    const ended: Ended[] = [];
    for (;;) {
      const next = this.options.deliveries
        .due(now, this.leaseMs)
        .find(({ destination }) => destination.id === lane);
      if (!next || ended.some(({ id }) => id === next.id)) return ended;
      const action = await this.advance(next);
      if (action === null) return ended;
      ended.push({ id: next.id, action });
    }
  }

  /** One step of one delivery; null when another replica was faster. */
  private async advance(delivery: Delivery): Promise<Ending | null> {
    if (delivery.state === 'attempting') return this.doubtCutOff(delivery);
    const notifier = this.notifiers.get(delivery.destination.kind);
    if (delivery.state === 'ambiguous' && notifier?.reconcile) {
      const found = await notifier.reconcile(delivery.message, delivery);
      if (found.kind === 'found')
        return this.finish(delivery, { kind: 'delivered', receipt: found.receipt }, true);
      // While attempts are left, a receiver that cannot say is asked again; then a possible double beats a possible loss.
      if (found.kind === 'unknown' && this.delay(delivery, delivery.attempts + 1, null) !== null) {
        return this.record(delivery, (at) => this.unresolved(delivery, found, at));
      }
    }
    return this.attempt(notifier, delivery);
  }

  private async attempt(notifier: Notifier | undefined, delivery: Delivery): Promise<Ending | null> {
    const attempt = delivery.attempts + 1;
    const taken = await this.append(delivery, () => ({ action: 'delivery.attempting', attempt }));
    if (!taken) return null;
    const attempting = this.options.deliveries.find(delivery.id) ?? delivery;
    return this.finish(attempting, await this.outcomeOf(notifier, attempting), false);
  }

  private async doubtCutOff(delivery: Delivery): Promise<Ending | null> {
    const error = 'the process ended between the attempt and its result';
    return this.record(delivery, (at) => ({
      action: 'delivery.ambiguous',
      attempt: delivery.attempts,
      code: 'cut_off',
      error,
      nextAt: at.toISOString(),
      pauseUntil: at.toISOString(),
    }));
  }

  private async finish(
    delivery: Delivery,
    outcome: DeliveryOutcome,
    reconciled: boolean,
  ): Promise<Ending | null> {
    return this.record(delivery, (at) => this.resultOf(delivery, outcome, reconciled, at));
  }

  private resultOf(
    delivery: Delivery,
    outcome: DeliveryOutcome,
    reconciled: boolean,
    at: Date,
  ): DeliveryResult & { action: Ending } {
    const { attempts: attempt } = delivery;
    if (outcome.kind === 'delivered') {
      return {
        action: 'delivery.delivered',
        attempt,
        reconciled,
        receipt: { ...outcome.receipt } as Record<string, never>,
      };
    }
    const { code, error } = outcome;
    const dead = { action: 'delivery.dead', attempt, code, error } as const;
    if (outcome.kind === 'dead') return { ...dead, disable: false };
    const isGone = outcome.kind === 'refused' && (outcome.gone ?? false) && attempt >= GONE_AT;
    const delay = isGone ? null : this.delayAfter(delivery, outcome);
    if (delay === null) return { ...dead, disable: isGone };
    const action = outcome.kind === 'ambiguous' ? 'delivery.ambiguous' : 'delivery.retry_scheduled';
    return { action, attempt, code, error, ...waitAfter(delay, askedBy(outcome), at) };
  }

  private unresolved(
    delivery: Delivery,
    found: { readonly code: string; readonly error: string; readonly retryAfterMs: number | null },
    at: Date,
  ): DeliveryResult & { action: Ending } {
    const delay = this.delay(delivery, delivery.attempts + 1, found.retryAfterMs) ?? 0;
    const nextAt = new Date(at.getTime() + delay).toISOString();
    const { code, error } = found;
    return {
      action: 'delivery.ambiguous',
      attempt: delivery.attempts + 1,
      code,
      error,
      nextAt,
      pauseUntil: nextAt,
      ...(found.retryAfterMs === null ? {} : { asked: true }),
    };
  }

  private delay(delivery: Delivery, attempts: number, retryAfterMs: number | null): number | null {
    return backoff(delivery.destination.kind, attempts, { retryAfterMs, random: this.random() });
  }

  /** A refusal lasts as long as its reason does: it is tried again while the case is open. */
  private delayAfter(delivery: Delivery, outcome: DeliveryOutcome): number | null {
    const { attempts, destination, stream } = delivery;
    if (outcome.kind !== 'refused')
      return this.delay(delivery, attempts, outcome.kind === 'retry' ? outcome.retryAfterMs : null);
    const lasting = this.options.isOpen(stream);
    // A run that nobody waits for any more must not start, and whoever asked for a test has the answer.
    if (delivery.purpose === 'test' || (destination.kind === 'retrain' && !lasting)) return null;
    return backoff(destination.kind, Math.max(attempts, 1), { random: this.random(), lasting });
  }

  private async record(
    delivery: Delivery,
    result: (at: Date) => DeliveryResult & { action: Ending },
  ): Promise<Ending | null> {
    const recorded = await this.append(delivery, result);
    if (!recorded) return null;
    const { kind, address } = delivery.destination;
    this.options.metrics
      .counter('deliveries_total', 'Ends of delivery attempts by channel, destination kind and outcome.', [
        'channel',
        'kind',
        'outcome',
      ])
      .inc({
        channel: channelOf(this.options.channels, delivery.channel, delivery.destination),
        kind,
        outcome: recorded.action.replace('delivery.', ''),
      });
    const current = this.options.deliveries.find(delivery.id);
    const { id, stream } = delivery;
    const fields = { delivery: id, stream, destination: address, code: current?.code };
    if (recorded.action === 'delivery.dead')
      this.options.log.error('a message could not be delivered', current?.error, fields);
    else if (recorded.action !== 'delivery.delivered')
      this.options.log.warn('a delivery will be tried again', fields);
    return recorded.action as Ending;
  }

  /** Appends a result when the delivery still stands where this replica saw it, else nothing. */
  private async append(
    delivery: Delivery,
    result: (at: Date) => DeliveryResult,
  ): Promise<DeliveryResult | null> {
    let appended: DeliveryResult | null = null;
    await this.options.ledger.transact((at): readonly NewEntry[] => {
      const current = this.options.deliveries.find(delivery.id);
      const unchanged = current?.state === delivery.state && current.attempts === delivery.attempts;
      appended = unchanged ? result(at) : null;
      return appended === null
        ? []
        : [deliveryEntry(delivery.id, appended, at), ...this.instead(delivery, appended, at)];
    });
    return appended;
  }

  /** What a notifier throws is a fault of ours: people read that it happened, the log has what it was. */
  private async outcomeOf(notifier: Notifier | undefined, delivery: Delivery): Promise<DeliveryOutcome> {
    if (!notifier) return noNotifier(delivery.destination.kind);
    try {
      return await notifier.deliver(await this.complete(delivery.message), delivery);
    } catch (error) {
      this.options.log.error('a notifier failed', error, { delivery: delivery.id });
      const said = 'an unexpected error came up while it was sent: the log says more';
      return { kind: 'ambiguous', code: 'notifier_failed', error: said };
    }
  }

  /** Whoever else must hear of it: nobody is left untold because of a destination that does not take messages. */
  private instead(delivery: Delivery, result: DeliveryResult, at: Date): readonly NewEntry[] {
    const isDead = result.action === 'delivery.dead';
    const isRefused = result.action === 'delivery.retry_scheduled' && result.attempt >= TELL_AT;
    if (!isDead && !isRefused) return [];
    const { regions } = this.options;
    const kept = result.code === WRONG_REGION ? (regions?.entries(delivery, at) ?? []) : [];
    return [...kept, ...planFallback(delivery, { code: result.code, isTriedAgain: !isDead }, this.options, at)]; // prettier-ignore
  }
}

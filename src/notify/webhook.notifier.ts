import type { Clock } from '../domain/clock.js';
import type { Message } from '../domain/delivery.js';
import {
  caseEvent,
  CLOUD_EVENT_TYPE,
  digestEvent,
  noticeEvent,
  testEvent,
  weeklyEvent,
} from './cloud-event.js';
import { alertmanagerBody, alertmanagerTestBody } from './alertmanager.js';
import type { Delivery } from './delivery.js';
import type { Destination } from './destination.js';
import { httpOutcome } from './http-outcome.js';
import type { HttpSender } from './http-sender.js';
import { Notifier, type DeliveryOutcome } from './notifier.js';
import { webhookSignature } from './webhook-signature.js';

/**
 * Signed CloudEvents to any address. A receiver recognises a repetition by `webhook-id`, so doubt is settled by sending again.
 */
export class WebhookNotifier extends Notifier {
  override readonly kind = 'webhook';

  /** `destinations` is looked into at every attempt, because the ledger holds neither the whole address nor the secret. */
  constructor(
    private readonly http: HttpSender,
    private readonly destinations: () => ReadonlyMap<string, Destination>,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome> {
    const destination = this.destinations().get(delivery.destination.id);
    if (destination?.kind !== 'webhook') return gone(delivery);
    if (message.type === 'retrain')
      return { kind: 'dead', code: 'not_for_people', error: 'a webhook channel starts no training runs' };
    const now = this.clock.now();
    const timestamp = Math.floor(now.getTime() / 1_000);
    const alerts = destination.format === 'alertmanager' ? alertsOf(message) : null;
    const body = alerts ?? eventOf(message, delivery);
    const headers = {
      'content-type': alerts !== null ? 'application/json' : CLOUD_EVENT_TYPE,
      'user-agent': 'tidewatch',
      'webhook-id': delivery.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignature(destination.secret, delivery.id, timestamp, body),
    };
    return httpOutcome(await this.http.send({ method: 'POST', url: destination.url, headers, body }, now));
  }
}

/** What an Alertmanager would send; null of what it has no word for. */
function alertsOf(message: Message): string | null {
  if (message.type === 'case') return alertmanagerBody(message);
  return message.type === 'test' ? alertmanagerTestBody(message) : null;
}

function eventOf(message: Exclude<Message, { type: 'retrain' }>, { id, requestedAt }: Delivery): string {
  if (message.type === 'case') return caseEvent(id, message, requestedAt);
  if (message.type === 'test') return testEvent(id, message);
  if (message.type === 'weekly') return weeklyEvent(id, message, requestedAt);
  return message.type === 'digest' ? digestEvent(id, message, requestedAt) : noticeEvent(id, message);
}

function gone({ destination }: Delivery): DeliveryOutcome {
  const error = `no channel names the webhook ${destination.address} any more; put it back and replay to deliver`;
  return { kind: 'dead', code: 'destination_removed', error };
}

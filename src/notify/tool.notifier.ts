import type { Clock } from '../domain/clock.js';
import type { Message } from '../domain/delivery.js';
import { alertmanagerRequests } from './alertmanager.js';
import type { Delivery } from './delivery.js';
import type { Destination } from './destination.js';
import { httpOutcome } from './http-outcome.js';
import type { HttpRequest, HttpResult, HttpSender } from './http-sender.js';
import { Notifier, type DeliveryOutcome } from './notifier.js';
import { onCallRequests } from './oncall.js';
import { opsgenieRequests } from './opsgenie.js';
import { pagerDutyRequests } from './pagerduty.js';
import { spoken, type Spoken } from './spoken.js';
import { teamsRequests } from './teams.js';

/** Tools for alerts that are told by one request or two. */
export const TOOLS = ['pagerduty', 'opsgenie', 'alertmanager', 'teams', 'oncall'] as const;
type Tool = (typeof TOOLS)[number];

/** What is wrong with the request itself is wrong the next time as well. */
const UNREADABLE = new Set([400, 413, 422]);

/** Tells one kind of tool. All but Teams know a problem by its key, so that what is sent twice in doubt is one alert. */
export class ToolNotifier extends Notifier {
  constructor(
    override readonly kind: Tool,
    private readonly http: HttpSender,
    /** Looked into at every attempt: the ledger holds neither whole addresses nor keys. */
    private readonly destinations: () => ReadonlyMap<string, Destination>,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome> {
    if (message.type === 'retrain')
      return { kind: 'dead', code: 'not_for_people', error: `${this.kind} starts no training runs` };
    const destination = this.destinations().get(delivery.destination.id);
    const now = this.clock.now();
    const requests = destination ? requestsTo(destination, spoken(message, delivery), now) : null;
    if (requests === null) return removed(delivery);
    let outcome: DeliveryOutcome = { kind: 'delivered', receipt: {} };
    for (const request of requests) {
      outcome = outcomeOf(await this.http.send(request, now));
      if (outcome.kind !== 'delivered') return outcome;
    }
    return outcome;
  }
}

function requestsTo(destination: Destination, said: Spoken, now: Date): readonly HttpRequest[] | null {
  switch (destination.kind) {
    case 'pagerduty':
      return pagerDutyRequests(destination, said);
    case 'opsgenie':
      return opsgenieRequests(destination, said);
    case 'alertmanager':
      return alertmanagerRequests(destination, said, now);
    case 'teams':
      return teamsRequests(destination, said);
    case 'oncall':
      return onCallRequests(destination, said);
    default:
      return null;
  }
}

function outcomeOf(result: HttpResult): DeliveryOutcome {
  const outcome = httpOutcome(result);
  const isUnreadable = result.kind === 'response' && UNREADABLE.has(result.status);
  if (!isUnreadable || outcome.kind === 'delivered') return outcome;
  const { code, error } = outcome;
  return { kind: 'dead', code, error };
}

function removed({ destination }: Delivery): DeliveryOutcome {
  const error = `no channel names ${destination.kind} ${destination.address} any more; put it back and replay to deliver`;
  return { kind: 'dead', code: 'destination_removed', error };
}

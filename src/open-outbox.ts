import type { Config } from './config/config.js';
import type { CaseMessage } from './domain/case-message.js';
import type { Message } from './domain/delivery.js';
import type { Clock } from './domain/clock.js';
import type { Incidents } from './incidents/incidents.js';
import type { Ledger } from './ledger/ledger.js';
import { destinationsById } from './notify/destination.js';
import type { Deliveries } from './notify/deliveries.js';
import type { HttpSender } from './notify/http-sender.js';
import { notifiersFrom } from './notify/notifiers-from.js';
import { MessageResidency } from './pipeline/message-residency.js';
import { Outbox } from './pipeline/outbox.js';
import type { Stages } from './pipeline/stages.js';
import { RetrainNotifier, type RunPapers } from './pipeline/retrain.notifier.js';
import { RunWatch } from './pipeline/run-watch.js';
import type { LiveChannels } from './live-channels.js';
import type { Replicas } from './replicas/replicas.js';
import type { RetrainingGuards } from './retraining/guards.js';
import type { Retrainings } from './retraining/retrainings.js';
import type { Log } from './telemetry/log.js';
import type { Metrics } from './telemetry/metrics.js';

/** What every part of a service is given. */
export interface Surroundings {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface OutboxParts {
  readonly http: HttpSender;
  readonly ledger: Ledger;
  readonly incidents: Incidents;
  readonly deliveries: Deliveries;
  readonly retrainings: Retrainings;
  readonly replicas: Replicas;
  /** Where a mailbox takes itself out. */
  readonly unsubscribeUrl: (destination: string) => string;
  /** What a training run is given on its way. */
  readonly papers: Omit<RunPapers, 'isWanted'>;
  /** A message with what is known only when it is sent. */
  readonly complete: (message: Message) => Promise<Message>;
  /** The finding that leads a message, drawn; null where it has no size. */
  readonly picture: (message: CaseMessage) => Promise<Buffer | null>;
  /** Which data has to stay where. */
  readonly places: Pick<Stages, 'residency' | 'residencyRefusals'>;
}

/** What delivers what the ledger owes, with every way to reach somebody that the configuration makes possible. */
export function openOutbox(
  { config, clock, log, metrics }: Surroundings,
  { live, guards }: { readonly live: LiveChannels; readonly guards: RetrainingGuards },
  {
    http,
    ledger,
    incidents,
    deliveries,
    retrainings,
    replicas,
    unsubscribeUrl,
    papers,
    complete,
    picture,
    places,
  }: OutboxParts,
): { readonly outbox: Outbox; readonly runWatch: RunWatch } {
  // A secret that was rotated is used from the next attempt on.
  const destinations = () => {
    live.refresh();
    return destinationsById(live.current.channels);
  };
  const write = (line: string) => log.of('console').info(line);
  const isWanted = (id: string) => retrainings.find(id)?.state === 'requested';
  const notifiers = [
    ...notifiersFrom(config, { clock, http, write, destinations, unsubscribeUrl, picture }),
    new RetrainNotifier(http, () => guards, { ...papers, isWanted }, clock),
  ];
  const isOpen = (stream: string) =>
    (incidents.case(stream)?.state ?? 'CLOSED') !== 'CLOSED' ||
    retrainings.find(stream)?.state === 'requested';
  const isOwn = (destination: string) => replicas.owns(`destination ${destination}`);
  const say = log.of('outbox');
  const completed = async (message: Message) =>
    complete(message).catch((error: unknown) => {
      say.warn('a message is sent without its cost and all its decisions, which could not be read', {
        error: String(error),
      });
      return message;
    });
  const outbox = new Outbox({
    ledger,
    deliveries,
    notifiers,
    isOpen,
    isOwn,
    regions: regionsOf(live, guards, places),
    log: say,
    metrics,
    complete: completed,
    get channels() {
      return live.current.channels;
    },
  });
  const watched = { isOwn: (model: string) => replicas.holds(model), log: log.of('retraining') };
  const runWatch = new RunWatch({ ledger, retrainings, guards, http, clock, ...watched });
  return { outbox, runWatch };
}

/** Where destinations lie is asked of the channels file as it is now. */
function regionsOf(live: LiveChannels, guards: RetrainingGuards, places: OutboxParts['places']): MessageResidency {
  return new MessageResidency({
    ...places,
    guards,
    get channels() {
      return live.current.channels;
    },
  });
} // prettier-ignore

import type { Config } from '../config/config.js';
import { proxiesOf } from '../config/proxies.js';
import type { Clock } from '../domain/clock.js';
import { ConsoleNotifier } from './console.notifier.js';
import { destinationsById, type Channels } from './destination.js';
import { EmailNotifier } from './email.notifier.js';
import { HttpSender } from './http-sender.js';
import type { Notifier } from './notifier.js';
import { SlackNotifier } from './slack.notifier.js';
import { WebhookNotifier } from './webhook.notifier.js';

export interface NotifierParts {
  readonly channels: Channels;
  readonly clock: Clock;
  /** Where the console channel speaks. */
  readonly write: (line: string) => void;
  readonly http: HttpSender;
}

/** The notifiers that the configuration makes possible; the others' messages become dead letters that say what is missing. */
export function notifiersFrom(
  config: Config,
  { channels, clock, write, http }: NotifierParts,
): readonly Notifier[] {
  const destinations = destinationsById(channels);
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl, SMTP_URL: smtp, SMTP_FROM: from } = config;
  const domain = /@([^@\s>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return [
    new ConsoleNotifier(write),
    new WebhookNotifier(http, () => destinations, clock),
    ...(token === undefined
      ? []
      : [
          new SlackNotifier({
            token,
            proxies: proxiesOf(config),
            ...(apiUrl === undefined ? {} : { apiUrl }),
          }),
        ]),
    ...(smtp === undefined ? [] : [new EmailNotifier({ url: smtp, from, domain })]),
  ];
}

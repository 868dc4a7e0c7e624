import type { Config } from '../config/config.js';
import { proxiesOf } from '../config/proxies.js';
import type { CaseMessage } from '../domain/case-message.js';
import type { Clock } from '../domain/clock.js';
import { ConsoleNotifier } from './console.notifier.js';
import type { Destination } from './destination.js';
import { EmailNotifier } from './email.notifier.js';
import { HttpSender } from './http-sender.js';
import type { Notifier } from './notifier.js';
import { SlackNotifier } from './slack.notifier.js';
import { ToolNotifier, TOOLS } from './tool.notifier.js';
import { WebhookNotifier } from './webhook.notifier.js';

export interface NotifierParts {
  readonly clock: Clock;
  /** Where the console channel speaks. */
  readonly write: (line: string) => void;
  readonly http: HttpSender;
  /** Destinations with their secrets as they are now. */
  readonly destinations: () => ReadonlyMap<string, Destination>;
  /** Where a mailbox takes itself out. */
  readonly unsubscribeUrl: (destination: string) => string;
  /** Draws what a case is about. */
  readonly picture: (message: CaseMessage) => Promise<Buffer | null>;
}

/** The notifiers that the configuration makes possible; the others' messages become dead letters that say what is missing. */
export function notifiersFrom(
  config: Config,
  { clock, write, http, destinations, unsubscribeUrl, picture }: NotifierParts,
): readonly Notifier[] {
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl, SMTP_URL: smtp, SMTP_FROM: from } = config;
  const domain = /@([^@\s>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return [
    new ConsoleNotifier(write),
    new WebhookNotifier(http, destinations, clock),
    ...TOOLS.map((kind) => new ToolNotifier(kind, http, destinations, clock)),
    ...(token === undefined
      ? []
      : [
          new SlackNotifier({
            token: () => config.SLACK_BOT_TOKEN ?? token,
            picture,
            proxies: proxiesOf(config),
            isInteractive: config.SLACK_SIGNING_SECRET !== undefined,
            ...(apiUrl === undefined ? {} : { apiUrl }),
          }),
        ]),
    ...(smtp === undefined
      ? []
      : [
          new EmailNotifier({
            url: () => config.SMTP_URL ?? smtp,
            from,
            domain,
            unsubscribeUrl,
            picture,
            ca: config.SMTP_CA,
            dkim: dkimOf(config),
          }),
        ]),
  ];
}

function dkimOf({ SMTP_DKIM_KEY: key, SMTP_DKIM_SELECTOR: selector }: Config) {
  return key === undefined ? undefined : { key, selector };
}

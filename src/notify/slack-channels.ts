import { isDeepStrictEqual } from 'node:util';
import { LogLevel, WebClient } from '@slack/web-api';
import { proxiedFetch } from '../config/proxied-fetch.js';
import type { DestinationProblem } from './channel-health.js';
import { slackErrorCode } from './slack-outcome.js';

/** How Slack is reached. */
export interface SlackAccess {
  readonly SLACK_BOT_TOKEN?: string | undefined;
  readonly SLACK_API_URL?: string | undefined;
}

const NO_TOKEN = 'Slack does not take SLACK_BOT_TOKEN: set the bot token of the app, which begins with xoxb-';
/** Answers that say that no message can arrive; any other says nothing of it. */
const FAULTS: Readonly<Record<string, string>> = {
  channel_not_found:
    'Slack has no such channel, or it is private and the app is not in it: correct the id in the channels file, or invite the app',
  is_archived: 'the channel is archived: name another in the channels file, or open it again',
  invalid_auth: NO_TOKEN,
  not_authed: NO_TOKEN,
  account_inactive: NO_TOKEN,
  token_revoked: NO_TOKEN,
  token_expired: NO_TOKEN,
};
/** So often Slack is asked again. */
const SLACK_AGAIN_MS = 10 * 60_000;

/** What Slack says of the channels that messages go to, before any is sent. */
export class SlackChannels {
  private faults: ReadonlyMap<string, DestinationProblem> = new Map();
  private asked: { readonly what: readonly unknown[]; readonly at: Date } | null = null;

  constructor(private readonly access: SlackAccess) {}

  /** Why no message can arrive in a channel, by its id; null where nothing is known to be in the way. */
  faultOf(channel: string): DestinationProblem | null {
    return this.faults.get(channel) ?? null;
  }

  /** Asks anew where the channels or the token are others, and every ten minutes. Gives the faults that were not known before, by channel. Throws nothing. */
  async look(channels: readonly string[], now: Date): Promise<ReadonlyMap<string, DestinationProblem>> {
    const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = this.access;
    const what = [token, ...channels];
    const isFresh = this.asked !== null && now.getTime() - this.asked.at.getTime() < SLACK_AGAIN_MS;
    if (isFresh && isDeepStrictEqual(what, this.asked?.what)) return new Map();
    this.asked = { what, at: now };
    const before = this.faults;
    this.faults = token === undefined ? new Map() : await slackFaults(token, apiUrl, channels);
    return new Map([...this.faults].filter(([id, { code }]) => before.get(id)?.code !== code));
  }
}

/** Channels that no message can go to, by id, each with what Slack says and what to do. One of which Slack does not say it, or cannot be asked, is none of them. */
export async function slackFaults(
  token: string,
  apiUrl: string | undefined,
  channels: readonly string[],
): Promise<ReadonlyMap<string, DestinationProblem>> {
  const client = new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: 10_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    fetch: proxiedFetch(),
  });
  const found = new Map<string, DestinationProblem>();
  for (const channel of new Set(channels)) {
    const code = await answerOf(client, channel);
    const error = code === null ? undefined : FAULTS[code];
    if (code !== null && error !== undefined) found.set(channel, { code, error });
  }
  return found;
}

/** The error that Slack answers with when it is asked for a channel, by whichever right the app has; null where there is none, or Slack is away. */
async function answerOf(client: WebClient, channel: string): Promise<string | null> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    return found?.is_archived ? 'is_archived' : null;
  } catch (error) {
    if (slackErrorCode(error) !== 'missing_scope') return slackErrorCode(error);
  }
  // Reading the newest message needs what settling doubt needs too.
  return client.conversations.history({ channel, limit: 1 }).then(() => null, slackErrorCode);
}

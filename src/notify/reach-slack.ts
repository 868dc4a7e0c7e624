import { proxiedFetch } from '../config/proxied-fetch.js';
import { LogLevel, WebClient } from '@slack/web-api';

export interface SlackIdentity {
  readonly team: string;
  readonly user: string;
}

/** Asks Slack whose token this is. Throws what Slack or the network answers. */
export async function reachSlack(token: string, apiUrl: string | undefined): Promise<SlackIdentity> {
  const client = new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: 10_000,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
    fetch: proxiedFetch(),
  });
  const { team, user } = await client.auth.test();
  return { team: team ?? 'unknown', user: user ?? 'unknown' };
}

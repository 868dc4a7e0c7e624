import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { LiveChannels } from '../../src/live-channels.js';
import { channelHealth } from '../../src/notify/channel-health.js';
import { channelsProblem } from '../../src/notify/channel-problems.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import { readChannelFile } from '../../src/read-files.js';
import { Log } from '../../src/telemetry/log.js';
import { SlackServer } from '../support/slack-server.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

let folder = '';
let slack: SlackServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-health-'));
  slack = await SlackServer.start({ channels: ['C0000000001'] });
});
afterEach(async () => {
  await slack.stop();
  await rm(folder, { recursive: true, force: true });
});

async function opened(text: string, environment: Readonly<Record<string, string>>) {
  const file = join(folder, 'channels.yaml');
  await writeFile(file, text);
  const config = parseConfig({ TIDEWATCH_CHANNELS_FILE: file, ...environment });
  const none = () => undefined;
  const live = new LiveChannels(config, none, Log.silent(), readChannelFile(config, none));
  const health = () =>
    channelHealth(live.current.channels, new Deliveries(), {
      now: NOW,
      faultOf: (destination) => live.faultOf(destination),
    });
  return { live, health, problem: () => channelsProblem(health()), write: async (next: string) => writeFile(file, next) }; // prettier-ignore
}

const chat = (id: string) => `channels: { chat: [{ kind: slack, channel: ${id} }] }\n`;
const access = () => ({ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.url });

it('names channels that wait for a setting before anything is sent, and none of their addresses', async () => {
  const { problem, health } = await opened(
    'channels: { mail: [{ kind: email, to: ana@example.org }], chat: [{ kind: slack, channel: C0000000001 }], log: [{ kind: console }] }\n',
    {},
  );
  expect(problem()).toBe(
    'channel mail: email reaches nobody: SMTP_URL is not set; channel chat: slack reaches nobody: SLACK_BOT_TOKEN is not set',
  );
  expect(health().map(({ destinations }) => destinations[0]?.state)).toEqual(['failing', 'failing', 'untried']);
}); // prettier-ignore

it('asks Slack for channels that do not exist, again when the file names others, and every ten minutes', async () => {
  const { live, problem, write } = await opened(chat('C0999999999'), access());
  expect(problem()).toBeNull();
  await live.look(NOW);
  expect(problem()).toMatch(/^channel chat: slack reaches nobody: Slack has no such channel/u);
  await write(chat('C0000000001'));
  live.refresh();
  await live.look(NOW);
  expect(problem()).toBeNull();
  const asked = slack.calls.length;
  await live.look(later(9));
  expect(slack.calls).toHaveLength(asked);
  slack.fail('conversations.info', { error: 'token_revoked' });
  await live.look(later(10));
  expect(problem()).toMatch(/Slack does not take SLACK_BOT_TOKEN/u);
});

it('asks by the right that the app has, and takes no answer for no fault', async () => {
  slack.fail('conversations.info', { error: 'missing_scope' }, { error: 'missing_scope' }, 'fail-500');
  const { live, problem } = await opened(chat('C0999999999'), access());
  await live.look(NOW);
  expect(problem()).toMatch(/Slack has no such channel/u);
  slack.fail('conversations.history', { error: 'missing_scope' });
  await live.look(later(10));
  expect(problem()).toBeNull();
  await live.look(later(20));
  expect(problem()).toBeNull();
});

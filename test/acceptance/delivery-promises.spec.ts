import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { says } from '../support/incident-log.js';
import { judgeHour } from '../support/judge.js';
import { launch, type Launched } from '../support/launch.js';
import { SlackServer } from '../support/slack-server.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = new Date('2026-11-25T10:00:00Z');
const [CHAT, TIGHT] = ['C0123456789', 'C0123456790'];
const MINUTE = 60_000;

let app: Launched;
let receiver: WebhookCollector;
let slack: SlackServer;
let directory: string;
let hour = Math.floor(NOW.getTime() / 3_600_000);

const start = async (now: Date) => {
  app = await launch({
    now,
    directory,
    environment: {
      TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
      SLACK_BOT_TOKEN: 'xoxb-test',
      SLACK_API_URL: slack.url,
    },
  });
};
/** The service ends, and begins anew on what it had stored. */
const restart = async () => {
  const now = app.clock.now();
  await app.stop();
  await start(now);
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-delivery-'));
  receiver = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  slack = await SlackServer.start({ channels: [CHAT, TIGHT] });
  await writeFile(
    join(directory, 'channels.yaml'),
    `channels:
  ops: [{ kind: webhook, url: "${receiver.url}", secret: "${SECRET}" }]
  chat: [{ kind: slack, channel: ${CHAT} }]
  tight: [{ kind: slack, channel: ${TIGHT}, budget: { messages: 3, per: 7d, digest: 1h } }]
`,
  );
  await start(NOW);
  await app.query('mutation { modelRegister(input: { yaml: "key: m\\ntask: binary\\npositive: bad" }) { userErrors { message } } }'); // prettier-ignore
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
  await slack?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A case begins with a finding, and is over two windows later. */
const opens = async (feature: string, channel: string) => judgeHour(app, ++hour, [says({ feature, channels: [channel] })]); // prettier-ignore
const ends = async (feature: string) => {
  for (const outcome of ['clear', 'clear'] as const) await judgeHour(app, ++hour, [says({ feature, outcome })]); // prettier-ignore
};
const wait = async (minutes: number) => {
  app.clock.advance(minutes * MINUTE);
  await houseWork(app.service);
  await app.service.stages.outbox.drain(app.clock.now());
  await app.service.stages.outbox.idle();
};
interface Shown {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly attempts: number;
  readonly destinationId: string;
}
const deliveries = async () =>
  (await app.query<{ deliveries: readonly Shown[] }>('{ deliveries(first: 100) { id state kind attempts destinationId } }')).deliveries; // prettier-ignore

it('P4: loses nothing: whatever fails, and whenever the service ends, each message ends delivered, after attempts on record', async () => {
  receiver.reply(
    { status: 503 },
    'reset',
    { status: 429, headers: { 'retry-after': '60' } },
    { status: 500 },
  );
  await opens('age', 'ops');
  await wait(0);
  await restart();
  await wait(1);
  await ends('age');
  await restart();
  for (let i = 0; i < 8; i += 1) await wait(3);
  const shown = await deliveries();
  expect(shown.map(({ state }) => state)).not.toContain('DEAD');
  expect(shown.every(({ state, attempts }) => state === 'SUPERSEDED' || (state === 'DELIVERED' && attempts > 0))).toBe(true); // prettier-ignore
  expect(receiver.events().at(-1)).toMatchObject({ type: 'io.tidewatch.case.closed.v1' });
});

it('P5: shows one message though Slack failed after taking it, and the service ended before it could ask', async () => {
  slack.fail('chat.postMessage', 'accept-then-500');
  await opens('income', 'chat');
  await wait(0);
  await restart();
  for (let i = 0; i < 3; i += 1) await wait(2);
  expect(slack.visible(CHAT).filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
  expect(slack.duplicates()).toEqual([]);
  await ends('income');
  await wait(1);
});

it('P8: a destination hears as many messages as its budget, and one digest that counts the rest', async () => {
  for (let n = 0; n < 7; n += 1) {
    await opens(`f${n}`, 'tight');
    await wait(1);
    await ends(`f${n}`);
    await wait(1);
  }
  const roots = () => slack.visible(TIGHT).filter(({ threadTs }) => threadTs === null);
  expect(roots()).toHaveLength(2);
  await wait(61);
  await wait(1);
  expect(roots()).toHaveLength(3);
  expect(roots()[2]?.text).toMatch(
    /5 cases in a digest: 0 open, 5 over[\s\S]*5 because the budget of messages was used up[\s\S]*f2 has moved[\s\S]*f6 has moved/u,
  );
});

it('P12: dead letters are sent again, of one destination and a time, under the ids they had', async () => {
  receiver.reply({ status: 410 }, { status: 410 }, { status: 410 });
  const since = app.clock.now();
  await opens('tenure', 'ops');
  for (let i = 0; i < 4; i += 1) await wait(11);
  const dead = (await deliveries()).filter(({ state }) => state === 'DEAD');
  expect(dead).toHaveLength(1);
  const { destinationId } = dead[0]!;
  await app.query('mutation ($id: ID!) { destinationEnable(input: { destination: $id, note: "moved" }) { userErrors { message } } }', { id: destinationId }); // prettier-ignore
  const before = receiver.received.length;
  const { deliveriesReplay } = await app.query<{ deliveriesReplay: object }>(
    'mutation ($input: DeliveriesReplayInput!) { deliveriesReplay(input: $input) { deliveries { id } userErrors { message } } }',
    {
      input: { destination: destinationId, since: since.toISOString(), until: app.clock.now().toISOString() },
    },
  );
  expect(deliveriesReplay).toEqual({ deliveries: [{ id: dead[0]?.id }], userErrors: [] });
  await wait(1);
  await wait(1);
  const again = receiver.received.slice(before).map(({ headers }) => headers['webhook-id']);
  expect(new Set(again)).toEqual(new Set([dead[0]?.id]));
});

import { writeFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { says } from '../support/incident-log.js';
import { judgeHour } from '../support/judge.js';
import { launch, type Launched } from '../support/launch.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = new Date('2026-11-25T10:00:00Z');
const BASE = Math.floor(NOW.getTime() / 3_600_000);
const environment = { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' };

let app: Launched;
let receiver: WebhookCollector;
let directory: string;

const channelsFile = async (more = '') =>
  writeFile(
    join(directory, 'channels.yaml'),
    `channels: { ops: [{ kind: webhook, url: "${receiver.url}", secret: "${SECRET}" }]${more} }`,
  );

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-promises-'));
  receiver = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  await channelsFile();
  app = await launch({ now: NOW, directory, environment });
  await app.query(
    'mutation { modelRegister(input: { yaml: "key: m\\ntask: binary\\npositive: bad" }) { userErrors { message } } }',
  );
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
  await rm(directory, { recursive: true, force: true });
});

const found = (feature: string, more: Parameters<typeof says>[0] = {}) => says({ feature, channels: ['ops'], ...more }); // prettier-ignore
const drain = async () => app.service.stages.outbox.drain(app.clock.now());
const purposes = () => receiver.events().map(({ type }) => String(type).split('.')[3]);

it('P1: whoever judges a window at the same time, there is one open incident a key, and one message', async () => {
  const verdicts = [found('age'), found('income')];
  const written = await Promise.all([1, 2, 3].map(async () => judgeHour(app, BASE + 1, verdicts)));
  expect(written.map((entries) => entries.length).toSorted((a, b) => a - b)).toEqual([0, 0, 3]);
  const keys = app.service.incidents.open().map(({ key }) => key);
  expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
});

it('P9: the first message waits for nothing; what changes waits a quarter of a minute for more', async () => {
  const { deliveries } = app.service.stages;
  expect(deliveries.list('queued').map(({ nextAt }) => nextAt)).toEqual([app.clock.now()]);
  await drain();
  expect(purposes()).toEqual(['opened']);
  await judgeHour(app, BASE + 2, [found('age'), found('region')]);
  await judgeHour(app, BASE + 3, [found('age'), found('tenure')]);
  const waiting = deliveries.list('queued');
  expect(waiting.map(({ nextAt }) => nextAt.getTime() - app.clock.now().getTime())).toEqual([15_000]);
  app.clock.advance(14_999);
  await drain();
  expect(purposes()).toEqual(['opened']);
  app.clock.advance(1);
  await drain();
  expect(purposes()).toEqual(['opened', 'updated']);
  expect(receiver.events()[1]).toMatchObject({ data: { total: 4, news: { length: 2 } } });
});

it('P2: an event, or a window, that comes again changes nothing and tells nobody', async () => {
  const event = {
    prediction_id: 'again-1',
    model: 'm',
    ts: NOW.toISOString(),
    features: { age: 41 },
    prediction: { label: 'bad', score: 0.9 },
  };
  const counted = async () =>
    (await app.query<{ model: { counts: object } }>('{ model(key: "m") { counts { predictions } } }')).model
      .counts;
  await app.send('/v1/predictions', [event]);
  const [size, counts, states] = [app.service.ledger.size, await counted(), app.service.incidents.list()];
  expect(await app.send('/v1/predictions', [event])).toMatchObject({ accepted: 1 });
  expect(await judgeHour(app, BASE + 3, [found('age'), found('tenure')])).toEqual([]);
  await drain();
  expect(await counted()).toEqual(counts);
  expect(counts).toEqual({ predictions: 1 });
  expect([app.service.ledger.size, app.service.incidents.list()]).toEqual([size, states]);
  expect(receiver.received).toHaveLength(2);
});

it('P10: windows without rows, and those that could not be judged, end nothing', async () => {
  const hold = { outcome: 'hold' as const, value: null };
  for (let hour = 4; hour <= 40; hour += 1)
    await judgeHour(app, BASE + hour, [found('age', hold), found('income', hold)]);
  expect(app.service.incidents.open()).toHaveLength(4);
  await app.tick();
  expect(purposes()).toEqual(['opened', 'updated']);
});

it('P7: what an older message says never overwrites a newer one: a receiver sees rising numbers, whatever fails between', async () => {
  receiver.reply({ status: 503 }, 'reset', { status: 500 });
  for (let hour = 41; hour <= 44; hour += 1) {
    await judgeHour(app, BASE + hour, [found('age', { severity: hour === 41 ? 'critical' : 'warning' }), found(`new-${hour}`)]);
    app.clock.advance(20_000);
    await drain();
  }
  for (let i = 0; i < 6; i += 1) {
    app.clock.advance(120_000);
    await drain();
  }
  const told = receiver.events().map((event) => Number(event['sequence']));
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(receiver.events().at(-1)).toMatchObject({ data: { total: 8 } });
}); // prettier-ignore

it('P3, P13: the same log gives the same incidents and deliveries in a fresh process; another channels file drops and sends nothing', async () => {
  const { incidents, stages } = app.service;
  const before = { incidents: incidents.list(), deliveries: stages.deliveries.list() };
  const [now, heard] = [app.clock.now(), receiver.received.length];
  await app.stop();
  await channelsFile(', other: [{ kind: console }]');
  app = await launch({ now, directory, environment });
  expect(app.service.incidents.list()).toEqual(before.incidents);
  expect(app.service.stages.deliveries.list()).toEqual(before.deliveries);
  await app.tick();
  await drain();
  expect(receiver.received).toHaveLength(heard);
});

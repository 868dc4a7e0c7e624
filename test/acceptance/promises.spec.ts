import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFolder } from '../../src/config/package-folder.js';
import { says } from '../support/incident-log.js';
import { judgeHour } from '../support/judge.js';
import { launch, type Launched } from '../support/launch.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = new Date('2026-11-25T10:00:00Z');
const BASE = Math.floor(NOW.getTime() / 3_600_000);
let environment: Readonly<Record<string, string>> = { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' };

let app: Launched;
let receiver: WebhookCollector;
let directory: string;

const channelsFile = async (more = '', below = '') =>
  writeFile(
    join(directory, 'channels.yaml'),
    `channels: { ops: [{ kind: webhook, url: "${receiver.url}", secret: "${SECRET}" }]${more} }\n${below}`,
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

/** The service stopped and started again with other settings, at the same instant. */
async function again(): Promise<void> {
  const now = app.clock.now();
  await app.stop();
  app = await launch({ now, directory, environment });
}

it('P13: another policy and another threshold drop, reset and send nothing; the next evaluation goes on with what is open', async () => {
  const policies = join(directory, 'policies');
  await mkdir(policies);
  const file = await readFile(join(packageFolder(), 'policies', 'default.yaml'), 'utf8');
  await writeFile(join(policies, 'default.yaml'), file.replace('version: 2', 'version: 3').replace('abs(effect) >= 1.0', 'abs(effect) >= 1.5'));
  const [incidents, heard] = [app.service.incidents.list(), receiver.received.length];
  environment = { ...environment, TIDEWATCH_POLICIES_DIR: policies };
  await again();
  await app.tick();
  await drain();
  expect(app.service.stages.policyBook.inForce()).toMatchObject([{ id: 'default', version: 3 }]);
  expect([app.service.incidents.list(), receiver.received.length]).toEqual([incidents, heard]);
  const [open] = app.service.incidents.list({ feature: 'age' });
  const verdict = { ...found('age', { severity: 'warning' }), policy: { id: 'default', version: 3, hash: 'h3', rule: 'drift' } };
  await judgeHour(app, BASE + 45, [verdict]);
  await drain();
  expect(app.service.incidents.find(open!.id)).toMatchObject({ state: open!.state, severity: open!.severity, occurrences: 1, openedAt: open!.openedAt });
  expect(receiver.received).toHaveLength(heard);
}); // prettier-ignore

it('P6: whoever saw a case open sees it closed, though it follows from something else, its policy tells nobody any more, or maintenance is on', async () => {
  const cases = () => app.service.incidents.cases({ state: 'OPEN' });
  const over = async (hour: number) => {
    const clear = app.service.incidents.open().map(({ signal }) => ({ ...says({ outcome: 'clear' }), signal }));
    for (const at of [hour, hour + 1]) await judgeHour(app, BASE + at, clear);
    app.clock.advance(20_000);
    await drain();
  };
  await over(46);
  expect([cases(), purposes().at(-1)]).toEqual([[], 'closed']);
  const opened = async (hour: number) => {
    const heard = purposes().length;
    await judgeHour(app, BASE + hour, [found('colour')]);
    await drain();
    expect(purposes().slice(heard)).toEqual(['opened']);
  };
  // What it follows from is told to others.
  await opened(100);
  await judgeHour(app, BASE + 101, [found('colour'), says({ check: 'null_rate', feature: 'colour', channels: ['other'] })]);
  expect(app.service.incidents.list({ feature: 'colour', check: 'feature_drift' })[0]?.explainedBy).not.toBeNull();
  await over(102);
  expect(purposes().at(-1)).toBe('closed');
  // The policy names no channel any more.
  await opened(200);
  await judgeHour(app, BASE + 201, [found('colour', { channels: [] })]);
  await over(202);
  expect(purposes().at(-1)).toBe('closed');
  await opened(300);
  const days = '[mon, tue, wed, thu, fri, sat, sun]';
  await channelsFile(', other: [{ kind: console }]', `maintenance: [{ name: load, matchers: ["feature=colour"], days: ${days}, from: "00:00", to: "23:59", timezone: UTC }]`);
  await again();
  expect(app.service.stages.silences.maintenanceAt(app.clock.now())).toMatchObject([{ name: 'load', isOn: true }]);
  await over(301);
  expect(purposes().at(-1)).toBe('closed');
}); // prettier-ignore

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsoleNotifier } from '../../src/notify/console.notifier.js';
import {
  enableDestination,
  replayDeliveries,
  replayDelivery,
  type ReplayRange,
} from '../../src/notify/delivery-commands.js';
import { channelHealth } from '../../src/notify/channel-health.js';
import { channelsProblem } from '../../src/notify/channel-problems.js';
import { destinationsById, type Channels } from '../../src/notify/destination.js';
import { HttpSender } from '../../src/notify/http-sender.js';
import { WebhookNotifier } from '../../src/notify/webhook.notifier.js';
import { whyNotified } from '../../src/pipeline/why-notified.js';
import { change, closed, incident } from '../support/incidents.js';
import { Crash } from '../support/memory-ledger.js';
import { OutboxBench } from '../support/outbox-bench.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MINUTE = 60_000;

let collector: WebhookCollector;
let slow: WebhookCollector;
let http: HttpSender;
let bench: OutboxBench;

beforeEach(async () => {
  const options = { keys: [SECRET], now: () => bench.time.getTime() / 1_000 };
  [collector, slow] = await Promise.all([WebhookCollector.start(options), WebhookCollector.start(options)]);
  build(20_000);
});

function build(deadlineMs: number): void {
  http = new HttpSender({ allow: ['127.0.0.0/8'], deadlineMs });
  const channels: Channels = {
    ops: [{ kind: 'webhook', url: collector.url, secret: SECRET }],
    both: [
      { kind: 'webhook', url: slow.url, secret: SECRET },
      { kind: 'webhook', url: collector.url, secret: SECRET },
    ],
  };
  const notifier = new WebhookNotifier(http, () => destinationsById(channels), { now: () => bench.time });
  bench = new OutboxBench(channels, [notifier]);
}

afterEach(async () => {
  await bench.outbox.idle();
  await Promise.all([http.close(), collector.stop(), slow.stop()]);
});

describe('Outbox', () => {
  it('tells a case once, signed, and records the attempt before its result', async () => {
    await bench.tell(change('opened', incident('age')), change('opened', incident('income')));
    expect(await bench.drain()).toEqual({ delivered: 1, retried: 0, ambiguous: 0, dead: [] });
    expect(bench.ledger.actions()).toEqual([
      'delivery.requested',
      'delivery.attempting',
      'delivery.delivered',
    ]);
    const [event] = collector.events();
    expect(event).toMatchObject({
      specversion: '1.0',
      type: 'io.tidewatch.case.opened.v1',
      subject: 'credit-default/2026.11',
      id: collector.received[0]?.headers['webhook-id'],
      data: {
        caseId: 'case-1',
        total: 2,
        severity: 'critical',
        since: '2026-11-21T08:00:00.000Z',
        owner: 'risk-team',
      },
    });
    expect(await bench.drain()).toMatchObject({ delivered: 0 });
    expect(collector.received).toHaveLength(1);
  });

  it.each([
    {
      reply: { status: 429, headers: { 'retry-after': '120' } },
      action: 'delivery.retry_scheduled',
      waitMs: 120_000,
    },
    {
      reply: { status: 503, headers: { 'retry-after': '7' } },
      action: 'delivery.retry_scheduled',
      waitMs: 7_000,
    },
    { reply: { status: 408 }, action: 'delivery.retry_scheduled', waitMs: 2_000 },
    { reply: { status: 500 }, action: 'delivery.ambiguous', waitMs: 2_000 },
    { reply: 'hang' as const, action: 'delivery.ambiguous', waitMs: 2_000 },
    { reply: 'reset' as const, action: 'delivery.ambiguous', waitMs: 2_000 },
  ])('sends again under the same id after $reply', async ({ reply, action, waitMs }) => {
    if (reply === 'hang') build(300);
    collector.reply(reply);
    await bench.tell(change('opened', incident('age')));
    await bench.drain();
    expect(bench.dataOf(action)[0]).toMatchObject({
      attempt: 1,
      nextAt: new Date(bench.time.getTime() + waitMs).toISOString(),
    });
    bench.advance(waitMs - 1);
    await bench.drain();
    expect(collector.received).toHaveLength(1);
    bench.advance(1);
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
    expect(new Set(collector.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(collector.events()).toHaveLength(1);
  });

  it.each([302, 400, 401, 403, 404, 410, 421])(
    'takes a refusal for no verdict: after %i once, the message is delivered at the second attempt',
    async (status) => {
      collector.reply({ status, headers: { location: 'http://127.0.0.1:1/elsewhere' } });
      await bench.tell(change('opened', incident('age')));
      expect(await bench.drain()).toMatchObject({ retried: 1, dead: [] });
      expect(bench.dataOf('delivery.retry_scheduled')).toMatchObject([
        { code: `http_${status}`, attempt: 1 },
      ]);
      bench.advance(5_000);
      expect(await bench.drain()).toMatchObject({ delivered: 1 });
      expect(collector.events()).toHaveLength(1);
    },
  );

  it('goes on trying while the case is open, and ends when it is closed', async () => {
    const age = incident('age');
    collector.reply(...Array.from({ length: 60 }, () => ({ status: 403 })));
    await bench.tell(change('opened', age));
    for (let day = 0; day < 10; day++)
      for (let hour = 0; hour < 24; hour += 6) {
        await bench.drain();
        bench.advance(360 * MINUTE);
      }
    expect(bench.deliveries.list('dead')).toHaveLength(0);
    expect(collector.received.length).toBeGreaterThan(12);
    await bench.tell(change('closed', closed(age)));
    for (let hour = 0; hour < 200 && bench.deliveries.nextDueAt() !== null; hour++) {
      await bench.drain();
      bench.advance(60 * MINUTE);
    }
    expect(bench.deliveries.list('dead').map(({ purpose }) => purpose)).toContain('opened');
  });

  it('tells somebody else when a destination refuses twice, once, and tells them the end too', async () => {
    const lines: string[] = [];
    const channels: Channels = { ops: [{ kind: 'webhook', url: collector.url, secret: SECRET }] };
    const webhook = new WebhookNotifier(http, () => destinationsById(channels), { now: () => bench.time });
    bench = new OutboxBench(channels, [webhook, new ConsoleNotifier((line) => lines.push(line))]);
    collector.reply(...Array.from({ length: 3 }, () => ({ status: 401 })));
    const age = incident('age');
    await bench.tell(change('opened', age));
    await bench.drain();
    expect(lines).toEqual([]);
    for (let step = 0; step < 3; step++) {
      bench.advance(10 * MINUTE);
      await bench.drain();
      await bench.drain();
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/Not told to webhook http:\/\/127.* \(http_401\), which is tried again\. .*age/);
    const inTheirPlace = bench.deliveries.list().find(({ destination }) => destination.kind === 'console');
    expect(inTheirPlace && whyNotified(inTheirPlace).steps).toContainEqual({
      looked: 'in the place of',
      found: expect.stringMatching(/^Not told to webhook/),
    });
    await bench.tell(change('closed', closed(age)));
    bench.advance(300 * MINUTE);
    await bench.drain();
    await bench.drain();
    expect(lines[1]).toMatch(/^\[closed/);
    expect(collector.events().map(({ type }) => type)).toEqual([
      'io.tidewatch.case.opened.v1',
      'io.tidewatch.case.closed.v1',
    ]);
  });

  it('tells the channel called fallback before the console, and the console when that does not take it either', async () => {
    const lines: string[] = [];
    const channels: Channels = {
      ops: [{ kind: 'webhook', url: collector.url, secret: SECRET }],
      fallback: [{ kind: 'webhook', url: slow.url, secret: SECRET }],
    };
    const webhook = new WebhookNotifier(http, () => destinationsById(channels), { now: () => bench.time });
    bench = new OutboxBench(channels, [webhook, new ConsoleNotifier((line) => lines.push(line))]);
    for (const receiver of [collector, slow])
      receiver.reply(...Array.from({ length: 9 }, () => ({ status: 404 })));
    await bench.tell(change('opened', incident('age')));
    for (let step = 0; step < 6; step++) {
      await bench.drain();
      await bench.drain();
      bench.advance(10 * MINUTE);
    }
    expect(slow.received.length).toBeGreaterThan(1);
    expect(lines).toHaveLength(1);
  });

  it('believes "gone" at the third time, keeps the queue, tells others meanwhile, and is opened by a person', async () => {
    collector.reply({ status: 410 }, { status: 410 }, { status: 410 });
    const { deliveries } = bench;
    const ops: Channels = { ops: [{ kind: 'webhook', url: collector.url, secret: SECRET }] };
    const unheard = () => channelsProblem(channelHealth(ops, deliveries, { now: bench.time, faultOf: () => null })); // prettier-ignore
    expect(unheard()).toBeNull();
    await bench.tell(change('opened', incident('age')));
    await bench.drain();
    expect(unheard()).toBe('channel ops: webhook does not take messages (http_410)');
    for (const wait of [0, 1, 10]) {
      bench.advance(wait * MINUTE);
      await bench.drain();
    }
    expect(bench.dataOf('delivery.dead')).toMatchObject([{ code: 'http_410', attempt: 3, disable: true }]);
    expect(unheard()).toBe(
      'channel ops: webhook was closed by its receiver; tidewatch delivery enable opens it',
    );
    await bench.tell(change('opened', incident('age'), { caseId: 'case-2' }));
    await bench.drain();
    expect(collector.received).toHaveLength(3);
    const told = bench.deliveries.list().map(({ stream, destination }) => [stream, destination.kind]);
    const instead = bench.deliveries
      .list()
      .flatMap(({ message }) => (message.type === 'case' ? (message.instead ?? []) : []));
    expect(instead.at(0)).toContain('gone');
    expect(instead).toEqual(instead.map(() => expect.stringMatching(/^Not told to webhook http:\/\/127\S+, which answered that it is gone \(410\)\.$/))); // prettier-ignore
    expect(told).toEqual(
      expect.arrayContaining([
        ['case-1', 'console'],
        ['case-2', 'console'],
      ]),
    );
    const actor = { type: 'user', id: 'ada' } as const;
    const dead = bench.deliveries.list('dead')[0];
    const [id, destination] = [dead?.id ?? '', dead?.destination.id ?? ''];
    const now = bench.time;
    expect(() => replayDelivery(bench.deliveries, id, actor, now)).toThrow(/open the destination webhook:/);
    expect(() => replayDelivery(bench.deliveries, 'nothing', actor, now)).toThrow(
      /there is no delivery nothing/,
    );
    expect(() =>
      enableDestination(bench.deliveries, { destination: 'slack:x', note: 'n' }, actor, now),
    ).toThrow(`"slack:x" is not closed; closed are ${destination}`);
    const note = 'moved to a new host';
    await bench.ledger.transact((at) =>
      enableDestination(bench.deliveries, { destination, note }, actor, at),
    );
    await bench.ledger.transact((at) => replayDelivery(bench.deliveries, id, actor, at));
    await bench.drain();
    expect(bench.dataOf('destination.enabled')).toEqual([{ note }]);
    expect(collector.events()).toHaveLength(2);
    expect(unheard()).toBeNull();
    expect(() => replayDelivery(bench.deliveries, id, actor, now)).toThrow(/the delivery is delivered/);
  });

  it('sends at once what was perhaps received, when somebody says so', async () => {
    collector.reply({ status: 503 });
    await bench.tell(change('opened', incident('age')));
    await bench.drain();
    const [waiting] = bench.deliveries.list();
    expect(waiting?.state).toBe('ambiguous');
    const actor = { type: 'user', id: 'ada' } as const;
    await bench.ledger.transact((at) => replayDelivery(bench.deliveries, waiting?.id ?? '', actor, at));
    await bench.drain();
    expect(bench.deliveries.list()[0]?.state).toBe('delivered');
    expect(collector.received).toHaveLength(2);
  });

  it('uses up the schedule, then leaves a dead letter', async () => {
    await bench.tell(change('opened', incident('age')));
    collector.reply(...Array.from({ length: 30 }, () => ({ status: 500 })));
    for (let day = 0; day < 100; day++) {
      await bench.drain();
      bench.advance(60 * MINUTE);
    }
    expect(collector.received).toHaveLength(15);
    expect(bench.deliveries.list('dead')).toHaveLength(1);
  });

  it('P7: coalesces edits, keeps the order and delivers the newest state', async () => {
    const age = incident('age');
    collector.reply({ status: 429, headers: { 'retry-after': '60' } });
    await bench.tell(change('opened', age));
    await bench.drain();
    for (const value of [1, 2, 3]) await bench.tell(change('escalated', { ...age, value }));
    bench.advance(2 * MINUTE);
    await bench.drain();
    const data = collector
      .events()
      .map((event) => event['data'] as { purpose: string; seq: number; findings: { value: number }[] });
    expect(data.map(({ purpose, seq, findings }) => [purpose, seq, findings[0]?.value])).toEqual([
      ['opened', 1, 1.609],
      ['updated', 4, 3],
    ]);
    expect(bench.entriesOf('delivery.superseded')).toHaveLength(2);
  });

  describe('something critical that is new', () => {
    const mild = incident('age', { severity: 'warning' });
    const caseTwo = { caseId: 'case-2' };

    it('does not wait for the back-off of another message to the same destination', async () => {
      collector.reply({ status: 500 });
      await bench.tell(change('opened', mild));
      await bench.drain();
      await bench.tell(change('opened', incident('rate', { severity: 'warning' }), { caseId: 'case-3' }));
      expect(await bench.drain()).toMatchObject({ delivered: 0 });
      await bench.tell(change('opened', incident('income'), caseTwo));
      expect(await bench.drain()).toMatchObject({ delivered: 1 });
      expect(collector.events().at(-1)).toMatchObject({ data: { caseId: 'case-2' } });
      collector.reply({ status: 500 });
      await bench.tell(change('opened', incident('other'), { caseId: 'case-4' }));
      expect(await bench.drain()).toMatchObject({ delivered: 0, ambiguous: 1 });
      expect(await bench.drain()).toMatchObject({ delivered: 0, ambiguous: 0 });
    });

    it('waits as long as the receiver asks for', async () => {
      collector.reply({ status: 429, headers: { 'retry-after': '20' } });
      await bench.tell(change('opened', mild));
      await bench.drain();
      await bench.tell(change('opened', incident('income'), caseTwo));
      expect(await bench.drain()).toMatchObject({ delivered: 0 });
      bench.advance(20_000);
      expect(await bench.drain()).toMatchObject({ delivered: 2 });
    });

    it('is sent with what it stands behind, where its own case was not taken', async () => {
      collector.reply({ status: 400 }, { status: 400 }, { status: 400 });
      await bench.tell(change('opened', mild));
      for (const wait of [0, 2_500, 6_500]) {
        bench.advance(wait);
        await bench.drain();
      }
      expect(collector.received).toHaveLength(3);
      bench.advance(1_000);
      expect(await bench.drain()).toMatchObject({ delivered: 0 });
      await bench.tell(change('escalated', { ...mild, severity: 'critical' }));
      expect(await bench.drain()).toMatchObject({ delivered: 2 });
    });
  });

  it('does not let a destination that hangs hold up another', async () => {
    build(20_000);
    slow.reply('hang');
    await bench.tell(change('opened', incident('age', { channels: ['both'] })));
    const stuck = bench.drain();
    await Promise.all([slow.receivedAtLeast(1), collector.receivedAtLeast(1)]);
    await bench.tell(change('opened', incident('age', { channels: ['ops'] }), { caseId: 'case-2' }));
    while (bench.entriesOf('delivery.delivered').length < 2) {
      await bench.drain();
      await new Promise(setImmediate);
    }
    expect(bench.entriesOf('delivery.ambiguous')).toHaveLength(0);
    slow.hangUp();
    expect(await stuck).toMatchObject({ ambiguous: 1 });
  });

  it('ends before the attempt is written: nothing was sent, the next start sends', async () => {
    await bench.tell(change('opened', incident('age')));
    bench.ledger.crashBefore('delivery.attempting');
    await expect(bench.drain()).rejects.toThrow(Crash);
    expect(collector.received).toHaveLength(0);
    bench.restart();
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
    expect(collector.received).toHaveLength(1);
  });

  it('P5: ends between the attempt and its result: doubt is recorded, the same id is sent again, the receiver sees one event', async () => {
    await bench.tell(change('opened', incident('age')));
    bench.ledger.crashBefore('delivery.delivered');
    await expect(bench.drain()).rejects.toThrow(Crash);
    bench.restart();
    expect(await bench.drain()).toMatchObject({ delivered: 0, ambiguous: 0 });
    bench.advance(MINUTE);
    await bench.drain();
    await bench.drain();
    expect(bench.ledger.actions().slice(1)).toEqual([
      'delivery.attempting',
      'delivery.ambiguous',
      'delivery.attempting',
      'delivery.delivered',
    ]);
    expect(collector.received).toHaveLength(2);
    expect(collector.events()).toHaveLength(1);
  });

  it.each([
    'delivery.requested',
    'delivery.attempting',
    'delivery.retry_scheduled',
    'delivery.delivered',
    'delivery.dead',
  ])(
    'P4: loses nothing where the process ends before %s is written: every message ends delivered or dead, after attempts on record',
    async (action) => {
      collector.reply({ status: 503 });
      const cases = ['case-1', 'case-2'];
      const tellAll = async () => {
        for (const caseId of cases) await bench.tell(change('opened', incident(caseId), { caseId }));
      };
      bench.ledger.crashBefore(action);
      await tellAll().catch(() => undefined);
      await bench.drain().catch(() => undefined);
      bench.restart();
      // What led to the message was never recorded with it: it is decided again.
      if (action === 'delivery.requested') await tellAll();
      for (let i = 0; i < 12; i++) {
        await bench.drain();
        bench.advance(3 * MINUTE);
      }
      const ends = bench.deliveries.list().map(({ state, attempts }) => [state, attempts > 0]);
      expect(ends).toEqual(cases.map(() => ['delivered', true]));
      expect(new Set(collector.events().map(({ id }) => id)).size).toBe(cases.length);
      expect(bench.entriesOf('delivery.attempting').length).toBeGreaterThanOrEqual(cases.length);
    },
  );

  it('P12: sends dead letters again by message, destination or time, under the ids they had', async () => {
    await bench.tell(
      change('opened', incident('age')),
      change('opened', incident('tenure'), { caseId: 'case-2' }),
    );
    collector.reply(...Array.from({ length: 40 }, () => ({ status: 500 })));
    for (let day = 0; day < 100; day++) {
      await bench.drain();
      bench.advance(60 * MINUTE);
    }
    const dead = bench.deliveries.list('dead');
    expect(dead).toHaveLength(2);
    const who = { type: 'key', id: 'k1' } as const;
    const replay = (range: ReplayRange) => replayDeliveries(bench.deliveries, range, who, bench.time);
    const at = dead[0]?.requestedAt ?? bench.time;
    expect(() => replay({ since: new Date(at.getTime() + 1) })).toThrow(/nothing of that is dead/);
    expect(() => replay({ destination: 'webhook:x' })).toThrow(
      /nothing was ever owed to "webhook:x"; known: .*webhook:/,
    );
    const { destination } = dead[0] ?? {};
    await bench.ledger.transact(() =>
      replay({ destination: destination?.id ?? null, since: at, until: bench.time }),
    );
    collector.recover();
    const before = collector.received.length;
    await bench.drain();
    await bench.drain();
    const again = collector.received.slice(before).map(({ headers }) => headers['webhook-id']);
    expect(new Set(again)).toEqual(new Set(dead.map(({ id }) => id)));
    expect(bench.deliveries.list('delivered')).toHaveLength(2);
  });

  it('tells the end to whoever was told the beginning, silenced, rerouted or restarted meanwhile', async () => {
    const age = incident('age');
    await bench.tell(change('opened', age));
    await bench.drain();
    bench.restart();
    await bench.tell(change('closed', { ...closed(age), channels: ['nowhere'] }, { notify: false }));
    await bench.drain();
    expect(collector.events().map(({ type }) => type)).toEqual([
      'io.tidewatch.case.opened.v1',
      'io.tidewatch.case.closed.v1',
    ]);
  });

  it('is attempted by one of several replicas', async () => {
    await bench.tell(change('opened', incident('age')));
    const replicas = [bench.outbox, bench.replica(), bench.replica()];
    const reports = await Promise.all(replicas.map((outbox) => outbox.drain(bench.time)));
    expect(reports.map(({ delivered }) => delivered).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    expect(collector.received).toHaveLength(1);
  });

  it('folds to the same state again', async () => {
    collector.reply({ status: 500 }, { status: 204 });
    await bench.tell(change('opened', incident('age')));
    await bench.drain();
    bench.advance(5_000);
    await bench.drain();
    const before = bench.deliveries.list();
    bench.restart();
    expect(bench.deliveries.list()).toEqual(before);
  });
});

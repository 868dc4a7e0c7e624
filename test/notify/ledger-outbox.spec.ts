import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../src/ledger/ledger.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import { planDeliveries } from '../../src/notify/plan.js';
import { SlackNotifier } from '../../src/notify/slack.notifier.js';
import { Outbox } from '../../src/pipeline/outbox.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { change, incident } from '../support/incidents.js';
import { planContext } from '../support/plan-context.js';
import { SlackServer } from '../support/slack-server.js';

const CHANNEL = 'C0ALERTS01';
let database: TestDatabase;
let slack: SlackServer;
let time = new Date('2026-11-21T12:00:00.000Z');

beforeAll(async () => {
  database = await openTestDatabase();
  slack = await SlackServer.start({ channels: [CHANNEL], now: () => time.getTime() });
});
afterAll(async () => {
  await slack.stop();
  await database.close();
});

interface Service {
  readonly ledger: Ledger;
  readonly deliveries: Deliveries;
  readonly outbox: Outbox;
}

/** A start of the service on the log as it stands. */
async function start(): Promise<Service> {
  const deliveries = new Deliveries();
  const log = Log.silent();
  const clock = { now: (): Date => time };
  const ledger = await Ledger.open({ database: database.database, clock, log, projections: [deliveries] });
  const notifiers = [new SlackNotifier({ token: 'xoxb-test', apiUrl: slack.url, timeoutMs: 5_000 })];
  return {
    ledger,
    deliveries,
    outbox: new Outbox({
      ledger,
      deliveries,
      notifiers,
      channels: {},
      isOpen: () => true,
      log,
      metrics: new Metrics(),
    }),
  };
}

describe('Outbox on the real ledger', () => {
  it('P5: shows one message though Slack failed after taking it and the process was started anew, and the log verifies', async () => {
    const first = await start();
    slack.fail('chat.postMessage', 'accept-then-500');
    await first.ledger.transact((now) => {
      const channels = { ops: [{ kind: 'slack', channel: CHANNEL }] } as const;
      const context = planContext({ channels, deliveries: first.deliveries });
      return planDeliveries([change('opened', incident('age'))], context, now);
    });
    expect(await first.outbox.drain(time)).toMatchObject({ ambiguous: 1 });
    time = new Date(time.getTime() + 60_000);
    const second = await start();
    expect(second.deliveries.list()).toEqual(first.deliveries.list());
    expect(await second.outbox.drain(time)).toMatchObject({ delivered: 1 });
    expect(slack.visible(CHANNEL)).toHaveLength(1);
    const entries = await second.ledger.read({ subjectType: 'delivery', limit: 10 });
    expect(entries.map(({ action }) => action)).toEqual([
      'delivery.requested',
      'delivery.attempting',
      'delivery.ambiguous',
      'delivery.delivered',
    ]);
    expect(await second.ledger.verify()).toMatchObject({ valid: true, entries: 4 });
  });
});

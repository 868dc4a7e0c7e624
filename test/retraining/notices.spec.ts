import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingNotice } from '../../src/domain/training-notice.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import { deliveryEntry } from '../../src/notify/delivery-entries.js';
import { noticeEmail } from '../../src/notify/email-message.js';
import { planNotice } from '../../src/notify/plan-notice.js';
import { planDeliveries } from '../../src/notify/plan.js';
import { slackNotice } from '../../src/notify/slack-message.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { approveRetraining } from '../../src/retraining/by-hand.js';
import { NEEDS_SOMEBODY } from '../../src/retraining/news.js';
import { change, incident } from '../support/incidents.js';
import { launch, type Launched } from '../support/launch.js';
import { MemoryLedger } from '../support/memory-ledger.js';
import { planContext } from '../support/plan-context.js';
import * as ground from '../support/retraining-ground.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = new Date('2026-11-21T10:00:00Z');
const NOTICE: TrainingNotice = {
  type: 'training_notice',
  retrainingId: 'f00d',
  model: 'loan',
  version: '7',
  owner: 'risk',
  end: 'timed_out',
  at: NOW.toISOString(),
  cause: 'drift of <!channel>\n& co',
  summary: 'not accepted in time',
  links: { retraining: 'https://t.example/retrainings/f00d', model: 'https://t.example/models/loan' },
};

describe('what people hear of', () => {
  beforeEach(ground.begin);
  const all = () => ground.state.news(ground.now);
  const news = () => all().filter(({ end }) => NEEDS_SOMEBODY.has(end));

  it('tells of a request that never reached its job', () => {
    ground.decide();
    const id = ground.state.list()[0]?.id ?? '';
    expect(news()).toEqual([]);
    const dead = {
      action: 'delivery.dead',
      attempt: 9,
      code: 'http_500',
      error: 'HTTP 500',
      disable: false,
    } as const;
    ground.record([deliveryEntry(id, dead, ground.now)]);
    expect(news()).toMatchObject([{ id, end: 'failed', version: '7', reason: 'not launched: HTTP 500' }]);
    ground.later(24 * ground.HOUR);
    expect(news()).toEqual([]);
  });

  it.each(['delivery.retry_scheduled', 'delivery.ambiguous'] as const)(
    'tells once that nobody takes a request, from the second time on (%s)',
    (action) => {
      ground.decide();
      const id = ground.state.list()[0]?.id ?? '';
      const nextAt = '2026-11-21T10:05:00.000Z';
      for (const attempt of [1, 2, 3]) {
        const why = {
          attempt,
          code: 'ECONNREFUSED',
          error: 'connection refused',
          nextAt,
          pauseUntil: nextAt,
        };
        ground.record([deliveryEntry(id, { action, ...why }, ground.now)]);
      }
      expect(news()).toMatchObject([
        {
          id,
          end: 'unsent',
          reason:
            'connection refused; tried again at 2026-11-21 10:05:00 UTC, and on until it is taken or called off',
        },
      ]);
    },
  );

  it('tells of a job that failed, and not of one that helped', () => {
    ground.decide();
    ground.report('failed', { message: 'out of memory' });
    expect(news()).toMatchObject([{ end: 'failed', reason: 'out of memory' }]);
    ground.begin();
    ground.finishedRun();
    expect(news()).toEqual([]);
    expect(all().map(({ end, reason }) => `${end}: ${reason}`)).toEqual([
      'requested: it goes to webhook https://jobs.example/start',
      'succeeded: it made version 8',
    ]);
  });

  it('tells every step to those who follow the case, and what waits for a person to others as well', () => {
    ground.decide({ guards: ground.guards({ mode: 'approve' }) });
    const id = ground.state.list()[0]?.id ?? '';
    ground.record(
      approveRetraining(
        ground.state,
        { id, note: 'labels checked', actor: ground.ADA },
        { known: [] },
        ground.now,
      ),
    );
    ground.report('running', { message: 'epoch 1' });
    ground.report('running', { message: 'epoch 2' });
    ground.report('succeeded', { model_version: '8' });
    ground.decide();
    expect(all().map(({ end }) => end)).toEqual([
      'proposed',
      'requested',
      'running',
      'succeeded',
      'deferred',
    ]);
    expect(all()[1]).toMatchObject({
      by: 'ada',
      reason: 'labels checked; it goes to webhook https://jobs.example/start',
    });
    expect(news().map(({ end }) => end)).toEqual(['proposed']);
  });

  it('tells of a refusal for good, not of what is put off, never set up, or under way', () => {
    ground.finishedRun();
    ground.later(48 * ground.HOUR);
    ground.decide({ guards: ground.guards({ futileRuns: 1 }) });
    expect(news()).toMatchObject([
      { end: 'refused', reason: expect.stringMatching(/a person must look$/u) as string },
    ]);
    ground.begin();
    ground.decide({ guards: ground.guards({}, true) });
    expect(news()).toEqual([]);
    ground.begin();
    ground.decide({ guards: ground.guards({ minLabels: 9 }), newLabels: 1 });
    expect(news()).toEqual([]);
    ground.begin();
    ground.decide({ guards: { ...ground.guards(), models: {} } });
    expect(news()).toEqual([]);
    ground.begin();
    ground.decide();
    ground.decide();
    expect(news()).toEqual([]);
  });
});

describe('planNotice', () => {
  const slack = { kind: 'slack', channel: 'C1' } as const;
  const mail = { kind: 'email', to: 'ops@example.org' } as const;
  const channels = { page: [slack], default: [mail] };

  it('reaches who follows the case, else the channels named, else the default or the console, and each once', async () => {
    const deliveries = new Deliveries();
    const ledger = new MemoryLedger([deliveries], { now: () => NOW });
    const open = change('opened', incident('age', { channels: ['page'] }), { caseId: 'case-1' });
    const context = planContext({ channels, deliveries });
    await ledger.transact((now) => planDeliveries([open], context, now));
    const tell = async (
      id: string,
      caseId: string | null,
      named: readonly string[],
      known = channels as object,
      followersOnly = false,
    ) => {
      const notice = { ...NOTICE, retrainingId: id };
      const told = { channels: known as typeof channels, deliveries };
      const entries = await ledger.transact((now) =>
        planNotice(
          { notice, stream: `${id}:timed_out` },
          { caseId, channels: named, followersOnly },
          told,
          now,
        ),
      );
      return entries.map(({ data }) => (data['destination'] as { kind: string }).kind);
    };
    expect(await tell('a', 'case-1', ['default'])).toEqual(['slack']);
    expect(await tell('a', 'case-1', ['default'])).toEqual([]);
    expect(await tell('b', 'case-2', ['page', 'default', 'page'])).toEqual(['slack', 'email']);
    expect(await tell('c', null, [])).toEqual(['email']);
    expect(await tell('d', null, [], {})).toEqual(['console']);
    expect(await tell('e', null, ['page'], channels, true)).toEqual([]);
    expect(await tell('f', 'case-1', [], channels, true)).toEqual(['slack']);
  });
});

describe('a notice as text', () => {
  it('is harmless in Slack and in a mail', () => {
    expect(slackNotice(NOTICE).text).toBe(
      'training of loan 7 timed out: not accepted in time. It was wanted because: drift of &lt;!channel&gt;\n&amp; co\nhttps://t.example/retrainings/f00d',
    );
    const asks = { ...NOTICE, end: 'proposed', caseId: 'case-1' } as const;
    const buttons = (...of: Parameters<typeof slackNotice>) => JSON.stringify(slackNotice(...of).blocks).match(/"action_id":"[a-z]+"/gu) ?? []; // prettier-ignore
    expect(buttons(asks, true)).toEqual(['"action_id":"approve"', '"action_id":"reject"']);
    expect([buttons(asks), buttons({ ...asks, end: 'running' }, true)].flat()).toEqual([]);
    const { subject, html, text } = noticeEmail({ ...NOTICE, model: 'loan\nBcc: all' });
    expect(subject).toBe('[Tidewatch] training of loan Bcc: all 7 timed out');
    expect(html).toContain('drift of &lt;!channel&gt;');
    expect(text).toContain('https://t.example/retrainings/f00d');
  });
});

describe('a job that does not answer', () => {
  let app: Launched;
  let jobs: WebhookCollector;
  let people: WebhookCollector;

  beforeAll(async () => {
    const clock = { keys: [SECRET], now: () => app.clock.now().getTime() / 1000 };
    jobs = await WebhookCollector.start(clock);
    people = await WebhookCollector.start(clock);
    const directory = await mkdtemp(join(tmpdir(), 'tidewatch-notices-'));
    await writeFile(
      join(directory, 'retraining.yaml'),
      `retraining: { targets: { jobs: { kind: webhook, url: "${jobs.url}", secret: "${SECRET}" } }, models: { loan: { target: jobs, files: [] } } }\n`,
    );
    await writeFile(
      join(directory, 'channels.yaml'),
      `channels: { default: [{ kind: console }, { kind: webhook, url: "${people.url}", secret: "${SECRET}" }] }\n`,
    );
    await mkdir(join(directory, 'models'));
    await writeFile(
      join(directory, 'models', 'loan.yaml'),
      'key: loan\ntask: binary\npositive: bad\nrisk: { impact: low, frequency: low }\n',
    );
    app = await launch({ now: NOW, directory, environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' } });
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await Promise.all([jobs?.stop(), people?.stop()]);
    if (app) await rm(app.directory, { recursive: true, force: true });
  });

  it('is told to the default channel, once', async () => {
    const ts = new Date(NOW.getTime() - 60_000).toISOString();
    const sent = await app.send('/v1/predictions', [
      {
        prediction_id: 'p1',
        model: 'loan',
        model_version: '7',
        ts,
        features: { amount: 1 },
        prediction: { label: 'good', score: 0.2 },
      },
    ]);
    expect(sent).toMatchObject({ accepted: 1 });
    app.clock.advance(120_000);
    await app.tick();
    await app.query(
      'mutation { retrainingRequest(input: { model: "loan", reason: "new product" }) { userErrors { message } } }',
    );
    const { outbox } = app.service.stages;
    await outbox.drain(app.clock.now());
    expect(jobs.received).toHaveLength(1);
    app.clock.advance(16 * 60_000);
    for (let beat = 0; beat < 2; beat++) {
      await keepHouse(app.service.stages, app.service.checkpoints);
      await outbox.drain(app.clock.now());
    }
    const events = people.events();
    expect(events).toMatchObject([
      {
        type: 'io.tidewatch.training.timed_out.v1',
        data: {
          model: 'loan',
          summary: 'not accepted within 15m of being sent',
          text: expect.stringContaining('new product'),
        },
      },
    ]);
    const { deliveries } = await app.query<{
      deliveries: readonly { kind: string; purpose: string; state: string }[];
    }>('{ deliveries { kind purpose state } }');
    const notices = deliveries.filter(({ purpose }) => purpose === 'training_notice');
    expect(notices.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'console DELIVERED',
      'webhook DELIVERED',
    ]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDeliveries } from '../../src/notify/plan.js';
import { keepPicture, openBrowser, openContext, watchedPage, type Watched } from '../support/browser.js';
import { change, incident } from '../support/incidents.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { planContext } from '../support/plan-context.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MINUTE = 60_000;
/** Given at the start; rotated before the first message. */
let secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly code: string | null;
  readonly destinationId: string;
  readonly destinationClosed: boolean;
  readonly nextAttemptAt: string | null;
}

describe('a message that is refused', () => {
  let app: Launched;
  let receiver: WebhookCollector;
  let browser: Browser;
  let watched: Watched;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidewatch-deliveries-'));
    receiver = await WebhookCollector.start({
      keys: [SECRET],
      now: () => app.clock.now().getTime() / 1000,
    });
    await writeFile(
      join(directory, 'channels.yaml'),
      `channels: { ops: [{ kind: webhook, url: "${receiver.url}", secret: "\${HOOK}" }] }`,
    );
    app = await launch({
      now: new Date('2026-11-25T10:00:00Z'),
      directory,
      environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' },
      lookup: (name) => (name === 'HOOK' ? secret : undefined),
    });
    browser = await openBrowser();
    const context = await openContext(browser, { width: 1280, scheme: 'light' });
    await context.addCookies([{ name: 'tidewatch_key', value: ADMIN_KEY, url: app.url }]);
    watched = await watchedPage(context);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await receiver?.stop();
    if (app) await rm(app.directory, { recursive: true, force: true });
  });

  const tell = async (caseId: string) => {
    const { ledger, stages } = app.service;
    const context = planContext({ ...stages, baseUrl: app.url });
    await ledger.transact((now) =>
      planDeliveries([change('opened', incident('age'), { caseId })], context, now),
    );
  };
  const drain = async (minutes = 0) => {
    app.clock.advance(minutes * MINUTE);
    await app.service.stages.outbox.drain(app.clock.now());
    await app.service.stages.outbox.drain(app.clock.now());
  };
  const list = async (): Promise<readonly Shown[]> => {
    const fields = 'id state kind code destinationId destinationClosed nextAttemptAt';
    return (await app.query<{ deliveries: readonly Shown[] }>(`{ deliveries { ${fields} } }`)).deliveries;
  };

  it('waits, is told on the console, and is sent at once by the API when its reason is gone', async () => {
    secret = SECRET;
    receiver.reply({ status: 403 }, { status: 403 });
    await tell('case-1');
    await drain();
    await drain(1);
    const [console, refused] = await list();
    expect(console).toMatchObject({ kind: 'console', state: 'DELIVERED' });
    expect(refused).toMatchObject({
      kind: 'webhook',
      state: 'RETRY',
      code: 'http_403',
      nextAttemptAt: expect.any(String),
    });
    const replay = `mutation ($id: ID!) { deliveryReplay(input: { id: $id }) { delivery { state attempts } userErrors { field code message } } }`;
    const unknown = await app.query(replay, { id: 'nothing' });
    expect(unknown).toMatchObject({
      deliveryReplay: {
        delivery: null,
        userErrors: [{ field: ['input', 'id'], code: 'delivery_not_found' }],
      },
    });
    expect(await app.query(replay, { id: refused?.id })).toEqual({
      deliveryReplay: { delivery: { state: 'QUEUED', attempts: 0 }, userErrors: [] },
    });
    await drain();
    expect(receiver.events()).toHaveLength(1);
    expect((await list())[1]).toMatchObject({ state: 'DELIVERED' });
    const headers = { cookie: `tidewatch_key=${ADMIN_KEY}` };
    const page = await (await fetch(`${app.url}/deliveries/${refused?.id}`, { headers })).text();
    for (const said of [
      'attempt 2',
      '<strong>http_403</strong>',
      'not taken; again at',
      'sent again by a person',
      '>delivered<',
    ])
      expect(page).toContain(said);
    const all = `mutation ($input: DeliveriesReplayInput!) { deliveriesReplay(input: $input) { deliveries { id } userErrors { field code } } }`;
    expect(await app.query(all, { input: { destination: 'webhook:nobody' } })).toEqual({
      deliveriesReplay: {
        deliveries: [],
        userErrors: [{ field: ['input', 'destination'], code: 'destination_unknown' }],
      },
    });
  });

  it('whose destination is gone is shown, and a person opens the destination and sends it from the page', async () => {
    receiver.reply({ status: 410 }, { status: 410 }, { status: 410 });
    await tell('case-2');
    await drain();
    await drain(1);
    await drain(10);
    const dead = (await list()).find(({ state }) => state === 'DEAD');
    expect(dead).toMatchObject({ code: 'http_410', destinationClosed: true });
    const { page } = watched;
    await page.goto(`${app.url}/deliveries`);
    await keepPicture(page, 'deliveries');
    expect(await page.locator('main').innerText()).toMatch(/Closed destinations[\s\S]*webhook http:\/\/127/);
    await page.fill('input[name=note]', 'moved to a new host');
    await page.click('button:text-is("Open again")');
    await page.waitForSelector('text=Closed destinations', { state: 'detached' });
    await page.click('button:text-is("Send now")');
    await page.waitForSelector('button:text-is("Send now")', { state: 'detached' });
    await drain();
    expect(receiver.events()).toHaveLength(2);
    const { auditEvents } = await app.query<{ auditEvents: { nodes: { action: string }[] } }>(
      '{ auditEvents(filter: { actions: ["destination.enabled", "delivery.replayed"] }) { nodes { action } } }',
    );
    expect(auditEvents.nodes).toHaveLength(3);
    expect(watched.problems).toEqual([]);
  });

  it('is sent again only by who may operate, from a page of this service', async () => {
    const [some] = await list();
    const post = async (headers: Record<string, string>) =>
      (await fetch(`${app.url}/deliveries/${some?.id}/replay`, { method: 'POST', headers })).status;
    expect(await post({ origin: app.url })).toBe(401);
    const cookie = `tidewatch_key=${ADMIN_KEY}`;
    expect(await post({ origin: 'https://evil.example', cookie })).toBe(403);
    expect(await post({ origin: app.url, cookie })).toBe(409);
  });
});

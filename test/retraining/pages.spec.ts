import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { keepPicture, openBrowser, openContext, watchedPage, type Watched } from '../support/browser.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const RISKY = 'task: binary\npositive: bad\nrisk: { impact: high, frequency: high }\n';

let app: Launched;
let jobs: WebhookCollector;
let browser: Browser;
let watched: Watched;
let colleague: string;
let reader: string;

const row = (model: string, i: number): object => ({
  prediction_id: `${model}${i}`,
  model,
  model_version: '7',
  ts: new Date(NOW.getTime() - 60_000).toISOString(),
  features: { amount: i },
  prediction: { label: 'good', score: 0.2 },
});

async function keyOf(name: string, scope: string): Promise<string> {
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    `mutation { keyCreate(input: { name: "${name}", scopes: [${scope}] }) { token userErrors { message } } }`,
  );
  return keyCreate.token;
}

async function want(model: string, reason: string): Promise<string> {
  const query = `mutation ($input: RetrainingRequestInput!) { retrainingRequest(input: $input) { retraining { id } } }`;
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${colleague}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input: { model, reason } } }),
  });
  const { data } = (await response.json()) as { data: { retrainingRequest: { retraining: { id: string } } } };
  return data.retrainingRequest.retraining.id;
}

async function open(path: string): Promise<string> {
  await watched.page.goto(`${app.url}${path}`);
  return watched.page.locator('main').innerText();
}

interface Sent {
  readonly note?: string;
  readonly origin?: string;
}

const send = (path: string, key: string, { note, origin = app.url }: Sent = {}) =>
  fetch(`${app.url}${path}`, {
    redirect: 'manual',
    ...(note === undefined ? {} : { method: 'POST', body: new URLSearchParams({ note }) }),
    headers: { cookie: `tidewatch_key=${key}`, origin },
  });

beforeAll(async () => {
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-retraining-pages-'));
  const target = `{ kind: webhook, url: "${jobs.url}", secret: "${SECRET}" }`;
  const models =
    '{ loan: { target: jobs, mode: auto, minLabels: 3 }, fraud: { target: jobs, mode: approve } }';
  await writeFile(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { jobs: ${target} }, models: ${models} }\n`,
  );
  await mkdir(join(directory, 'models'));
  for (const key of ['loan', 'fraud'])
    await writeFile(join(directory, 'models', `${key}.yaml`), `key: ${key}\n${RISKY}`);
  app = await launch({ now: NOW, directory, environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' } });
  const rows = ['loan', 'fraud'].flatMap((model) => [1, 2, 3].map((i) => row(model, i)));
  expect(await app.send('/v1/predictions', rows)).toMatchObject({ accepted: 6 });
  app.clock.advance(120_000);
  await app.tick();
  colleague = await keyOf('colleague', 'OPERATE');
  reader = await keyOf('reader', 'READ');
  browser = await openBrowser();
  const context = await openContext(browser, { width: 1280, scheme: 'light' });
  await context.addCookies([{ name: 'tidewatch_key', value: ADMIN_KEY, url: app.url }]);
  watched = await watchedPage(context);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await jobs?.stop();
  if (app) await rm(app.directory, { recursive: true, force: true });
});

it('shows what stopped a training, takes a yes, and follows the job to its new version', async () => {
  const id = await want('loan', 'new <product>');
  const labels = [1, 2, 3].map((i) => ({
    prediction_id: `loan${i}`,
    model: 'loan',
    ts: app.clock.now().toISOString(),
    label: 'good',
  }));
  // Before any label came, a training of the other model would be put off.
  const ofFraud = labels.map((one, i) => ({ ...one, prediction_id: `fraud${i + 1}`, model: 'fraud' }));
  await app.send('/v1/labels', [...labels, ...ofFraud]);
  app.clock.advance(60_000);
  await keepHouse(app.service.stages, app.service.checkpoints);

  expect(await open('/models/loan')).toContain('asked for, put off and refused');
  await watched.page.click('a:text-is("asked for, put off and refused")');
  await watched.page.click('a:text-is("new <product>")');
  expect(new URL(watched.page.url()).pathname).toBe(`/retrainings/${id}`);
  const story = await watched.page.locator('main').innerText();
  expect(story).toMatch(
    /proposed[\s\S]*What stopped it[\s\S]*labels 2026-11-21 10:02:00\s+new labels are not/,
  );
  await keepPicture(watched.page, 'retraining');

  await watched.page.fill('form[action$="/approve"] input', 'labels checked');
  await watched.page.click('button:text-is("Approve")');
  await watched.page.waitForSelector('.state:text-is("approved")');
  await app.service.stages.outbox.drain(app.clock.now());
  const { data } = jobs.events()[0] as { data: { callback: { url: string; token: string } } };
  const report = { status: 'succeeded', run_url: 'https://jobs.example/42', model_version: '8' };
  const said = await fetch(`${app.url}/v1/callbacks/retrain/${id}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${data.callback.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(report),
  });
  expect(said.status).toBe(202);
  expect(await open(`/retrainings/${id}`)).toMatch(
    /succeeded[\s\S]*Decided\s+approved by \S+, 2026-11-21 10:03:00 UTC: labels checked[\s\S]*Last word\s+it made version 8[\s\S]*New version\s+8/,
  );
  expect(await watched.page.getAttribute('a:text-is("the job")', 'href')).toBe('https://jobs.example/42');
  expect(watched.problems).toEqual([]);
});

it('takes a no with its reason, and only from who may, from a page of this service', async () => {
  const id = await want('fraud', 'a hunch');
  const path = `/retrainings/${id}`;
  expect(await (await send(path, reader)).text()).not.toContain('<form class="tools" method="post"');
  expect((await send(`${path}/reject`, reader, { note: 'no' })).status).toBe(403);
  const foreign = { note: 'no', origin: 'https://evil.example' };
  expect((await send(`${path}/reject`, ADMIN_KEY, foreign)).status).toBe(403);
  expect((await send(`${path}/approve`, ADMIN_KEY, foreign)).status).toBe(403);
  expect((await send(`${path}/reject`, ADMIN_KEY, { note: ' ' })).status).toBe(400);
  expect((await send(`${path}/approve`, colleague, { note: 'mine' })).status).toBe(409);
  expect((await send('/retrainings/nobody/approve', ADMIN_KEY, { note: '' })).status).toBe(404);

  await open(path);
  await watched.page.fill('form[action$="/reject"] input', 'a hunch is no reason');
  await watched.page.click('button:text-is("Reject")');
  await watched.page.waitForSelector('.state:text-is("rejected")');
  expect(await watched.page.locator('main').innerText()).toMatch(
    /Asked by\s+colleague[\s\S]*Decided\s+rejected by .* UTC: a hunch is no reason/,
  );
  expect((await send(`${path}/approve`, ADMIN_KEY, { note: '' })).status).toBe(409);
});

it('says why nothing is trained, takes a wish and calls it off', async () => {
  expect(await open('/retrainings?model=loan')).toMatch(
    /A training of loan now\s+a training would be put off now: the last run ended[\s\S]*not sooner than/,
  );
  await open('/retrainings?model=fraud');
  await watched.page.fill('form[action$="/request"] input[name=note]', 'another try');
  await watched.page.click('button:text-is("Ask for a training")');
  await watched.page.click('a:text-is("another try")');
  const path = new URL(watched.page.url()).pathname;
  expect((await send(`${path}/approve`, ADMIN_KEY, { note: 'x' })).status).toBe(409);
  expect((await send(`${path}/approve`, colleague, { note: 'go' })).status).toBe(303);
  await open(path);
  await watched.page.fill('form[action$="/cancel"] input', 'not this month');
  await watched.page.click('button:text-is("Call it off")');
  await watched.page.waitForSelector('.state:text-is("cancelled")');
  expect(await watched.page.locator('main').innerText()).toMatch(
    /Decided\s+approved by colleague, .* UTC: go\s+cancelled by admin, .* UTC: not this month/,
  );
  const form = new URLSearchParams({ model: 'loan', note: 'mended' });
  const reset = await fetch(`${app.url}/retrainings/reset-breaker`, {
    method: 'POST',
    redirect: 'manual',
    body: form,
    headers: { cookie: `tidewatch_key=${ADMIN_KEY}`, origin: app.url },
  });
  expect([reset.status, await reset.text()]).toEqual([
    409,
    expect.stringContaining('there is nothing to reset') as string,
  ]);
  expect(watched.problems).toEqual([]);
});

it('lists the newest first, by model and by state, and knows no others', async () => {
  const whole = await open('/retrainings');
  expect(whole).toMatch(/In the last 30 days \d+ versions were registered and \d+ began to answer/u);
  expect(whole).toMatch(/rejected\s+fraud\s+a hunch\s+a hunch is no reason[\s\S]*succeeded\s+loan/);
  await keepPicture(watched.page, 'retrainings');
  await watched.page.selectOption('select[name=state]', 'REJECTED');
  await watched.page.click('button:text-is("Show")');
  await watched.page.waitForURL(/state=REJECTED/);
  expect(await watched.page.locator('tbody').innerText()).not.toContain('loan');
  expect(await open('/retrainings?model=loan')).not.toContain('a hunch');
  expect(await open('/retrainings?state=rejected')).toMatch(/a hunch is no reason/);
  expect((await send('/retrainings?model=lone', ADMIN_KEY)).status).toBe(404);
  const unknown = await send('/retrainings?state=DONE', ADMIN_KEY);
  expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('TIMED_OUT')]);
  expect((await send('/retrainings/nobody', ADMIN_KEY)).status).toBe(404);
});

import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  drawnPixels,
  keepPicture,
  openBrowser,
  openContext,
  watchedPage,
  type Watched,
} from '../support/browser.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { DRIFT_FROM, FLEET_START, seedFleet } from '../support/seeded-fleet.js';

const MODEL = '/models/credit-default';
const html = { accept: 'text/html' };

describe('the built-in pages', () => {
  let app: Launched;
  let browser: Browser;
  let context: BrowserContext;
  let watched: Watched;
  beforeAll(async () => {
    app = await launch({ now: new Date(FLEET_START) });
    await seedFleet(app);
    browser = await openBrowser();
    context = await openContext(browser, { width: 1280, scheme: 'light' });
    watched = await watchedPage(context);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const open = async (path: string) => {
    const response = await watched.page.goto(`${app.url}${path}`, { waitUntil: 'load' });
    return { status: response?.status(), text: await watched.page.locator('main').innerText() };
  };
  const signedIn = (path: string, method = 'GET', headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${app.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...html, cookie: `tidewatch_key=${ADMIN_KEY}`, ...headers },
    });

  it('asks for a key, also where there is no page', async () => {
    for (const path of ['/', MODEL, '/incidents', '/audit', '/dead-letters', '/cases/x']) {
      const response = await fetch(`${app.url}${path}`, { headers: html });
      expect(response.status, path).toBe(401);
      expect(await response.text()).toContain('name="key"');
    }
  });

  it('takes the key out of a link into a cookie that no script and no other site can use', async () => {
    const response = await fetch(`${app.url}/incidents?state=OPEN&key=${ADMIN_KEY}`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/incidents?state=OPEN']);
    expect(response.headers.get('set-cookie')).toMatch(/^tidewatch_key=.*HttpOnly; SameSite=Strict/);
    const wrong = await fetch(`${app.url}/?key=not-a-key-of-anybody`, { redirect: 'manual' });
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([303, null]);
  });

  it('signs in by form, and says when the key is not valid', async () => {
    await open('/sign-in');
    await watched.page.fill('input[name=key]', 'not-a-key-of-anybody');
    await watched.page.click('main button');
    expect(await watched.page.locator('[role=alert]').innerText()).toBe('This key is not valid.');
    await watched.page.fill('input[name=key]', ADMIN_KEY);
    await watched.page.click('main button');
    await watched.page.waitForURL(`${app.url}/`);
    (watched.problems as string[]).length = 0; // the browser calls a 401 a console error
  });

  it('never leads elsewhere after signing in', async () => {
    const body = (next: string) => new URLSearchParams({ key: ADMIN_KEY, next });
    for (const [next, location] of [
      ['//evil.example/', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example', '/'],
      ['/audit?action=key.created', '/audit?action=key.created'],
    ] as const) {
      const response = await fetch(`${app.url}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        body: body(next),
        headers: { origin: app.url },
      });
      expect([response.status, response.headers.get('location')], next).toEqual([303, location]);
    }
  });

  it('shows the fleet, what is wrong first', async () => {
    const { status, text } = await open('/');
    expect(status).toBe(200);
    expect(text).toMatch(
      /Open cases[\s\S]*credit-default[\s\S]*income has moved: \+\d[\s\S]*Models[\s\S]*fraud[\s\S]*learning/,
    );
    const now = app.clock.now().toISOString();
    expect(await watched.page.locator('header time').getAttribute('datetime')).toBe(now);
    await keepPicture(watched.page, 'fleet');
  });

  it('shows a model with its features ranked by how loudly they speak', async () => {
    await open(MODEL);
    const rows = await watched.page
      .locator('section:has(h2:text-is("Features and outputs")) tbody tr')
      .allInnerTexts();
    expect(rows.length).toBe(5);
    const alerts = rows.map((row) => /\balert\b/.test(row));
    expect(alerts).toEqual([true, true, true, false, false]);
    expect(rows.join('\n')).toMatch(/income\s+alert\s+feature drift/);
    expect(await drawnPixels(watched.page, '.chart')).toBeGreaterThan(1000);
    const metric = watched.page.locator('section:has(h2:text-is("How well it does")) .chart').first();
    const drawn = JSON.parse((await metric.getAttribute('data-chart')) ?? '') as {
      times: number[];
      beneath: number[];
      marks: { name: string }[];
      series: { name: string }[];
    };
    expect(drawn.series.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['realised', 'realised, low', 'realised, high']),
    );
    expect(drawn.beneath).toHaveLength(drawn.times.length);
    expect(Math.max(...drawn.beneath)).toBeGreaterThan(0);
    expect(drawn.marks.map(({ name }) => name)).toEqual(expect.arrayContaining(['2026.11']));
    await keepPicture(watched.page, 'model');
  });

  it('draws drift over time and marks when the incident was going on', async () => {
    const { text } = await open(`${MODEL}/features/income`);
    const since = app.service.incidents.list({ feature: 'income' })[0]?.since;
    expect(text).toContain(`since ${since?.toISOString().slice(0, 16).replace('T', ' ')}`);
    expect(await drawnPixels(watched.page, '#drift .chart')).toBeGreaterThan(1000);
    const data = JSON.parse(
      (await watched.page.locator('#drift .chart').first().getAttribute('data-chart')) ?? '',
    ) as { times: number[]; regions: { from: number }[]; series: { values: number[] }[] };
    expect(data.regions).toHaveLength(1);
    expect(Math.abs((data.regions[0]?.from ?? 0) * 1000 - DRIFT_FROM.getTime())).toBeLessThanOrEqual(
      2 * 3_600_000,
    );
    const psi = data.series[0]?.values ?? [];
    expect(psi.at(-1)).toBeGreaterThan(2);
    expect(Math.min(...psi)).toBeLessThan(0.5);
    await keepPicture(watched.page, 'feature');
  });

  it('holds the reference against what came since the change', async () => {
    await open(`${MODEL}/features/region`);
    await watched.page.locator('section:has(h2:text-is("Reference against current")) summary').click();
    const rows = await watched.page
      .locator('section:has(h2:text-is("Reference against current")) tbody tr')
      .allInnerTexts();
    const fresh = rows.find((row) => row.startsWith('never seen before'));
    expect(fresh).toMatch(/never seen before\s+0 %\s+\d+/);
    const north =
      rows
        .find((row) => row.startsWith('north'))
        ?.match(/\d+(?= %)/g)
        ?.map(Number) ?? [];
    expect(north[0]).toBeGreaterThan(35);
    await keepPicture(watched.page, 'feature-categorical');
  });

  it('tells the story of an incident and takes it on', async () => {
    await open('/incidents?state=OPEN');
    await watched.page.click('tbody a:has-text("income has moved")');
    await watched.page.waitForURL(/\/incidents\/inc_/);
    const before = await watched.page.locator('main').innerText();
    expect(before).toMatch(/Story[\s\S]*incident opened/);
    expect(before).not.toContain('delivery requested');
    expect(before).toMatch(/Before and after[\s\S]*Example rows\s+The newest 10: rows with .* → /);
    expect(before).toMatch(/Who was told[\s\S]*console/);
    await keepPicture(watched.page, 'incident');
    await watched.page.click('button:text-is("Acknowledge")');
    await watched.page.waitForSelector('.state:text-is("acknowledged")');
    expect(await watched.page.locator('main').innerText()).toMatch(
      /incident acknowledged[\s\S]*taken on by admin/,
    );
    const id = new URL(watched.page.url()).pathname.split('/').at(-1) ?? '';
    expect(app.service.incidents.find(id)).toMatchObject({ state: 'ACKNOWLEDGED' });
  });

  it('refuses a form that another site sends', async () => {
    const incident = app.service.incidents.open().find(({ state }) => state === 'OPEN');
    const path = `/incidents/${incident?.id}/acknowledge`;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      {},
    ] as Record<string, string>[]) {
      expect((await signedIn(path, 'POST', headers)).status).toBe(403);
    }
    expect(app.service.incidents.find(incident?.id ?? '')?.state).toBe('OPEN');
    expect((await fetch(`${app.url}${path}`, { method: 'POST', headers: { origin: app.url } })).status).toBe(
      401,
    );
  });

  it('leads from a message to its case', async () => {
    const [found] = app.service.incidents.cases({ state: 'OPEN' });
    const { status, text } = await open(`/cases/${found?.id}`);
    expect(status).toBe(200);
    expect(text).toMatch(/Findings[\s\S]*income[\s\S]*Who was told/);
    expect(text).toMatch(/By how much[\s\S]*Next[\s\S]*window by window/);
    expect(await drawnPixels(watched.page, '.chart')).toBeGreaterThan(1_000);
    await keepPicture(watched.page, 'case');
  });

  it('shows the ledger and verifies it', async () => {
    await open('/audit?action=incident.opened');
    const actions = await watched.page.locator('tbody td:nth-child(3)').allInnerTexts();
    expect(new Set(actions)).toEqual(new Set(['incident.opened']));
    await watched.page.click('button:text-is("Verify now")');
    await watched.page.waitForSelector('[role=status]');
    expect(await watched.page.locator('[role=status]').innerText()).toContain('intact');
    await keepPicture(watched.page, 'audit');
  });

  it('shows what was refused, as text whatever it holds', async () => {
    const { text } = await open('/dead-letters');
    expect(text).toContain('unknown_model');
    expect(text).toContain('<b>nobody</b>');
    await keepPicture(watched.page, 'dead-letters');
  });

  it('answers with pages where something is missing, and with JSON to programs', async () => {
    for (const path of [
      '/no/such/page',
      '/models/nobody',
      `${MODEL}/features/nothing`,
      '/incidents/inc_none',
    ]) {
      const response = await signedIn(path);
      expect([response.status, response.headers.get('content-type')], path).toEqual([
        404,
        'text/html; charset=utf-8',
      ]);
    }
    const program = await fetch(`${app.url}/no/such/page`, { headers: { accept: 'application/json' } });
    expect([program.status, program.headers.get('content-type')]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
  });

  it('serves everything itself: a strict policy, assets kept for a year, no request elsewhere, no error on the console', async () => {
    const page = await signedIn('/');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const asset = /\/assets\/[0-9a-f]{32}\/style\.css/.exec(await page.text())?.[0] ?? '';
    expect((await fetch(`${app.url}${asset}`)).headers.get('cache-control')).toContain('immutable');
    expect(watched.requests.filter((address) => !address.startsWith(`${app.url}/`))).toEqual([]);
    expect(watched.problems).toEqual([]);
  });

  it.each([
    ['dark', 1280, 'dark'],
    ['phone', 390, 'light'],
  ] as const)('fits the %s', async (name, width, scheme) => {
    const other = await openContext(browser, { width, scheme });
    await other.addCookies(await context.cookies());
    const { page, problems } = await watchedPage(other);
    for (const [file, path] of [
      ['fleet', '/'],
      ['feature', `${MODEL}/features/income`],
      ['incidents', '/incidents'],
      ['case', `/cases/${app.service.incidents.cases({ state: 'OPEN' })[0]?.id}`],
      ['incident', `/incidents/${app.service.incidents.list({ feature: 'income' })[0]?.id}`],
    ] as const) {
      await page.goto(`${app.url}${path}`, { waitUntil: 'load' });
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true);
      await keepPicture(page, `${file}-${name}`);
    }
    expect(problems).toEqual([]);
    await other.close();
  });
});

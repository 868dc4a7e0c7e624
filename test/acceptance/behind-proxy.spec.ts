import { once } from 'node:events';
import {
  createServer,
  request as send,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createClient } from 'graphql-ws';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openBrowser, openContext, watchedPage, type Watched } from '../support/browser.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const MOUNT = '/monitoring/tidewatch';
const MODEL = 'key: credit-default\ntask: regression\n';
const REGISTER = `mutation ($yaml: String!) { modelRegister(input: { yaml: $yaml }) { model { key } userErrors { code message } } }`;

/** A reverse proxy that serves the service below a path, rewrites Host as nginx does by default, and can take the path away. */
class ReverseProxy {
  strips = false;
  private target = '';

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => this.pass(request, response));
    server.on('upgrade', (request, socket) => this.passUpgrade(request, socket));
  }

  static async start(): Promise<ReverseProxy> {
    const server = createServer();
    const proxy = new ReverseProxy(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  to(target: string): void {
    this.target = target;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { url = '/' } = request;
    if (!url.startsWith(MOUNT)) return void response.writeHead(404).end('not behind this path');
    const on = this.onward(request);
    on.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(on);
  }

  private passUpgrade(request: IncomingMessage, socket: Duplex): void {
    const on = this.onward(request);
    on.on('response', () => socket.destroy());
    on.on('upgrade', ({ rawHeaders }, target) => {
      const lines = rawHeaders.flatMap((name, i) =>
        i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1] ?? ''}`] : [],
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.pipe(target).pipe(socket);
      for (const [end, other] of [[socket, target], [target, socket]] as const) end.on('error', () => other.destroy()); // prettier-ignore
    });
    on.end();
  }

  private onward({ url = '/', method, headers }: IncomingMessage): ClientRequest {
    const path = this.strips ? url.slice(MOUNT.length) || '/' : url;
    return send(`${this.target}${path}`, {
      method,
      headers: { ...headers, host: new URL(this.target).host, 'x-forwarded-for': '203.0.113.9' },
    });
  }
}

describe('behind a reverse proxy, below a path', () => {
  let proxy: ReverseProxy;
  let app: Launched;
  let browser: Browser;
  let watched: Watched;
  let url = '';

  beforeAll(async () => {
    proxy = await ReverseProxy.start();
    url = `${proxy.origin}${MOUNT}`;
    app = await launch({
      now: new Date('2026-11-25T10:00:00Z'),
      environment: { PUBLIC_URL: `${url}/`, TIDEWATCH_TRUSTED_PROXIES: 'loopback' },
    });
    proxy.to(app.url);
    await app.query(REGISTER, { yaml: MODEL });
    browser = await openBrowser();
    watched = await watchedPage(await openContext(browser, { width: 1280, scheme: 'light' }));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await proxy?.stop();
  });

  it.each([false, true])(
    'signs in, shows every page with its assets, and signs out (path taken away: %s)',
    async (strips) => {
      proxy.strips = strips;
      const { page } = watched;
      await page.goto(`${url}/models/credit-default`);
      await page.fill('input[name=key]', ADMIN_KEY);
      (watched.problems as string[]).length = 0; // the browser calls a 401 a console error
      await page.click('main button');
      await page.waitForURL(`${url}/models/credit-default`);
      for (const section of ['Fleet', 'Incidents', 'Deliveries', 'Audit', 'Dead letters']) {
        await page.click(`nav a:has-text("${section}")`);
        expect(page.url().startsWith(url), section).toBe(true);
        expect(await page.locator('h1').innerText()).not.toContain('Not found');
        expect(await page.evaluate('getComputedStyle(document.querySelector("header")).display')).not.toBe(
          'block',
        );
      }
      await page.goto(`${url}/models/credit-default`);
      await page.click('.crumbs a');
      expect(new URL(page.url()).pathname).toBe(`${MOUNT}/`);
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ name: 'tidewatch_key', path: `${MOUNT}/` });
      await page.click('button:text-is("Sign out")');
      await page.waitForURL(`${url}/sign-in`);
      expect(watched.requests.filter((address) => !address.startsWith(url))).toEqual([]);
      expect(watched.problems).toEqual([]);
    },
  );

  it('answers GraphQL and health below the path, and at the root for who asks directly', async () => {
    for (const base of [url, app.url]) {
      const response = await fetch(`${base}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ models { nodes { key } } }' }),
      });
      expect(await response.json()).toEqual({ data: { models: { nodes: [{ key: 'credit-default' }] } } });
      expect((await fetch(`${base}/health/live`)).status).toBe(200);
    }
    expect(app.service.stages.baseUrl).toBe(url);
  });

  it.each([false, true])('takes subscriptions below the path (path taken away: %s)', async (strips) => {
    proxy.strips = strips;
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ADMIN_KEY}` },
      retryAttempts: 0,
    });
    const query = 'subscription { windowJudged(model: "nobody") { version } }';
    const { value } = await client.iterate({ query }).next();
    expect(JSON.stringify(value)).toContain('known: credit-default');
    await client.dispose();
  });

  it('slows down who guesses keys, by the address that the proxy tells', async () => {
    const status = async (key: string, base = url) =>
      (
        await fetch(`${base}/v1/labels`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
          body: '[]',
        })
      ).status;
    const seen: number[] = [];
    for (let i = 0; i < 12; i++) seen.push(await status(`wrong-${i}`));
    expect(seen.filter((one) => one === 401)).toHaveLength(10);
    expect(seen.slice(-2)).toEqual([429, 429]);
    // Somebody else is not slowed down, and nobody without the proxy may say whose request it is.
    expect(await status('wrong', app.url)).toBe(401);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toMatch(/tidewatch_wrong_keys_total\{outcome="throttled"\} 2/);
    // A query asks for several fields and looks at one key.
    const guessed = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer wrong-again', 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ models { nodes { key } } incidents { nodes { id } } }' }),
    });
    expect(guessed.status).toBe(429);
    expect(Number(guessed.headers.get('retry-after'))).toBeGreaterThan(0);
    const { errors } = (await guessed.json()) as { errors: readonly { extensions: { code: string } }[] };
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['TOO_MANY_WRONG_KEYS']),
    );
    const after = await (await fetch(`${app.url}/metrics`)).text();
    expect(after).toMatch(/tidewatch_wrong_keys_total\{outcome="throttled"\} 3/);
  });
});

describe('who may do what', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launch({ now: new Date('2026-11-25T10:00:00Z') });
  }, 120_000);
  afterAll(async () => app?.close());

  it('a cookie opens pages, and never the API', async () => {
    const cookie = `tidewatch_key=${ADMIN_KEY}`;
    const page = await fetch(`${app.url}/`, { headers: { cookie } });
    expect(page.status).toBe(200);
    const headers = { cookie, 'content-type': 'application/json' };
    const events = await fetch(`${app.url}/v1/labels`, { method: 'POST', headers, body: '[]' });
    expect(events.status).toBe(401);
    const query = JSON.stringify({ query: REGISTER, variables: { yaml: MODEL } });
    const mutation = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: query });
    expect(await mutation.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it.each(['/.//evil.example/x', '//evil.example', '/\\evil.example', '/a/..//evil.example'])(
    'signing in never leads to %s',
    async (next) => {
      const response = await fetch(`${app.url}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ key: ADMIN_KEY, next }),
        headers: { origin: app.url },
      });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    },
  );

  it('a key that operates reads reference files below its folder only', async () => {
    const create = `mutation { keyCreate(input: { name: "ops", scopes: [OPERATE] }) { token } }`;
    const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(create);
    const as = async (file: string, token = keyCreate.token) => {
      const yaml = `key: other\ntask: regression\nbaseline: { file: "${file}" }\n`;
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: REGISTER, variables: { yaml } }),
      });
      return response.json();
    };
    const refused = { data: { modelRegister: { model: null, userErrors: [{ code: 'reference_outside' }] } } };
    for (const file of ['/etc/passwd.csv', '../../etc/x.csv', `${app.directory}/models/../../x.csv`])
      expect(await as(file), file).toMatchObject(refused);
    // the service's own keys lie in the data folder: nobody reads them as a reference, an administrator neither
    for (const file of ['callback-secret', 'ledger-key.pem', 'references/../ledger-key.pem'])
      for (const token of [keyCreate.token, ADMIN_KEY])
        expect(await as(`${app.directory}/${file}`, token), file).toMatchObject(refused);
    expect(await as(`${app.directory}/references/x.csv`)).toMatchObject({
      data: { modelRegister: { model: { key: 'other' }, userErrors: [] } },
    });
  });
});

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAddressAllowed } from '../../src/notify/address-guard.js';
import { HttpSender, type HttpSenderOptions } from '../../src/notify/http-sender.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const NOW = new Date('2026-11-21T12:00:00Z');
let secret: Server;
let port: number;
let reached = 0;
const senders: HttpSender[] = [];

beforeAll(async () => {
  secret = createServer((_request, response) => {
    reached += 1;
    response.end('SECRET');
  });
  secret.listen(0, '::');
  await once(secret, 'listening');
  port = (secret.address() as AddressInfo).port;
});
afterAll(async () => {
  secret.closeAllConnections();
  secret.close();
  await once(secret, 'close');
});
afterEach(async () => {
  reached = 0;
  await Promise.all(senders.splice(0).map(async (sender) => sender.close()));
});

function post(url: string, options: HttpSenderOptions = {}): ReturnType<HttpSender['send']> {
  const sender = new HttpSender({ deadlineMs: 5_000, ...options });
  senders.push(sender);
  return sender.send({ method: 'POST', url, headers: {}, body: '{}' }, NOW);
}

/** A resolver that gives these addresses for any name. */
function answering(...addresses: string[]): LookupFunction {
  return (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

describe('HttpSender', () => {
  it.each([
    'localhost',
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0.0.0.0',
  ])('does not reach loopback spelled %s', async (host) => {
    const ports = [port];
    expect(await post(`http://${host}:${port}/`, { ports })).toMatchObject({
      kind: 'unsent',
      code: 'address_refused',
      permanent: true,
    });
    expect(reached).toBe(0);
  });

  it('reaches loopback when the operator opened it, by address and by name', async () => {
    const allow = ['127.0.0.0/8', '::1/128'];
    expect(await post(`http://127.0.0.1:${port}/`, { allow })).toMatchObject({
      kind: 'response',
      status: 200,
      body: 'SECRET',
    });
    expect(
      await post(`http://hooks.example:${port}/`, { allow, lookup: answering('127.0.0.1') }),
    ).toMatchObject({ status: 200 });
  });

  it('refuses a name when one of its addresses is private', async () => {
    const lookup = answering('93.184.216.34', '10.0.0.1');
    expect(await post('https://hooks.example/', { lookup })).toMatchObject({ code: 'address_refused' });
  });

  it('looks again at every connection, so a name that changes its mind is refused the second time', async () => {
    let answer = '127.0.0.1';
    const lookup: LookupFunction = (...given) => answering(answer)(...given);
    const options = { allow: ['127.0.0.0/8'], lookup };
    expect(await post(`http://hooks.example:${port}/`, options)).toMatchObject({ status: 200 });
    answer = '169.254.169.254';
    expect(await post(`http://hooks.example:${port}/`, options)).toMatchObject({ code: 'address_refused' });
  });

  it('asks a proxy for https, and for nothing that it would not reach itself', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 502 no\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const way = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const proxies = { https: way, http: way, none: '.internal' };
    const unknown: LookupFunction = (_name, _options, callback) =>
      callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    const refused = { kind: 'unsent', code: 'address_refused' };
    expect(await post('https://hooks.example/', { proxies, lookup: unknown })).toMatchObject({
      kind: 'unsent',
      code: 'proxy_refused',
      permanent: false,
    });
    expect(
      await post('https://hooks.example/', { proxies, lookup: answering('93.184.216.34') }),
    ).toMatchObject({
      code: 'proxy_refused',
    });
    expect(asked).toEqual(['CONNECT hooks.example:443', 'CONNECT hooks.example:443']);
    for (const [url, lookup] of [
      ['https://169.254.169.254/', unknown],
      ['https://[64:ff9b::a9fe:a9fe]/', unknown],
      ['https://hooks.example/', answering('10.0.0.1')],
      ['http://hooks.example/', unknown],
      ['https://hooks.example:22/', unknown],
    ] as const)
      expect(await post(url, { proxies, lookup }), url).toMatchObject(refused);
    expect(asked).toHaveLength(2);
    const direct = await post('https://hooks.internal/', { proxies, lookup: unknown });
    expect(direct).toMatchObject({ code: 'enotfound' });
    proxy.closeAllConnections();
    proxy.close();
    await once(proxy, 'close');
  });

  it('does not follow redirects', async () => {
    const collector = await WebhookCollector.start({ keys: [] });
    collector.reply({ status: 302, headers: { location: `http://127.0.0.1:${port}/` } });
    expect(await post(collector.url, { allow: ['127.0.0.0/8'] })).toMatchObject({
      kind: 'response',
      status: 302,
    });
    expect(reached).toBe(0);
    await collector.stop();
  });

  it('keeps the beginning of an endless answer and hangs up', async () => {
    const collector = await WebhookCollector.start({ keys: [] });
    collector.reply('endless');
    const result = await post(collector.url, { allow: ['127.0.0.0/8'] });
    expect(result).toMatchObject({ kind: 'response', status: 200, body: 'x'.repeat(4_096) });
    await collector.stop();
  });

  it('tells what never left from what was lost', async () => {
    const collector = await WebhookCollector.start({ keys: [] });
    const allow = ['127.0.0.0/8'];
    collector.reply('reset', 'hang');
    expect(await post(collector.url, { allow })).toMatchObject({ kind: 'lost' });
    expect(await post(collector.url, { allow, deadlineMs: 200 })).toMatchObject({
      kind: 'lost',
      code: 'timeout',
    });
    const { url } = collector;
    await collector.stop();
    expect(await post(url, { allow })).toMatchObject({
      kind: 'unsent',
      code: 'econnrefused',
      permanent: false,
    });
  });

  it('understands Retry-After as seconds and as a date', async () => {
    const collector = await WebhookCollector.start({ keys: [] });
    const allow = ['127.0.0.0/8'];
    const later = new Date(NOW.getTime() + 90_000).toUTCString();
    collector.reply(
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429, headers: { 'retry-after': later } },
    );
    expect(await post(collector.url, { allow })).toMatchObject({ retryAfterMs: 7_000 });
    expect(await post(collector.url, { allow })).toMatchObject({ retryAfterMs: 90_000 });
    await collector.stop();
  });
});

describe('isAddressAllowed', () => {
  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '0.1.2.3',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    '100.100.100.200',
    'x',
  ])('refuses %s', (address) => {
    expect(isAddressAllowed(address, [])).toBe(false);
  });

  it.each([
    '93.184.216.34',
    '2606:2800:220:1:248:1893:25c8:1946',
    '::ffff:93.184.216.34',
    '64:ff9b::5db8:d822',
  ])('lets %s pass', (address) => {
    expect(isAddressAllowed(address, [])).toBe(true);
  });

  it('opens what the operator names and no more', () => {
    expect(isAddressAllowed('10.1.2.3', ['10.1.0.0/16'])).toBe(true);
    expect(isAddressAllowed('::ffff:10.1.2.3', ['10.1.0.0/16'])).toBe(true);
    expect(isAddressAllowed('64:ff9b::10.1.2.3', ['10.1.0.0/16'])).toBe(true);
    expect(isAddressAllowed('10.2.2.3', ['10.1.0.0/16'])).toBe(false);
    expect(() => isAddressAllowed('10.2.2.3', ['10.1.0.0'])).toThrow('write it as');
  });
});

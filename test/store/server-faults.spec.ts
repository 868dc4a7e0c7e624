import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import { Log } from '../../src/telemetry/log.js';
import { ClickhouseFront } from '../support/clickhouse-front.js';

const log = Log.silent();
let directory: string;
let front: ClickhouseFront;
let database: ClickhouseDatabase;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-front-'));
  front = await ClickhouseFront.start({ directory, user: 'tide', password: 'w@tch' });
  database = await ClickhouseDatabase.open({ url: front.url, log, graceMs: 300 });
});
afterAll(async () => {
  await database.close();
  await front.stop();
  await rm(directory, { recursive: true, force: true });
});

async function gateway(status: number, body: string): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) =>
    response.writeHead(status, { 'Content-Type': 'text/html' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('keeps what was stored when the server is killed, tells that it is away, and goes on when it is back', async () => {
  await database.command('CREATE TABLE kept (x UInt8) ENGINE = MergeTree ORDER BY x');
  await database.insert('kept', [{ x: 1 }]);
  const cut = database.query('SELECT sleep(3) AS x').catch((error: unknown) => error);
  await database.ping();
  await front.kill();
  expect(await cut).toMatchObject({ name: 'DatabaseError', code: 'ECONNRESET', retryable: true });
  await expect(database.insert('kept', [{ x: 2 }])).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    retryable: true,
  });
  await expect(ClickhouseDatabase.open({ url: front.url, log })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    retryable: true,
  });
  await front.restart();
  await database.insert('kept', [{ x: 2 }]);
  expect(await database.query('SELECT x FROM kept ORDER BY x')).toEqual([{ x: 1 }, { x: 2 }]);
});

it('stops waiting for a server that hangs', async () => {
  front.pause();
  try {
    await expect(database.query('SELECT 1', { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'TIMEOUT_EXCEEDED',
      retryable: true,
    });
  } finally {
    front.resume();
  }
  await database.ping();
});

it('refuses a wrong login and a URL that is none, without repeating the password', async () => {
  const wrong = front.url.replace('w%40tch', 'secret').replace('w@tch', 'secret');
  await expect(ClickhouseDatabase.open({ url: wrong, log })).rejects.toMatchObject({
    code: 'AUTHENTICATION_FAILED',
    retryable: false,
  });
  for (const url of ['clickhouse://a:hunter2@b', 'localhost:8123', 'http://']) {
    const error: unknown = await ClickhouseDatabase.open({ url, log }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INVALID_URL', retryable: false });
    expect(String(error)).not.toContain('hunter2');
  }
});

it('takes the login as it is now: a rotated password needs no new start', async () => {
  let current = front.url;
  const rotated = await ClickhouseDatabase.open({ url: front.url, current: () => current, log });
  current = front.url.replace('w%40tch', 'secret').replace('w@tch', 'secret');
  await expect(rotated.query('SELECT 1')).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  current = front.url;
  expect(await rotated.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await rotated.close();
});

it.each([
  [502, true],
  [429, true],
  [404, false],
])('judges a gateway by its status %i', async (status, retryable) => {
  const { server, url } = await gateway(status, '<html>Code: none of the engine</html>');
  await expect(ClickhouseDatabase.open({ url, log })).rejects.toMatchObject({
    code: `HTTP_${status}`,
    retryable,
  });
  server.close();
});

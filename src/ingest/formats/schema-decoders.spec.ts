import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestSchemaRegistry } from '../../../test/support/schema-registry.js';
import type { Framed } from './confluent-framing.js';
import { SchemaDecoders } from './schema-decoders.js';
import { SchemaRegistry } from './schema-registry.js';

let server: TestSchemaRegistry;
let now = 0;
const clock = { now: () => new Date(now) };
const framed = (id: number, payload = '{}'): Framed => ({
  ref: { id },
  rest: Buffer.alloc(0),
  payload: Buffer.from(payload),
  inHeader: true,
});

beforeEach(async () => {
  now = 0;
  const schema = '{"type":"object"}';
  server = await TestSchemaRegistry.start([1, 2, 3].map((id) => ({ id, type: 'JSON', schema })));
});
afterEach(async () => server.stop());

it('asks once for a schema, and again for the one used longest ago beyond the limit', async () => {
  const decoders = new SchemaDecoders(new SchemaRegistry({ url: server.url }), clock, 2);
  await Promise.all([1, 1, 1].map(async (id) => decoders.decode(framed(id))));
  expect(server.asked).toEqual(['/schemas/ids/1']);
  for (const id of [2, 1, 3, 1, 2]) await decoders.decode(framed(id));
  expect(server.asked).toEqual(['/schemas/ids/1', '/schemas/ids/2', '/schemas/ids/3', '/schemas/ids/2']);
});

it('asks again for an unknown schema half a minute later, when it may have been registered', async () => {
  const decoders = new SchemaDecoders(new SchemaRegistry({ url: server.url }), clock);
  await expect(decoders.decode(framed(9))).rejects.toMatchObject({
    name: 'FormatError',
    code: 'unknown_schema',
  });
  server.add({ id: 9, type: 'JSON', schema: '{}' });
  now = 29_999;
  await expect(decoders.decode(framed(9))).rejects.toMatchObject({ code: 'unknown_schema' });
  now = 30_000;
  await decoders.decode(framed(9));
  expect(server.asked).toEqual(['/schemas/ids/9', '/schemas/ids/9']);
  server.add({ id: 10, type: 'AVRO', schema: '{"type":"wrong"}' });
  await expect(decoders.decode(framed(10))).rejects.toMatchObject({ code: 'unknown_schema' });
});

it('gives an outage or missing rights to the caller as retryable, and asks again at once', async () => {
  let password = 'p';
  const decoders = new SchemaDecoders(
    new SchemaRegistry({ url: server.url, username: 'u', password: () => password }),
    clock,
  );
  server.fails = 503;
  await expect(decoders.decode(framed(1))).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
    retryable: true,
  });
  server.fails = 401;
  await expect(decoders.decode(framed(1))).rejects.toMatchObject({
    code: 'REGISTRY_REFUSED',
    retryable: true,
  });
  server.fails = null;
  password = 'rotated';
  expect(await decoders.decode(framed(1, '{"a":1}'))).toEqual({ a: 1 });
  const pairs = server.authorizations.map((text) => Buffer.from(text?.slice(6) ?? '', 'base64').toString());
  expect(pairs).toEqual(['u:p', 'u:p', 'u:rotated']);
});

it('says what to set when there is no registry, and that nobody answers when there is none at its address', async () => {
  const none = new SchemaDecoders(new SchemaRegistry({ url: null }), clock);
  await expect(none.decode(framed(1))).rejects.toThrow('set SCHEMA_REGISTRY_URL');
  const gone = new SchemaDecoders(new SchemaRegistry({ url: 'http://127.0.0.1:1' }), clock);
  await expect(gone.decode(framed(1))).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
    retryable: true,
  });
});

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedByMlflow, readMlflowEvent } from './mlflow-event.js';

const SECRET = 'secret-of-the-registry';
const NOW = new Date('2026-11-21T10:00:00Z');
const event = (entity: string, action: string, data: object) =>
  Buffer.from(JSON.stringify({ entity, action, timestamp: '2026-11-21T10:00:00Z', data }));
const created = event('model_version', 'created', { name: 'credit', version: '7', tags: {} });

describe('a webhook of MLflow is taken', () => {
  const stamp = String(NOW.getTime() / 1000);
  const signature = (secret: string) =>
    `v1,${createHmac('sha256', secret).update(`d-1.${stamp}.${created.toString()}`).digest('base64')}`;
  const signed = { delivery: 'd-1', timestamp: stamp, signature: signature(SECRET), body: created };

  it.each([
    ['when the registry signed it', signed, SECRET, true],
    ['while the secret is changed', signed, `the-next-secret ${SECRET}`, true],
    ['not with another body', { ...signed, body: Buffer.from('{}') }, SECRET, false],
    ['not with another secret', { ...signed, signature: signature('guessed') }, SECRET, false],
    ['not as another delivery', { ...signed, delivery: 'd-2' }, SECRET, false],
    ['not without a signature', { ...signed, signature: undefined }, SECRET, false],
    ['not without a time', { ...signed, timestamp: undefined }, SECRET, false],
  ])('%s', (_name, request, secret, is) => {
    expect(isSignedByMlflow(request, secret, NOW)).toBe(is);
    expect(isSignedByMlflow(request, secret, new Date(NOW.getTime() + 301_000))).toBe(false);
  });
});

it.each([
  ['model_version', 'created', { name: 'credit', version: '7' }, 'describe'],
  ['model_version_tag', 'set', { name: 'credit', version: '7', key: 'tidewatch.card.rollback' }, 'describe'],
  ['model_version_tag', 'set', { name: 'credit', version: '7', key: 'colour' }, null],
  ['model_version_alias', 'created', { name: 'credit', version: 7, alias: 'champion' }, 'stage'],
  ['model_version_alias', 'created', { name: 'credit', version: '7', alias: 'blue' }, null],
  ['registered_model', 'created', { name: 'credit' }, null],
])('%s.%s of %j asks for %s', (entity, action, data, kind) => {
  expect(readMlflowEvent(event(entity, action, data))?.kind ?? null).toBe(kind);
});

it('is none without an entity', () => {
  expect(() => readMlflowEvent(Buffer.from('{"hello": 1}'))).toThrow(/not an event of an MLflow registry/u);
  expect(() => readMlflowEvent(Buffer.from('no json'))).toThrow(/not an event/u);
});

import { expect, it } from 'vitest';
import type { RawEvent } from '../../domain/event.js';
import { VersionGate } from './version-gate.js';
import { versionText } from './version-text.js';

const NOW = 1_000_000;
const DAY = 86_400_000;
const event = (value: string): RawEvent => ({
  kind: 'prediction',
  topic: 't',
  partition: 0,
  offset: 0n,
  receivedAt: NOW,
  value: Buffer.from(value),
});
const said = (version: string, model = 'credit') =>
  event(JSON.stringify({ prediction_id: 'a', model, model_version: version }));
const known = (model: string) => (model === 'credit' ? ['old'] : model === 'price' ? [] : null);
const refused = (gate: VersionGate, events: readonly RawEvent[], now = NOW) =>
  gate.refused(events, now).map(({ index }) => index);

it('lets a model have so many new versions a day, and those it has always', () => {
  const gate = new VersionGate(known, 2);
  const events = ['a', 'b', 'c', 'old', 'a', 'd'].map((version) => said(version));
  expect(refused(gate, events)).toEqual([2, 5]);
  expect(refused(gate, [said('c'), said('b'), said('old')], NOW + DAY - 1)).toEqual([0]);
  expect(refused(gate, [said('c'), said('d')], NOW + DAY)).toEqual([]);
});

it('is not led astray by a field of that name elsewhere', () => {
  const gate = new VersionGate(known, 0);
  const nested = (version: string) => event(`{"model":"credit","tags":{"model_version":"${version}"}}`);
  expect(refused(gate, [nested('x'), said('x'), nested('y')])).toEqual([1]);
});

it('counts each model for itself, and none that is not registered', () => {
  const gate = new VersionGate(known, 1);
  expect(refused(gate, [said('a'), said('x', 'price'), said('y', 'price')])).toEqual([2]);
  expect(refused(gate, [said('1', 'nobody'), said('2', 'nobody')])).toEqual([]);
});

it.each([
  ['{"model_version":"1.2"}', '1.2'],
  ['{"model_version": "ü"}', 'ü'],
  ['{"model_version"\n:\t"1.2"}', '1.2'],
  ['{"model_versio\\u006e":"1.2"}', '1.2'],
  ['{"model_version":"a\\"b"}', 'a"b'],
  ['{"features":{"model_version":"no"},"model_version":"yes"}', 'yes'],
  ['{"model_version":3}', ''],
  ['{"model_version":"cut', ''],
  ['no json', ''],
])('reads the version of %s', (text, version) => {
  expect(versionText(Buffer.from(text))).toBe(version);
});

import { expect, it } from 'vitest';
import { FormatDecoder, type Decoded } from '../../src/ingest/formats/format-decoder.js';
import { PendingHalves } from '../../src/ingest/formats/pairing/pending-halves.js';
import { SchemaDecoders } from '../../src/ingest/formats/schema-decoders.js';
import { SchemaRegistry } from '../../src/ingest/formats/schema-registry.js';
import { GOLDEN_NOW, goldenCases, type Golden } from '../support/golden.js';
import { TestSchemaRegistry } from '../support/schema-registry.js';

const clock = { now: () => new Date(GOLDEN_NOW) };

async function decodeAll({ models, registry, messages }: Golden) {
  const server = await TestSchemaRegistry.start(registry);
  const pending = new PendingHalves({ halves: 100, bytes: 1e6 });
  const schemas = new SchemaDecoders(new SchemaRegistry({ url: server.url }), clock);
  const decoder = new FormatDecoder({ models: () => models, schemas, pending });
  decoder.refresh();
  const decoded: Decoded[] = [];
  for (const message of messages) decoded.push(await decoder.decode(message, GOLDEN_NOW));
  const foreign = messages.map((message) => decoder.isForeign(message));
  await server.stop();
  return { decoded, foreign, pending };
}

it.each(goldenCases())('$name: $what', async (golden) => {
  const { decoded, foreign, pending } = await decodeAll(golden);
  const { expected, name } = golden;
  const events = decoded.flatMap((each) => each.events);
  expect(
    events.map(({ topic, offset, kind, value }, i) => ({
      topic,
      offset: String(offset),
      kind,
      ...(expected.events[i]?.text === undefined
        ? { value: JSON.parse(value.toString()) as unknown }
        : { text: value.toString() }),
    })),
  ).toEqual(expected.events);
  const dead = decoded.flatMap((each) => each.dead);
  expect(
    dead.map(({ event, code, message }, i) => {
      const start = expected.dead[i]?.message ?? '';
      return {
        offset: String(event.offset),
        code,
        message: start.startsWith('~') ? `~${message.slice(0, start.length - 1)}` : message,
      };
    }),
  ).toEqual(expected.dead);
  for (const { event } of dead) expect(golden.messages.map(({ value }) => value)).toContain(event.value);
  expect(pending.size).toBe(expected.waiting);
  expect(decoded.flatMap(({ skipped }) => skipped ?? [])).toEqual(expected.skipped);
  expect(decoded.reduce((sum, { unnamed }) => sum + unnamed, 0)).toBe(expected.unnamed);
  // what a source sends without being configured is noticed by its first bytes, its headers or its topic
  if (!name.startsWith('native')) expect(foreign.filter((each) => !each).length).toBeLessThan(foreign.length);
  else expect(foreign).toEqual(foreign.map(() => false));
});

it('gives the same events for a second delivery', async () => {
  for (const golden of goldenCases()) {
    const once = await decodeAll(golden);
    const again = await decodeAll({
      ...golden,
      messages: golden.messages.map((message) => ({ ...message })),
    });
    expect(again.decoded.map(({ events }) => events)).toEqual(once.decoded.map(({ events }) => events));
  }
});

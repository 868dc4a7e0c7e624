import { expect, it } from 'vitest';
import type { RawEvent } from '../../domain/event.js';
import { LetterBytes } from './letter-bytes.js';

const HOUR = 3_600_000;
let now = 1_000_000;
const clock = { now: () => new Date(now) };
const event = (topic: string, bytes: number): RawEvent => ({
  kind: null,
  topic,
  partition: 0,
  offset: 0n,
  receivedAt: 0,
  value: Buffer.alloc(bytes),
});

it('keeps the beginning of what a source leaves behind once it left too many bytes in an hour, of others all', () => {
  const letters = new LetterBytes(1000, clock);
  const events = [event('a', 600), event('b', 600), event('a', 600)];
  expect(letters.portions(events)).toEqual([{ whole: true, places: [0, 1, 2], events }]);
  letters.spent([events[0]!, events[2]!]);
  expect(letters.portions(events).map(({ whole, places }) => [whole, places])).toEqual([
    [true, [1]],
    [false, [0, 2]],
  ]);
  expect(letters.kept(events[0]!, 500)).toHaveLength(256);
  expect(letters.told(events[0]!, 'why')).toMatch(/^why; the first 256/u);
  expect(letters.told(events[1]!, 'why')).toBe('why');
  expect(letters.kept(events[1]!, 500)).toHaveLength(500);
  now += HOUR;
  expect(letters.kept(events[0]!, 500)).toHaveLength(500);
});

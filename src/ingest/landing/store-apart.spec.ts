import { expect, it } from 'vitest';
import type { RawEvent } from '../../domain/event.js';
import { DatabaseError } from '../../store/database.js';
import { storeApart } from './store-apart.js';

const event = (offset: number): RawEvent => ({
  kind: 'prediction',
  topic: 't',
  partition: 0,
  offset: BigInt(offset),
  receivedAt: 0,
  value: Buffer.from('{}'),
});
const events = Array.from({ length: 20 }, (_, i) => event(i));

/** A store that refuses every insert that holds one of these offsets. */
function store(poison: readonly bigint[], error: DatabaseError) {
  const stored = new Set<bigint>();
  const buried: bigint[] = [];
  const steps = {
    insert: async (part: readonly RawEvent[]) => {
      if (part.some(({ offset }) => poison.includes(offset))) throw error;
      for (const { offset } of part) stored.add(offset);
      return part.flatMap(({ offset }, index) =>
        offset === 3n ? [{ index, code: 'not_json' as const, message: 'no' }] : [],
      );
    },
    bury: async ({ offset }: RawEvent) => {
      buried.push(offset);
      return { index: 0, code: 'unstorable' as const, message: 'no' };
    },
  };
  return { steps, stored, buried };
}

const refusal = new DatabaseError('no', 'ARGUMENT_OUT_OF_BOUND', false);

it('stores all others and keeps what the store refuses, each under its own index', async () => {
  const { steps, stored, buried } = store([0n, 7n, 19n], refusal);
  const rejected = await storeApart(events, steps);
  expect(stored.size).toBe(17);
  expect(buried).toEqual([0n, 7n, 19n]);
  expect(rejected.map(({ index, code }) => [index, code])).toEqual([
    [0, 'unstorable'],
    [3, 'not_json'],
    [7, 'unstorable'],
    [19, 'unstorable'],
  ]);
});

it.each([
  ['an outage', new DatabaseError('away', 'ECONNREFUSED', true)],
  ['a table that is missing', new DatabaseError('no', 'UNKNOWN_TABLE', false)],
])('%s is not the fault of an event', async (_, error) => {
  const { steps, buried } = store([7n], error);
  await expect(storeApart(events, steps)).rejects.toBe(error);
  expect(buried).toEqual([]);
});

it('tries less at once when the engine has not the memory for all', async () => {
  const sizes: number[] = [];
  const hungry = {
    insert: async (part: readonly RawEvent[]) => {
      sizes.push(part.length);
      if (part.length > 5) throw new DatabaseError('memory', 'MEMORY_LIMIT_EXCEEDED', true);
      return [];
    },
    bury: store([], refusal).steps.bury,
  };
  expect(await storeApart(events, hungry)).toEqual([]);
  expect(sizes.filter((size) => size <= 5)).toEqual([5, 5, 5, 5]);
});

it('believes no store that refuses everything', async () => {
  const many = Array.from({ length: 100 }, (_, i) => event(i));
  const { steps, buried } = store(
    many.map(({ offset }) => offset),
    refusal,
  );
  await expect(storeApart(many, steps)).rejects.toBe(refusal);
  expect(buried).toHaveLength(32);
});

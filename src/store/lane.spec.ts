import { expect, it } from 'vitest';
import { AskerLeft } from './asker.js';
import { Lane } from './lane.js';

/** Resources are numbers; what happens to them is written down. */
function lane(size: number): { lane: Lane<number>; events: string[] } {
  const events: string[] = [];
  let opened = 0;
  const open = async (): Promise<number> => {
    events.push(`open ${(opened += 1)}`);
    return opened;
  };
  const close = async (resource: number): Promise<void> => {
    events.push(`close ${resource}`);
  };
  return { lane: new Lane({ open, close }, size), events };
}

it('gives a resource to one task at a time, in order', async () => {
  const { lane: one, events } = lane(1);
  const order = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => one.run(async (resource) => `${name}${resource}`)),
  );
  expect(order).toEqual(['a1', 'b1', 'c1']);
  expect(events).toEqual(['open 1']);
});

it('gives no turn to a task of somebody who has left, and spoils nothing', async () => {
  const { lane: one, events } = lane(1);
  const leaving = new AbortController();
  const first = one.run(async () => leaving.abort());
  const second = one.run(async () => events.push('nobody'), leaving.signal);
  const third = one.run(async (resource) => resource);
  await first;
  await expect(second).rejects.toThrow(AskerLeft);
  expect(await third).toBe(1);
  expect(events).toEqual(['open 1']);
});

it('replaces the resource of a task that failed, before the next one', async () => {
  const { lane: one, events } = lane(1);
  const failed = one.run(async () => Promise.reject(new Error('half-way')));
  const next = one.run(async (resource) => resource);
  await expect(failed).rejects.toThrow('half-way');
  expect(await next).toBe(2);
  expect(events).toEqual(['open 1', 'close 1', 'open 2']);
});

it('closes after everything that was handed over', async () => {
  const { lane: two, events } = lane(2);
  const tasks = [1, 2, 3].map(async (n) => two.run(async () => events.push(`task ${n}`)));
  await two.close();
  await Promise.all(tasks);
  expect(events.filter((event) => event.startsWith('close'))).toEqual(events.slice(-2));
});

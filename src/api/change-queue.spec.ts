import { describe, expect, it } from 'vitest';
import { ChangeQueue, TooSlow } from './change-queue.js';

function queue() {
  const state = { add: (_key: string, _item: number): void => undefined, stopped: 0 };
  const changes = new ChangeQueue<number>((add) => {
    state.add = add;
    return () => (state.stopped += 1);
  });
  return { state, changes };
}

describe('a queue of changes', () => {
  it('gives each thing once, as it is when it is read', async () => {
    const { state, changes } = queue();
    state.add('a', 1);
    state.add('b', 2);
    state.add('a', 3);
    expect([await changes.next(), await changes.next()]).toEqual([
      { done: false, value: 3 },
      { done: false, value: 2 },
    ]);
    const waiting = changes.next();
    state.add('c', 4);
    expect(await waiting).toEqual({ done: false, value: 4 });
  });

  it('ends for a reader that waits, and listens no longer', async () => {
    const { state, changes } = queue();
    const waiting = changes.next();
    await changes.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await changes.return();
    expect(state.stopped).toBe(1);
  });

  it('does not keep without end for a reader that does not read', async () => {
    const { state, changes } = queue();
    for (let i = 0; i < 20_000; i += 1) state.add(String(i), i);
    await expect(changes.next()).rejects.toThrow(TooSlow);
    expect(state.stopped).toBe(1);
  });
});

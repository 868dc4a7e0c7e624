import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inTurns, Turns } from './in-turns.js';

it('lets others have their turn between steps, and returns what the work comes to', async () => {
  let steps = 0;
  function* work(): Generator<undefined, string, undefined> {
    for (let i = 0; i < 1000; i += 1) {
      steps += 1;
      yield;
    }
    return 'done';
  }
  const seen = turn().then(() => steps);
  expect(await inTurns(work(), new Turns(0))).toBe('done');
  expect(steps).toBe(1000);
  expect(await seen).toBe(1);
});

it('lets nobody wait for work that is short', async () => {
  let isTurn = false;
  void turn().then(() => (isTurn = true));
  const turns = new Turns(Infinity);
  for (let i = 0; i < 1000; i += 1) await turns.next();
  expect(isTurn).toBe(false);
});

it('fails as the work fails', async () => {
  await expect(
    inTurns(
      (function* (): Generator<undefined, never, undefined> {
        yield;
        throw new Error('no baseline');
      })(),
    ),
  ).rejects.toThrow('no baseline');
});

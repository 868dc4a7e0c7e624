import { setImmediate as turn } from 'node:timers/promises';

/** Runs long work to its end a step at a time: between steps events are taken, health is answered and heartbeats go out. */
export async function inTurns<T>(steps: Generator<undefined, T, undefined>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await turn();
  }
}

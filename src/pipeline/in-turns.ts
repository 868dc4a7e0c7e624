import { setImmediate as turn } from 'node:timers/promises';

/** So long work may keep everybody else waiting, ms. */
const SLICE_MS = 2;

/** Turns of others in a long loop: `next` waits for one where the work had its slice of time. */
export class Turns {
  private began = performance.now();

  constructor(private readonly sliceMs = SLICE_MS) {}

  get isOver(): boolean {
    return performance.now() - this.began >= this.sliceMs;
  }

  async next(): Promise<void> {
    if (!this.isOver) return;
    await turn();
    this.began = performance.now();
  }
}

/** Runs long work to its end, a slice of time at a time: between slices events are taken, health is answered and heartbeats go out. No slice is longer than one step. */
export async function inTurns<T>(steps: Generator<undefined, T, undefined>, turns = new Turns()): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (turns.isOver) await turns.next();
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const TIMES = 4;
/** What one collection leaves the next ones take. */
const COLLECTIONS = 5;

/** Bytes that stay in memory of what is made, on average over several: the first is made and let go of, because it brings the code with it. */
export async function heldBytes(make: () => unknown): Promise<number> {
  make();
  const held: unknown[] = [];
  const before = await bytesInUse();
  for (let i = 0; i < TIMES; i += 1) held.push(make());
  const after = await bytesInUse();
  return (after - before) / held.length;
}

async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < COLLECTIONS; i += 1) {
    collect();
    await wait(20);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

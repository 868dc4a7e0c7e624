import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a piece of work took. */
export interface Took {
  readonly seconds: number;
  /** Of every thread of the process, the engine's too. */
  readonly cpu: number;
  /** Longest time in which the process answered nobody, ms: what /health/live would have waited. */
  readonly stallMs: number;
}

/** Runs work and says what it took. */
export async function timed(work: () => Promise<unknown>): Promise<Took> {
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  const [began, used] = [performance.now(), process.cpuUsage()];
  stalls.enable();
  await work();
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - began) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 20));
  stalls.disable();
  return { seconds, cpu: (user + system) / 1e6, stallMs: Math.max(0, stalls.max / 1e6 - 5) };
}

/** The one with the median of seconds. */
export function median(runs: readonly Took[]): Took {
  const sorted = runs.toSorted((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!middle) throw new Error('nothing was timed');
  return middle;
}

export interface Measured {
  readonly name: string;
  readonly eventsPerSecond: number;
  /** User and system time of the whole process, engine threads included. */
  readonly cpuMicros: number;
}

/** The best of `rounds` runs of `task`, which handles `events` events; the best, because a shared machine only ever adds. */
export async function measure(
  name: string,
  events: number,
  rounds: number,
  task: () => Promise<void>,
): Promise<Measured> {
  let wall = Infinity;
  let cpu = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    const started = performance.now();
    await task();
    wall = Math.min(wall, performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    cpu = Math.min(cpu, user + system);
  }
  return { name, eventsPerSecond: (events / wall) * 1000, cpuMicros: cpu / events };
}

import { compareInTime } from './detection/in-time.js';
import type { BenchOptions, BenchReport } from './report.js';

const DOCUMENTED_SEED = 20_240_101;

/** The comparison in time alone, which is part of the detection benchmark as well: Tidewatch and the peers installed in ORACLE_PYTHON. */
export async function run({ json, quick, seed }: BenchOptions): Promise<BenchReport> {
  const say = (text: string) => {
    if (!json) process.stderr.write(`${text}\n`);
  };
  return { bench: 'peers', ...(await compareInTime({ quick, seed: seed ?? DOCUMENTED_SEED }, say)) };
}

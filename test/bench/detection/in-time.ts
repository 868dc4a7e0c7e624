import { interpreters } from '../../support/python.js';
import type { BenchTable } from '../report.js';
import { writeRows } from './compared-rows.js';
import { engineTable, engineTimings } from './engine-table.js';
import { timeEach, timePeer } from './time-peer.js';
import { absences, ownTimes, timeNumbers, timeTable } from './time-table.js';

/** Enough an hour for products of features to be summed over a sample of the rows, as on any busy stream. */
const HOURLY = 2000;
const SIZES = { quick: [10_000, 100_000], full: [10_000, 100_000, 1_000_000] } as const;
/** A peer that needs longer, reading its rows included, is not waited for. */
const LIMIT_MS = 300_000;

export interface InTime {
  readonly tables: readonly BenchTable[];
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

/** Tidewatch and the peers installed here, by the clock, on the same rows. */
export async function compareInTime(
  { quick, seed }: { readonly quick: boolean; readonly seed: number },
  say: (text: string) => void,
): Promise<InTime> {
  const rows = writeRows({ hourly: HOURLY, current: quick ? SIZES.quick : SIZES.full }, seed);
  try {
    const engine = await engineTimings(rows);
    const width = rows.features.length;
    const own = engineTable(engine, width);
    for (const row of own.rows) say(`engine ${row.join(' · ')}`);
    const options = { pythons: interpreters(), timeoutMs: LIMIT_MS };
    const peers = timeEach(rows.current, (peer, hour) => {
      const outcome = timePeer(peer, rows, hour, options);
      say(`${peer.who}, ${hour.rows} rows: ${JSON.stringify(outcome)}`);
      return outcome;
    });
    const times = [...ownTimes(engine), ...peers];
    return {
      tables: [own, timeTable(times, width)],
      numbers: {
        ...Object.fromEntries(
          engine.map(({ rows: size, check }) => [`check_from_minutes_ms: ${size} rows`, check.cpuMs]),
        ),
        ...timeNumbers(times),
      },
      notes: [
        'Everyone has the same hour. Peers have it in memory, and every twentieth row of the reference; Tidewatch has both in its store.',
        ...absences(times),
      ],
    };
  } finally {
    rows.remove();
  }
}

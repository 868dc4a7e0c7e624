import { interpreters } from '../../support/python.js';
import type { BenchTable } from '../report.js';
import { type ComparedRows, writeRows } from './compared-rows.js';
import { engineTable, engineTimings } from './engine-table.js';
import { type TimedPeer, timePeer, TIMED_PEERS } from './time-peer.js';
import { absences, ownTimes, timeNumbers, type TimeRow, timeTable } from './time-table.js';

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
    const times = [...ownTimes(engine), ...timePeers(rows, say)];
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

/** Times every peer that is installed on every hour, the smaller ones first: who was too slow is not asked again. */
function timePeers(rows: ComparedRows, say: (text: string) => void): TimeRow[] {
  const options = { pythons: interpreters(), timeoutMs: LIMIT_MS };
  const slow = new Set<TimedPeer>();
  return rows.current.flatMap((current) =>
    TIMED_PEERS.map((peer): TimeRow => {
      const outcome = slow.has(peer)
        ? { slow: 'not asked: too slow with fewer rows' }
        : timePeer(peer, rows, current, options);
      if ('slow' in outcome) slow.add(peer);
      say(`${peer.who}, ${current.rows} rows: ${JSON.stringify(outcome)}`);
      return { who: peer.who, rows: current.rows, outcome };
    }),
  );
}

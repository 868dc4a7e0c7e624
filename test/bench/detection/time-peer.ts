import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type PythonAnswer, runPython } from '../../support/python.js';
import type { ComparedRows, RowFile } from './compared-rows.js';

const PROGRAM = fileURLToPath(new URL('time-peers.py', import.meta.url));
/** Peers have every twentieth row of the reference: a sample, as their users would take, because they read it again at every check. */
const EVERY = 20;

/** Those who are asked, by the name the Python program knows, and what of theirs is timed. */
export const TIMED_PEERS = [
  { peer: 'evidently', who: 'Evidently, DataDriftPreset' },
  { peer: 'nannyml', who: 'NannyML, UnivariateDriftCalculator' },
  { peer: 'scouter', who: 'Scouter, PSI' },
  { peer: 'river', who: 'river, ADWIN row by row' },
  { peer: 'scipy', who: 'SciPy, ks_2samp alone' },
] as const;
export type TimedPeer = (typeof TIMED_PEERS)[number];

const Answer = z.strictObject({
  version: z.string().min(1),
  prepared: z.number().nonnegative().nullable(),
  seconds: z.number().positive(),
  cpu: z.number().nonnegative(),
  drifted: z.int().nonnegative().nullable(),
});

/** Seconds by the clock to judge one hour, and of all processors; `prepared` of them once a reference, null where nothing is; `drifted` features. */
export type PeerTiming = z.infer<typeof Answer>;
/** A peer's timing, or why it has none. */
export type PeerOutcome =
  | { readonly timing: PeerTiming }
  | { readonly absent: string }
  | { readonly slow: string }
  | { readonly failed: string };

/** Asks one peer for its time. Absent, slow or broken peers are an outcome, never an error. */
export function timePeer(
  { peer }: TimedPeer,
  { features, reference }: ComparedRows,
  current: RowFile,
  { pythons, timeoutMs }: { readonly pythons: readonly string[]; readonly timeoutMs: number },
): PeerOutcome {
  const input = { peer, features, reference, current, every: EVERY };
  return outcomeOf(runPython(pythons, { args: [PROGRAM], input, timeoutMs }));
}

/** What Python's answer means: only an answer of the agreed shape is a time. */
export function outcomeOf(answer: PythonAnswer): PeerOutcome {
  if ('missing' in answer) return { absent: answer.missing };
  if (!('value' in answer)) return answer;
  const read = Answer.safeParse(answer.value);
  if (read.success) return { timing: read.data };
  return { failed: `its answer is not a time (${z.prettifyError(read.error).replaceAll('\n', ' ')})` };
}

/** What one of those compared needed for one size. */
export interface TimeRow {
  readonly who: string;
  readonly rows: number;
  readonly outcome: PeerOutcome;
}

/** Asks every peer about every hour, the one with the fewest rows first: who was too slow is not asked about more. */
export function timeEach(
  hours: readonly RowFile[],
  ask: (peer: TimedPeer, hour: RowFile) => PeerOutcome,
): TimeRow[] {
  const slow = new Set<TimedPeer>();
  return hours
    .toSorted((a, b) => a.rows - b.rows)
    .flatMap((hour) =>
      TIMED_PEERS.map((peer): TimeRow => {
        const outcome = slow.has(peer) ? { slow: 'not asked: too slow with fewer rows' } : ask(peer, hour);
        if ('slow' in outcome) slow.add(peer);
        return { who: peer.who, rows: hour.rows, outcome };
      }),
    );
}

import { readWindowsOf, type AskedSpan } from '../profiles/read-windows.js';
import type { DueRun } from '../windows/due-windows.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Memory } from './judgement.repository.js';
import { referenceId, type Reference } from './reference.js';
import type { Stages } from './stages.js';

/** A run of windows that is about to be judged. */
export interface ComingRun {
  readonly model: string;
  readonly version: string;
  readonly widthMs: number;
  readonly reference: Reference;
  readonly run: DueRun;
}

/** What a run needs that could be read together with that of others. */
export interface ReadAhead {
  readonly profiles: ReadonlyMap<number, WindowProfile>;
  /** What the window before the first left; null where that has to be looked for. */
  readonly memory: Memory | null;
}

/** More windows at a time are a model that catches up: it reads for itself. */
const MOST_WINDOWS_AHEAD = 75;
/** More windows of all would only fill memory. */
const MOST_WINDOWS_TOGETHER = 400;

/** Profiles and memories of many runs by a few statements. Runs that are long read for themselves and are absent. */
export async function readAhead(
  { database, judgements }: Pick<Stages, 'database' | 'judgements'>,
  coming: readonly ComingRun[],
): Promise<ReadonlyMap<DueRun, ReadAhead>> {
  const short = shortest(coming.filter(({ run }) => run.starts.length <= MOST_WINDOWS_AHEAD));
  if (short.length < 2) return new Map();
  const [profiles, memories] = await Promise.all([
    readWindowsOf(database, short.map(spanOf)),
    judgements.memoriesAt(
      short.map(({ model, version, reference, run }) => ({
        model,
        version,
        track: run.track,
        at: run.starts[0] ?? 0,
        baseline: referenceId(run.track, reference),
      })),
    ),
  ]);
  return new Map(
    short.map(({ run }, i) => [run, { profiles: profiles[i] ?? new Map(), memory: memories[i] ?? null }]),
  );
}

/** The shortest of these runs, in their order, as many as may be read together. */
export function shortest<One extends { readonly run: Pick<DueRun, 'starts'> }>(
  runs: readonly One[],
): readonly One[] {
  const chosen = new Set<One>();
  let windows = 0;
  for (const one of runs.toSorted((a, b) => a.run.starts.length - b.run.starts.length)) {
    windows += one.run.starts.length;
    if (windows > MOST_WINDOWS_TOGETHER) break;
    chosen.add(one);
  }
  return runs.filter((one) => chosen.has(one));
}

function spanOf({ model, version, widthMs, reference, run }: ComingRun): AskedSpan {
  const from = run.starts[0] ?? 0;
  const to = (run.starts.at(-1) ?? 0) + widthMs;
  return { model, version, baseline: reference.baseline?.id ?? null, from, to, widthMs };
}

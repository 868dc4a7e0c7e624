import { isKnownLayout, type SeriesState } from '../checks/series-state.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Window } from '../domain/window.js';
import type { PolicyState } from '../policies/policy-state.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Track } from '../windows/due-windows.js';

/** What is remembered from one window to the next, per track; null before the first. */
export interface Memory {
  readonly checks: SeriesState | null;
  readonly policies: PolicyState | null;
}

/** The memory a window left: its digest, and itself where it had to be read. */
export interface Remembered {
  readonly digest: string;
  readonly value: Memory | null;
}

/** As it was stored, perhaps by another release. */
type Stored = Pick<Memory, 'policies'> & { readonly checks: unknown };

export const NO_MEMORY: Memory = { checks: null, policies: null };

/** What one judged window leaves behind in the data plane. */
export interface Judgement {
  readonly window: Window;
  readonly track: Track;
  readonly baseline: string;
  readonly results: readonly CheckResult[];
  readonly memory: Memory;
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** Check results and the detectors' memory, by window and revision. */
export class JudgementRepository {
  constructor(
    private readonly database: Database,
    private readonly say: (problem: string, about: Readonly<Record<string, string>>) => void = () =>
      undefined,
  ) {}

  async save(judgements: readonly Judgement[], at: Date): Promise<void> {
    const results = judgements.flatMap(({ window, results: all }) =>
      all.map((result) => resultRow(window, result, at)),
    );
    const states = judgements.map(({ window, track, baseline, memory }) => ({
      model: window.model,
      version: window.version,
      window_to: seconds(window.to),
      track,
      revision: window.revision,
      baseline,
      state: JSON.stringify(memory),
      evaluated_at: sqlMillisecond(at),
    }));
    if (results.length > 0) await this.database.insert('check_results', results);
    if (states.length > 0) await this.database.insert('series_states', states);
  }

  /** The memory after the newest window that ended at or before an instant, if it was held against the same baseline. */
  async memoryBefore(
    model: string,
    version: string,
    track: Track,
    before: Date,
    baseline: string,
  ): Promise<Memory> {
    const [row] = await this.database.query<{ state: string; baseline: string }>(
      `SELECT state, baseline FROM series_states FINAL
       WHERE model = {model:String} AND version = {version:String} AND track = {track:String} AND window_to <= fromUnixTimestamp({before:Int64})
       ORDER BY window_to DESC, revision DESC LIMIT 1`,
      { params: { model, version, track, before: seconds(before) } },
    );
    // Evidence gathered against another reference says nothing about this one.
    if (row?.baseline !== baseline) return NO_MEMORY;
    const { checks, policies } = JSON.parse(row.state) as Stored;
    if (checks === null || isKnownLayout(checks)) return { checks, policies };
    this.say('the memory of the checks is laid out as another release had it; evidence is gathered anew', {
      model,
      version,
      track,
    });
    return { checks: null, policies };
  }
}

function resultRow(window: Window, result: CheckResult, at: Date): object {
  return {
    model: window.model,
    version: window.version,
    window_from: seconds(window.from),
    window_to: seconds(window.to),
    revision: window.revision,
    check: result.check,
    feature: result.feature ?? '',
    statistic: result.statistic,
    value: result.value ?? 'nan',
    n: result.n,
    state: result.state,
    evidence: result.evidence ?? 'nan',
    effect: result.effect ?? 'nan',
    since: result.since ? seconds(result.since) : null,
    explanation: result.explanation ?? '',
    explained_by: result.explainedBy ?? [],
    evaluated_at: sqlMillisecond(at),
  };
}

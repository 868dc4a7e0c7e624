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
    const evaluatedAt = sqlMillisecond(at);
    const results = judgements.flatMap(({ window, results: all }) =>
      all.map((result, place) => ({ ...resultRow(window, result, evaluatedAt), place })),
    );
    const states = judgements.map(({ window, track, baseline, memory }) => ({
      model: window.model,
      version: window.version,
      window_to: seconds(window.to),
      track,
      revision: window.revision,
      baseline,
      state: JSON.stringify(memory),
      evaluated_at: evaluatedAt,
    }));
    if (results.length > 0) await this.database.insert('check_results', results);
    if (states.length > 0) await this.database.insert('series_states', states);
  }

  /**
   * What the windows left that ended at given instants, in the order asked; null where none ended just then, and where its window was held against
   * another baseline that is an empty memory.
   */
  async memoriesAt(asked: readonly AskedMemory[]): Promise<readonly (Memory | null)[]> {
    const ends = asked.map(({ at }) => Math.floor(at / 1000));
    const params = {
      models: asked.map(({ model }) => model),
      versions: asked.map(({ version }) => version),
      tracks: asked.map(({ track }) => track),
      ends,
      first: ends.reduce((a, b) => Math.min(a, b), Infinity),
      last: ends.reduce((a, b) => Math.max(a, b), 0),
    };
    const rows = await this.database.query<AskedMemory & { readonly state: string }>(LEFT, {
      params,
      timeoutMs: 120_000,
    });
    const placeOf = ({ model, version, track, at }: AskedMemory) => [model, version, track, at].join('\0');
    const found = new Map(rows.map((row) => [placeOf(row), row]));
    return asked.map((one) => {
      const row = found.get(placeOf(one));
      return row ? this.memoryOf(row, one) : null;
    });
  }

  /** The memory after the newest window that ended at or before an instant, if it was held against the same baseline. */
  async memoryBefore(
    model: string,
    version: string,
    track: Track,
    before: Date,
    baseline: string,
  ): Promise<Memory> {
    const params = { model, version, track, before: seconds(before) };
    const [row] = await this.database.query<StoredState>(`${BEFORE} LIMIT 1`, { params });
    return row ? this.memoryOf(row, { model, version, track, baseline }) : NO_MEMORY;
  }

  /** The same after every judgement of that window that is stored, the newest first. */
  async memoriesBefore(
    model: string,
    version: string,
    track: Track,
    before: Date,
    baseline: string,
  ): Promise<readonly Memory[]> {
    const params = { model, version, track, before: seconds(before) };
    const newest = `(SELECT max(window_to) FROM series_states WHERE ${OF_TRACK})`;
    const rows = await this.database.query<StoredState>(
      `SELECT state, baseline FROM series_states FINAL WHERE ${OF_TRACK} AND window_to = ${newest} ORDER BY revision DESC`,
      { params },
    );
    return rows.map((row) => this.memoryOf(row, { model, version, track, baseline }));
  }

  private memoryOf(
    row: { readonly state: string; readonly baseline: string },
    { model, version, track, baseline }: Omit<AskedMemory, 'at'>,
  ): Memory {
    // Evidence gathered against another reference says nothing about this one.
    if (row.baseline !== baseline) return NO_MEMORY;
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

/** A memory that is looked for: the one left by the window that ended at `at`, epoch ms. */
export interface AskedMemory {
  readonly model: string;
  readonly version: string;
  readonly track: Track;
  readonly at: number;
  readonly baseline: string;
}

interface StoredState {
  readonly state: string;
  readonly baseline: string;
}

const OF_TRACK =
  'model = {model:String} AND version = {version:String} AND track = {track:String} AND window_to <= fromUnixTimestamp({before:Int64})';
const BEFORE = `SELECT state, baseline FROM series_states FINAL WHERE ${OF_TRACK} ORDER BY window_to DESC, revision DESC`;

const LEFT = `SELECT model, version, track, toUnixTimestamp(window_to) * 1000 AS at, baseline, state FROM series_states FINAL
  WHERE (model, version, track, window_to) IN (
    SELECT asked.1, asked.2, asked.3, toDateTime(asked.4, 'UTC')
    FROM (SELECT arrayJoin(arrayZip({models:Array(String)}, {versions:Array(String)}, {tracks:Array(String)}, {ends:Array(UInt32)})) AS asked)
  ) AND window_to >= fromUnixTimestamp({first:Int64}) AND window_to <= fromUnixTimestamp({last:Int64})
  ORDER BY revision DESC LIMIT 1 BY model, version, track, window_to`;

function resultRow(window: Window, result: CheckResult, evaluatedAt: string): object {
  return {
    model: window.model,
    version: window.version,
    window_from: seconds(window.from),
    window_to: seconds(window.to),
    revision: window.revision,
    check: result.check,
    feature: result.feature ?? '',
    segment: result.segment ?? '',
    statistic: result.statistic,
    value: result.value ?? 'nan',
    n: result.n,
    state: result.state,
    evidence: result.evidence ?? 'nan',
    effect: result.effect ?? 'nan',
    since: result.since ? seconds(result.since) : null,
    rests_from: result.restsFrom ? seconds(result.restsFrom) : null,
    explanation: result.explanation ?? '',
    read_as: result.readAs ? JSON.stringify(result.readAs) : '',
    explained_by: result.explainedBy ?? [],
    evaluated_at: evaluatedAt,
  };
}

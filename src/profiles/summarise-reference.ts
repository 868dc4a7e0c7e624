import { addAll } from '../domain/add-all.js';
import type { BaselineNotes } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import type { RowSource } from '../constraints/row-source.js';
import type { ReferenceCalls } from '../constraints/reference-calls.js';
import { failedCalls } from './failed-calls.js';
import type { MeasureRow } from './measure-row.js';
import { measureSelect } from './measure-sql.js';
import { callsOf, measuredOn, type MeasuredOn } from './measured-on.js';
import { performanceSelect, type JudgedRows } from './performance-sql.js';
import { EMPTY_PROFILE, profilesByBucket, type PerformanceRow, type ProfileRow } from './profile-row.js';
import { profileSelects, profileSettings } from './profile-sql.js';
import type { FeatureBaselines } from '../domain/baseline.js';
import { knownFeatures } from './profiles.js';
import { isTallied, TalliedReference } from './tally-reference.js';

/** Where reference rows come from, once for features and once with their labels joined. */
export interface ReferenceSummary {
  readonly rows: RowSource;
  /** Failed ones too; null where the reference has none. */
  readonly calls: ReferenceCalls | null;
  readonly judged: string;
  /** The version of each row and whether it has a label; absent where rows do not say their version. */
  readonly answerers?: string;
  readonly timed: boolean;
  readonly remarks: readonly string[];
}

/** A reference with what its rows are counted by. */
export interface FrozenReference {
  readonly database: Database;
  readonly model: Model;
  readonly reference: ReferenceSummary;
  readonly features: FeatureBaselines;
  readonly rules: readonly Constraint[];
  readonly notes: BaselineNotes;
  /** Rows of the reference. */
  readonly count: number;
}

/** What a baseline holds of its rows: all of them as one, and window by window (starts in epoch seconds) where they have times. */
export interface SummarisedReference {
  readonly whole: WindowProfile;
  readonly windows: ReadonlyMap<number, WindowProfile>;
}

/** The reference on its own edges and under its own rules. Of the labels of the whole all are told, of those of windows none. */
export async function summariseReference(frozen: FrozenReference): Promise<SummarisedReference> {
  const { whole, windows } = await summariseAnswers(frozen);
  const { calls, timed } = frozen.reference;
  if (!calls?.knows.failed) return { whole, windows };
  const failed = await failedCalls(frozen.database, calls.source, timed ? windowStart(frozen.model) : WHOLE);
  if (failed.size === 0) return { whole, windows };
  const inAll = [...failed.values()].reduce((a, b) => a + b, 0);
  const starts = timed ? new Set([...windows.keys(), ...failed.keys()]) : [];
  return {
    whole: withFailed(whole, inAll),
    windows: new Map(
      [...starts]
        .toSorted((a, b) => a - b)
        .map((start) => [start, withFailed(windows.get(start) ?? EMPTY_PROFILE, failed.get(start) ?? 0)]),
    ),
  };
}

/** A failed call counts for volume, in a reference as in a window. */
function withFailed(profile: WindowProfile, failed: number): WindowProfile {
  return { ...profile, predictions: profile.predictions + failed };
}

async function summariseAnswers(frozen: FrozenReference): Promise<SummarisedReference> {
  const { model, reference, features, count } = frozen;
  const byWindow = windowStart(model);
  const first = (profiles: ReadonlyMap<number, WindowProfile>) => [...profiles.values()][0] ?? EMPTY_PROFILE;
  const measured = (bucket: string) => measureCalls(frozen, bucket);
  if (isTallied(count, Object.keys(features).length)) {
    const tallied = await tally(frozen, byWindow);
    return {
      whole: first(await tallied.whole(await measured(WHOLE))),
      windows: reference.timed ? await tallied.windows(await measured(byWindow)) : new Map(),
    };
  }
  const counted = async (bucket: string, labels: readonly string[] | null) =>
    countInEngine(frozen, { bucket, labels }, await measured(bucket));
  const whole = first(await counted(WHOLE, []));
  return { whole, windows: reference.timed ? await counted(byWindow, null) : new Map() };
}

const WHOLE = 'toUInt32(0)';

function windowStart({ window }: Model): string {
  const width = window / 1000;
  return `intDiv(toUnixTimestamp(ts), ${width}) * ${width}`;
}

async function tally(frozen: FrozenReference, bucket: string): Promise<TalliedReference> {
  const { database, model, reference, features, rules, notes, count } = frozen;
  const known = knownFeatures(model, { features, notes });
  const rows = { from: reference.judged, bucket, params: reference.rows.params, rows: count };
  const answers = rules.filter((rule) => measuredOn(rule) !== 'calls');
  return TalliedReference.read(database, rows, {
    features,
    rules: answers,
    performance: { model, known, layout: 'logOdds' },
  });
}

async function countInEngine(
  frozen: FrozenReference,
  { bucket, labels }: Pick<JudgedRows, 'bucket' | 'labels'>,
  calls: readonly MeasureRow[],
): Promise<Map<number, WindowProfile>> {
  const { database, model, reference, features, notes } = frozen;
  const { rows, judged } = reference;
  const options = optionsOf(frozen);
  const known = knownFeatures(model, { features, notes });
  const [profiles, performance, ...measures] = await Promise.all([
    inTurn(profileSelects(features, rows.from, bucket), async (sql) =>
      database.query<ProfileRow>(sql, options),
    ),
    database.query<PerformanceRow>(
      performanceSelect(model, known, { source: judged, bucket, layout: 'logOdds', labels }),
      options,
    ),
    measure(frozen, 'answers', { source: rows.from, bucket }),
    measure(frozen, 'labels', { source: judged, bucket }),
  ]);
  return profilesByBucket(profiles, performance, [...measures.flat(), ...calls]);
}

/** Failed calls are in a source of their own, so that rules about them are measured apart. */
async function measureCalls(frozen: FrozenReference, bucket: string): Promise<readonly MeasureRow[]> {
  const { calls } = frozen.reference;
  if (!calls) return [];
  const rules = frozen.rules.filter((rule) => calls.knows[callsOf(rule) ?? 'slow']);
  return measure({ ...frozen, rules }, 'calls', { source: calls.source.from, bucket });
}

async function measure(
  frozen: FrozenReference,
  on: MeasuredOn,
  { source, bucket }: Pick<JudgedRows, 'source' | 'bucket'>,
): Promise<readonly MeasureRow[]> {
  const rules = frozen.rules.filter((rule) => measuredOn(rule) === on);
  const sql = measureSelect(rules, source, bucket, null);
  return sql === null ? [] : frozen.database.query<MeasureRow>(sql, optionsOf(frozen));
}

function optionsOf({ features, count, reference }: FrozenReference) {
  const settings = profileSettings(Object.keys(features).length, count);
  return { params: reference.rows.params, settings, timeoutMs: 600_000 };
}

/** One statement after the other: a wide model must not hold every reader. */
async function inTurn<Row>(
  statements: readonly string[],
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const sql of statements) addAll(found, await query(sql));
  return found;
}

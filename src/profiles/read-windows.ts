import { groupBy } from '../domain/group-by.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import type { MeasureRow } from './measure-row.js';
import { FEATURE_SUMS, MEASURE_SUMS, MERGE_SETTINGS, PERFORMANCE_SUMS } from './merge-minutes.js';
import { profilesByBucket, type PerformanceRow, type ProfileRow } from './profile-row.js';

/** Consecutive windows of one model version, `[from, to)` on window boundaries; epoch ms. */
export interface AskedSpan {
  readonly model: string;
  readonly version: string;
  /** Id of the baseline; null while the model is learning. */
  readonly baseline: string | null;
  readonly from: number;
  readonly to: number;
  readonly widthMs: number;
}

/**
 * Minutes of all versions that are asked for, by window. No join with the list of windows: to plan one takes the engine
 * longer than to read the minutes, so whose row it is is found here.
 */
const merged = (of: {
  table: string;
  keys: readonly string[];
  by: readonly string[];
  sums: string;
}): string => {
  const { table, keys, by, sums } = of;
  const names = keys.map((key) => `m.${key} AS ${key}`).join(', ');
  const lists = keys.map((key) => `{${key}s:Array(String)}`).join(', ');
  return `SELECT ${names}, intDiv(toUnixTimestamp(m.minute), {width:UInt32}) * {width:UInt32} AS bucket, ${[...by, sums].join(', ')}
  FROM ${table} AS m FINAL WHERE (${keys.join(', ')}) IN arrayZip(${lists}) AND minute >= {from:DateTime} AND minute < {to:DateTime}
  GROUP BY ${[...keys, 'bucket', ...by].join(', ')}`;
};

const OF_BASELINE = ['model', 'version', 'baseline'];
const PROFILES = merged({ table: 'profiles_1m', keys: OF_BASELINE, by: ['feature'], sums: FEATURE_SUMS });
const MEASURES = `${merged({ table: 'measures_1m', keys: OF_BASELINE, by: ['rule'], sums: MEASURE_SUMS })} ORDER BY model, version, bucket, rule`;
const PERFORMANCE = merged({
  table: 'performance_1m',
  keys: ['model', 'version'],
  by: [],
  sums: PERFORMANCE_SUMS,
});

/** A row of a statement above, with whose it is: what is counted of rows and labels is of no baseline. */
type Owned<Row> = Row & { readonly model: string; readonly version: string; readonly baseline?: string };

/**
 * Window profiles of many model versions by the start of the window (epoch seconds), in the order asked: three statements for those of one width that are
 * near in time, however many versions they are of.
 */
export async function readWindowsOf(
  database: Database,
  asked: readonly AskedSpan[],
): Promise<readonly ReadonlyMap<number, WindowProfile>[]> {
  const found: ReadonlyMap<number, WindowProfile>[] = asked.map(() => new Map());
  for (const places of nearInTime(asked)) {
    const spans = places.flatMap((place) => asked[place] ?? []);
    const read = await readNear(database, spans);
    places.forEach((place, i) => (found[place] = read[i] ?? new Map()));
  }
  return found;
}

async function readNear(
  database: Database,
  spans: readonly AskedSpan[],
): Promise<readonly ReadonlyMap<number, WindowProfile>[]> {
  const earliest = spans.reduce((time, { from }) => Math.min(time, from), Infinity);
  const latest = spans.reduce((time, { to }) => Math.max(time, to), 0);
  const params = {
    models: spans.map(({ model }) => model),
    versions: spans.map(({ version }) => version),
    baselines: spans.map(({ baseline }) => baseline ?? ''),
    width: (spans[0]?.widthMs ?? 0) / 1000,
    from: sqlSecond(new Date(earliest)),
    to: sqlSecond(new Date(latest)),
  };
  const options = { params, settings: MERGE_SETTINGS, timeoutMs: 120_000 };
  const byOwner = async <Row>(sql: string) =>
    groupBy(await database.query<Owned<Row>>(sql, options), ownerOf);
  const isPinned = spans.some(({ baseline }) => baseline !== null);
  const [features, performance, measures] = await Promise.all([
    isPinned ? byOwner<ProfileRow>(PROFILES) : null,
    byOwner<PerformanceRow>(PERFORMANCE),
    byOwner<MeasureRow>(MEASURES),
  ]);
  return spans.map((span) => {
    const isWithin = ({ bucket }: { readonly bucket: number }) =>
      1000 * bucket >= span.from && 1000 * bucket < span.to;
    const own = ownerOf({ ...span, baseline: span.baseline ?? '' });
    const ofVersion = performance.get(ownerOf({ model: span.model, version: span.version })) ?? [];
    const [ofFeatures, ofRules] = [features?.get(own) ?? [], measures.get(own) ?? []];
    return profilesByBucket(
      ofFeatures.filter(isWithin),
      ofVersion.filter(isWithin),
      ofRules.filter(isWithin),
    );
  });
}

function ownerOf({
  model,
  version,
  baseline = '',
}: {
  readonly model: string;
  readonly version: string;
  readonly baseline?: string;
}): string {
  return JSON.stringify([model, version, baseline]);
}

/** What is read beside what was asked may be as much again, and so many windows of each: a statement more costs the engine more than that. */
const MOST_READ_BESIDE = 12;

/** Places of spans of one width that are read together: those near in time. */
export function nearInTime(asked: readonly AskedSpan[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  const places = [...asked.keys()].sort((a, b) => (asked[a]?.from ?? 0) - (asked[b]?.from ?? 0));
  for (const alike of groupBy(places, (place) => asked[place]?.widthMs).values()) {
    let near = NOBODY;
    for (const place of alike) {
      const span = asked[place] as AskedSpan;
      const joined = withSpan(near, span);
      const isNear = near.members > 0 && isWorthIt(joined, span.widthMs);
      if (!isNear) groups.push([]);
      near = isNear ? joined : withSpan(NOBODY, span);
      groups.at(-1)?.push(place);
    }
  }
  return groups;
}

/** Spans that are read together: how many, from where to where, and how long they are by themselves; epoch ms. */
interface Near {
  readonly members: number;
  readonly from: number;
  readonly to: number;
  readonly own: number;
}

const NOBODY: Near = { members: 0, from: Infinity, to: -Infinity, own: 0 };

function withSpan({ members, from, to, own }: Near, span: AskedSpan): Near {
  const ends = { from: Math.min(from, span.from), to: Math.max(to, span.to) };
  return { members: members + 1, ...ends, own: own + span.to - span.from };
}

/** Of each member everything is read from the first start to the last end. */
function isWorthIt({ members, from, to, own }: Near, widthMs: number): boolean {
  return members * (to - from) <= 2 * own + members * MOST_READ_BESIDE * widthMs;
}

import {
  EDGE_LEVELS,
  type CategoricalBaseline,
  type FeatureBaseline,
  type NumericBaseline,
  type UnwatchedFeature,
} from '../domain/baseline.js';
import { storedFeatureName } from '../domain/feature-name.js';
import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import { OUTPUT, OUTPUT_NAMES } from '../domain/profile.js';
import type { RowSource } from '../constraints/row-source.js';
import type { Database } from '../store/database.js';
import { categoricalBaselineOf } from './categorical-baseline.js';

/** Quantiles of a sample this large are within 0.1 % of rank; sorting more costs memory and says nothing new. */
const SAMPLE_ROWS = 1_000_000;
/** Values that one statement sorts or counts: some hundred megabytes. */
const VALUES_READ_AT_ONCE = 10_000_000;

type Kind = FeatureBaseline['kind'];

interface Seen {
  readonly name: string;
  readonly numbers: number;
  readonly texts: number;
}

/** What the reference watches: edges and categories by name, and what it has but does not watch. */
export interface FittedFeatures {
  readonly features: Record<string, FeatureBaseline>;
  readonly unwatched: readonly UnwatchedFeature[];
}

/** Features by name, most frequent first; one that is only ever null is one too. */
async function seenFeatures(database: Database, { from, params }: RowSource): Promise<readonly Seen[]> {
  return database.query<Seen>(
    `SELECT toString(seen.1) AS name, countIf(seen.2 = 1) AS numbers, countIf(seen.2 = 2) AS texts
     FROM (SELECT arrayJoin(arrayConcat(arrayMap(k -> (toString(k), 1), mapKeys(num)), arrayMap(k -> (toString(k), 2), mapKeys(cat)),
             arrayMap(k -> (toString(k), 3), nulls))) AS seen
           FROM (SELECT num, cat, nulls ${from} LIMIT 100000))
     GROUP BY name ORDER BY countIf(seen.2 < 3) DESC, name LIMIT 100000`,
    { params, timeoutMs: 120_000 },
  );
}

/** What the model file says a feature is, else what nearly all of its values are. */
function kindOf(model: Model, { name, numbers, texts }: Seen): Kind {
  const declared = model.features[name]?.type;
  if (declared !== undefined) return declared === 'numeric' ? 'numeric' : 'categorical';
  return numbers >= texts ? 'numeric' : 'categorical';
}

/** Why a feature is not watched; null when it is. */
function reasonOf(model: Model, { name }: Seen, place: number): string | null {
  // rows stored before such names were told apart
  if (name === '' || OUTPUT_NAMES.includes(name))
    return `it is called like a series of ours: rows sent from now on have it as "${storedFeatureName(name)}"`;
  const { features: most } = model.limits;
  return place < most
    ? null
    : `a reference watches ${most} features, the most frequent ones: raise limits.features in the model file`;
}

interface Values {
  readonly source: RowSource;
  readonly names: readonly string[];
}

/** Pairs (name, value) of some features, one row a value. */
const pairsOf = (map: 'num' | 'cat', { from }: RowSource, sample: string): string =>
  `SELECT arrayJoin(arrayFilter(kv -> has({names:Array(String)}, kv.1), arrayMap((k, v) -> (toString(k), ${map === 'num' ? 'v' : 'toString(v)'}), mapKeys(${map}), mapValues(${map})))) AS kv ${from} AND ${sample}`;

interface Quantiles {
  readonly name: string;
  readonly edges: readonly number[];
  readonly marks: [number, number, number, number, number];
  readonly fractions: number;
  readonly largest: number;
}

const QUANTILES = (x: string): string =>
  `quantilesExact(${EDGE_LEVELS.join(', ')})(${x}) AS edges, quantilesExact(0.001, 0.25, 0.5, 0.75, 0.999)(${x}) AS marks, countIf(${x} != round(${x})) AS fractions, max(abs(${x})) AS largest`;

async function quantilesOf(
  database: Database,
  { source, names }: Values,
  sample: string,
): Promise<readonly Quantiles[]> {
  return database.query<Quantiles>(
    `SELECT kv.1 AS name, ${QUANTILES('kv.2')} FROM (${pairsOf('num', source, sample)}) GROUP BY name`,
    { params: { ...source.params, names }, timeoutMs: 300_000 },
  );
}

/** Squares of larger numbers, summed, are no number any more. */
const LARGEST = 1e150;
const TOO_LARGE = `it has values beyond ${LARGEST}: their squares cannot be summed; send it in another unit, or without what is no measurement`;

function numericBaseline({ edges, marks, fractions }: Quantiles): NumericBaseline {
  return {
    kind: 'numeric',
    edges: [...new Set(edges)],
    quantiles: marks,
    centre: marks[2],
    integer: fractions === 0,
  };
}

/** A feature that never had a value: what it will be is not known, only that it was not there. */
const NEVER_THERE: NumericBaseline = {
  kind: 'numeric',
  edges: [],
  quantiles: [0, 0, 0, 0, 0],
  centre: 0,
  integer: false,
};

interface Counted {
  readonly name: string;
  readonly value: string;
  readonly c: number;
}

async function countsOf(database: Database, { source, names }: Values): Promise<readonly Counted[]> {
  return database.query<Counted>(
    `SELECT kv.1 AS name, kv.2 AS value, count() AS c FROM (${pairsOf('cat', source, '1')})
     GROUP BY name, value ORDER BY name, c DESC, value LIMIT 10000 BY name`,
    { params: { ...source.params, names }, timeoutMs: 300_000 },
  );
}

function categoricalBaseline(
  counts: readonly Omit<Counted, 'name'>[],
  mostTail: number,
): CategoricalBaseline {
  const n = counts.reduce((sum, { c }) => sum + c, 0);
  return categoricalBaselineOf(counts, n, mostTail);
}

/** The model's own outputs that the reference has. */
async function outputBaselines(
  database: Database,
  model: Model,
  { from, params }: RowSource,
  sample: string,
): Promise<readonly (readonly [string, FeatureBaseline])[]> {
  const column = model.task === 'regression' ? 'value' : 'score';
  const [numbers] = await database.query<Quantiles & { readonly n: number }>(
    `SELECT '' AS name, ${QUANTILES(column)}, count() AS n ${from} AND NOT isNaN(${column}) AND ${sample}`,
    { params, timeoutMs: 300_000 },
  );
  const found: [string, FeatureBaseline][] = [];
  if (numbers && numbers.n > 0 && numbers.largest <= LARGEST && model.task !== 'multiclass')
    found.push([model.task === 'regression' ? OUTPUT.value : OUTPUT.score, numericBaseline(numbers)]);
  if (model.task === 'regression') return found;
  const labels = await database.query<Omit<Counted, 'name'>>(
    `SELECT toString(label) AS value, count() AS c ${from} AND label != '' GROUP BY value ORDER BY c DESC, value LIMIT 10000`,
    { params, timeoutMs: 300_000 },
  );
  return labels.length === 0
    ? found
    : [...found, [OUTPUT.label, categoricalBaseline(labels, model.limits.categories)]];
}

/** Freezes edges and categories of every feature and output that the reference holds, in name order. */
export async function fitFeatures(
  database: Database,
  model: Model,
  source: RowSource,
  rows: number,
): Promise<FittedFeatures> {
  const every = Math.max(1, Math.ceil(rows / SAMPLE_ROWS));
  const sample = every === 1 ? '1' : `cityHash64(prediction_id) % ${every} = 0`;
  const seen = await seenFeatures(database, source);
  const usable = seen.filter((one) => reasonOf(model, one, -1) === null);
  const judged = seen.map((one) => ({ ...one, reason: reasonOf(model, one, usable.indexOf(one)) }));
  const watched = judged.filter(({ reason }) => reason === null);
  const unwatched = judged.flatMap(({ name, reason }) => (reason === null ? [] : [{ name, reason }]));
  const huge: UnwatchedFeature[] = [];
  const fitted = new Map<string, FeatureBaseline>(await outputBaselines(database, model, source, sample));
  for (const names of groups(watched, rows)) {
    const of = (kind: Kind) => names.filter((one) => kindOf(model, one) === kind).map(({ name }) => name);
    for (const one of await quantilesOf(database, { source, names: of('numeric') }, sample))
      if (one.largest <= LARGEST) fitted.set(one.name, numericBaseline(one));
      else huge.push({ name: one.name, reason: TOO_LARGE });
    const words = of('categorical');
    const counts = groupBy(await countsOf(database, { source, names: words }), ({ name }) => name);
    for (const name of words)
      fitted.set(name, categoricalBaseline(counts.get(name) ?? [], model.limits.categories));
  }
  const isHuge = new Set(huge.map(({ name }) => name));
  for (const { name } of watched) if (!fitted.has(name) && !isHuge.has(name)) fitted.set(name, NEVER_THERE);
  const sorted = [...fitted].sort(([a], [b]) => (a < b ? -1 : 1));
  return { features: Object.fromEntries(sorted), unwatched: [...unwatched, ...huge] };
}

/** So many features at once that their values stay within bounds. */
function groups(seen: readonly Seen[], rows: number): readonly (readonly Seen[])[] {
  const size = Math.max(1, Math.floor(VALUES_READ_AT_ONCE / Math.min(rows, SAMPLE_ROWS)));
  const count = Math.ceil(seen.length / size);
  return Array.from({ length: count }, (_, i) => seen.slice(i * size, (i + 1) * size));
}

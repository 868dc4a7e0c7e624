import type { Baseline, FeatureBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import { keysOf } from '../domain/segment-keys.js';
import { ABSENT, RARE, type LossSums, type SlicePart, type SliceSums } from '../domain/weak-slice.js';
import { numberText } from '../domain/wording.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { answeredRows, IN_SPAN, SPAN } from './own-rows.js';
import { labelledPredictions } from './performance-sql.js';
import { wrongness } from '../constraints/judgement.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import { segmentValue } from '../constraints/segment-sql.js';

/** Attributes of a row that slices are made of; of more, those of the greatest importance. */
const MOST_ATTRIBUTES = 20;
/** Rows that are read; of more, one in so many by a hash. Pairs are many to a row. */
const MOST_SLICED = 100_000;
const MOST_PAIRED = 20_000;
/** Conditions on a number: the outer edges of a reference hold too few rows. */
const MOST_EDGES = 9;
/** Keys of `segment` that are looked at, and the days in which. */
const MOST_SEGMENT_KEYS = 20;
const RECENT_DAYS = 7;
/** Groups that one search may find. */
const MOST_SLICES = 20_000;

/** A stretch that is cut into the period that is searched and the one that confirms. */
export interface SlicedSpan {
  readonly version: string;
  readonly from: Date;
  readonly middle: Date;
  readonly to: Date;
}

interface Attribute {
  readonly name: string;
  /** What a row says of it, as SQL: text. */
  readonly value: string;
  /** That text in words. */
  readonly word: (value: string) => string;
}

interface Row {
  readonly late: number;
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

const NOTHING: LossSums = { n: 0, sum: 0, squares: 0 };

/** Losses of every slice with enough rows, and of all rows together (without parts). Three statements, two of them over the rows of the stretch. */
export async function readSlices(
  database: Database,
  { model, baseline }: { readonly model: Model; readonly baseline: Baseline },
  { version, from, middle, to }: SlicedSpan,
  { pairs, least }: { readonly pairs: boolean; readonly least: number },
): Promise<readonly SliceSums[]> {
  const keys = await readSegmentKeys(database, model);
  const attributes = attributesOf(model, baseline, keys);
  const bounds = { from: sqlMillisecond(from), to: sqlMillisecond(to), middle: sqlMillisecond(middle) };
  const params = { model: model.key, version, ...bounds };
  const where = `version = {version:String} AND ${answeredRows(model, SPAN)} AND ${IN_SPAN}`;
  const [counted] = await database.query<{ rows: number }>(
    `SELECT count() AS rows FROM predictions WHERE model = {model:String} AND ${where}`,
    { params, timeoutMs: 60_000 },
  );
  const every = Math.max(1, Math.ceil((counted?.rows ?? 0) / (pairs ? MOST_PAIRED : MOST_SLICED)));
  const sql = slicesSql(model, attributes, {
    where: `${where} AND cityHash64(prediction_id) % ${every} = 0`,
    pairs,
  });
  const rows = await database.query<Row>(sql, { params: { ...params, least }, timeoutMs: 120_000 });
  return slicesOf(attributes, rows);
}

/** Keys of `segment` that rows of a model have had in its newest days with rows, the first by name. */
export async function readSegmentKeys(database: Database, { key }: Model): Promise<readonly string[]> {
  const [row] = await database.query<{ keys: readonly string[] }>(
    `SELECT arraySort(groupUniqArrayArray(${MOST_SEGMENT_KEYS})(mapKeys(segment))) AS keys FROM predictions
     WHERE model = {model:String} AND ts >= (SELECT max(ts) FROM predictions WHERE model = {model:String}) - INTERVAL ${RECENT_DAYS} DAY`,
    { params: { model: key }, timeoutMs: 60_000 },
  );
  return row?.keys ?? [];
}

function slicesOf(attributes: readonly Attribute[], rows: readonly Row[]): readonly SliceSums[] {
  const byName = new Map(attributes.map((one) => [one.name, one]));
  const slices = new Map<string, SliceSums>();
  for (const { late, names, values, n, sum, squares } of rows) {
    const key = JSON.stringify([names, values]);
    const parts = names.map((attribute, i): SlicePart => {
      const value = values[i] ?? '';
      return { attribute, value: value === '' ? ABSENT : (byName.get(attribute)?.word(value) ?? value) };
    });
    const known = slices.get(key) ?? { parts, searched: NOTHING, after: NOTHING };
    slices.set(key, { ...known, [late === 1 ? 'after' : 'searched']: { n, sum, squares } });
  }
  return [...slices.values()];
}

function attributesOf(
  model: Model,
  { features }: Baseline,
  segmentKeys: readonly string[],
): readonly Attribute[] {
  const importance = (name: string) => model.features[name]?.importance ?? 0;
  const own = Object.entries(features)
    .filter(([name]) => !OUTPUT_NAMES.includes(name))
    .sort(([a], [b]) => importance(b) - importance(a) || (a < b ? -1 : 1));
  const keys = [...new Set([...model.segments.flatMap(keysOf), ...segmentKeys])]
    .filter((name) => !(name in features))
    .map((name): Attribute => ({ name, value: segmentValue(name), word: (value) => value }));
  return [...keys, ...own.map(([name, feature]) => attributeOf(name, feature))].slice(0, MOST_ATTRIBUTES);
}

function attributeOf(name: string, feature: FeatureBaseline): Attribute {
  if (feature.kind === 'categorical') {
    const known = `[${feature.categories.map(literal).join(', ')}]`;
    const value = `if(has(CAST(${known}, 'Array(String)'), toString(cat[${literal(name)}])), toString(cat[${literal(name)}]), if(mapContains(cat, ${literal(name)}), ${literal(RARE)}, ''))`;
    return { name, value, word: (found) => found };
  }
  const { edges } = feature;
  const skipped = Math.max(0, Math.floor((edges.length - MOST_EDGES) / 2));
  const inner = edges.slice(skipped, skipped + MOST_EDGES);
  const at = `num[${literal(name)}]`;
  const bin = `toString(arrayCount(e -> ${at} > e, CAST([${inner.map(numberLiteral).join(', ')}], 'Array(Float64)')))`;
  const value = `if(mapContains(num, ${literal(name)}), ${bin}, '')`;
  return { name, value, word: (found) => rangeText(inner, Number(found)) };
}

/** `x <= 12`, `12 < x <= 30`, `x > 30`. */
function rangeText(edges: readonly number[], bin: number): string {
  const [above, upTo] = [edges[bin - 1], edges[bin]];
  if (above === undefined) return upTo === undefined ? 'any' : `x <= ${numberText(upTo)}`;
  return upTo === undefined ? `x > ${numberText(above)}` : `${numberText(above)} < x <= ${numberText(upTo)}`;
}

function slicesSql(
  model: Model,
  attributes: readonly Attribute[],
  { where, pairs }: { readonly where: string; readonly pairs: boolean },
): string {
  const names = `CAST([${attributes.map(({ name }) => literal(name)).join(', ')}], 'Array(String)')`;
  const values = `CAST([${attributes.map(({ value }) => value).join(', ')}], 'Array(String)')`;
  const one = 'arrayMap(i -> [i], range(1, toUInt32(length(names)) + 1))';
  const two = 'arrayFlatten(arrayMap(i -> arrayMap(j -> (i, j), range(i + 1, toUInt32(length(names)) + 1)), range(1, toUInt32(length(names)) + 1)))';
  const places = pairs ? `arrayConcat([CAST([], 'Array(UInt32)')], ${one}, arrayMap(p -> [p.1, p.2], ${two}))` : `arrayConcat([CAST([], 'Array(UInt32)')], ${one})`;
  return `SELECT late, arrayMap(i -> names[i], place) AS names, arrayMap(i -> values[i], place) AS values, count() AS n, sum(loss) AS sum, sum(loss * loss) AS squares
    FROM (
      SELECT ts >= {middle:DateTime64(3)} AS late, ${wrongness(model)} AS loss, ${names} AS names, ${values} AS values, arrayJoin(${places}) AS place
      ${labelledPredictions('prediction_id, ts, label, score, value, scores, status, segment, num, cat', where)} WHERE labelled
    ) WHERE isFinite(loss)
    GROUP BY late, names, values HAVING n >= {least:UInt32} ORDER BY n DESC LIMIT ${MOST_SLICES}`;
} // prettier-ignore

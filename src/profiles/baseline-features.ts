import {
  EDGE_LEVELS,
  OPEN_DOMAIN,
  type CategoricalBaseline,
  type FeatureBaseline,
  type NumericBaseline,
} from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { OUTPUT } from '../domain/profile.js';
import type { Database, QueryOptions } from '../store/database.js';
import { literal } from './profile-sql.js';

/** Rows of the shape of `predictions`: a FROM clause with its WHERE, and the parameters it binds. */
export interface RowSource {
  readonly from: string;
  readonly params: NonNullable<QueryOptions['params']>;
}

/** A feature wider than this is most likely an identifier that lost its way. */
const MOST_FEATURES = 300;
const MOST_CATEGORIES = 30;
const MOST_TAIL = 1000;
const LEAST_SHARE = 0.005;
/** Quantiles of a sample this large are within 0.1 % of rank; sorting more costs memory and says nothing new. */
const SAMPLE_ROWS = 1_000_000;

interface Seen {
  readonly name: string;
  readonly numbers: number;
  readonly texts: number;
}

/** Which features the reference has, and of which type: what the model file says, else what nearly all values are. */
async function kindsOf(
  database: Database,
  model: Model,
  source: RowSource,
): Promise<Map<string, FeatureBaseline['kind']>> {
  const seen = await database.query<Seen>(
    `SELECT toString(seen.1) AS name, countIf(seen.2 = 1) AS numbers, countIf(seen.2 = 2) AS texts
     FROM (SELECT arrayJoin(arrayConcat(arrayMap(k -> (toString(k), 1), mapKeys(num)), arrayMap(k -> (toString(k), 2), mapKeys(cat)))) AS seen
           FROM (SELECT num, cat ${source.from} LIMIT 100000))
     GROUP BY name ORDER BY count() DESC, name LIMIT ${MOST_FEATURES}`,
    { params: source.params, timeoutMs: 120_000 },
  );
  const kinds = new Map<string, FeatureBaseline['kind']>();
  for (const { name, numbers, texts } of seen) {
    const declared = model.features[name]?.type;
    const inferred = numbers >= texts ? 'numeric' : 'categorical';
    kinds.set(name, declared === undefined ? inferred : declared === 'numeric' ? 'numeric' : 'categorical');
  }
  return kinds;
}

interface Quantiles {
  readonly edges: readonly number[];
  readonly marks: [number, number, number, number, number];
  readonly fractions: number;
  readonly n: number;
}

async function numericBaseline(
  database: Database,
  expression: Expression,
  source: RowSource,
  sample: string,
): Promise<NumericBaseline | null> {
  const { value, present } = expression;
  const [row] = await database.query<Quantiles>(
    `SELECT quantilesExact(${EDGE_LEVELS.join(', ')})(x) AS edges, quantilesExact(0.001, 0.25, 0.5, 0.75, 0.999)(x) AS marks,
       countIf(x != round(x)) AS fractions, count() AS n
     FROM (SELECT ${value} AS x ${source.from} AND ${present} AND ${sample})`,
    { params: source.params, timeoutMs: 300_000 },
  );
  if (!row || row.n === 0) return null;
  return {
    kind: 'numeric',
    edges: [...new Set(row.edges)],
    quantiles: row.marks,
    centre: row.marks[2],
    integer: row.fractions === 0,
  };
}

interface Expression {
  readonly value: string;
  readonly present: string;
}

function expressionOf(name: string, kind: FeatureBaseline['kind']): Expression {
  if (name === OUTPUT.score) return { value: 'score', present: 'NOT isNaN(score)' };
  if (name === OUTPUT.value) return { value: 'value', present: 'NOT isNaN(value)' };
  if (name === OUTPUT.label) return { value: 'toString(label)', present: "label != ''" };
  const map = kind === 'numeric' ? 'num' : 'cat';
  return { value: `${map}[${literal(name)}]`, present: `mapContains(${map}, ${literal(name)})` };
}

interface Counted {
  readonly value: string;
  readonly c: number;
}

async function categoricalBaseline(
  database: Database,
  expression: Expression,
  source: RowSource,
): Promise<CategoricalBaseline | null> {
  const counts = await database.query<Counted>(
    `SELECT toString(${expression.value}) AS value, count() AS c ${source.from} AND ${expression.present}
     GROUP BY value ORDER BY c DESC, value LIMIT 10000`,
    { params: source.params, timeoutMs: 300_000 },
  );
  const n = counts.reduce((sum, { c }) => sum + c, 0);
  if (n === 0) return null;
  const categories = counts
    .filter(({ c }, i) => i < MOST_CATEGORIES && c / n >= LEAST_SHARE)
    .map(({ value }) => value);
  const unseenMass = counts.filter(({ c }) => c === 1).length / n;
  const rest = unseenMass < OPEN_DOMAIN ? counts.slice(categories.length, categories.length + MOST_TAIL) : [];
  return { kind: 'categorical', categories, tail: rest.map(({ value }) => value), unseenMass };
}

/** Outputs a task can have, and of which kind they are. */
const OUTPUTS: Readonly<Record<Model['task'], readonly (readonly [string, FeatureBaseline['kind']])[]>> = {
  binary: [
    [OUTPUT.score, 'numeric'],
    [OUTPUT.label, 'categorical'],
  ],
  multiclass: [[OUTPUT.label, 'categorical']],
  regression: [[OUTPUT.value, 'numeric']],
};

/** Freezes edges and categories of every feature and output that the reference holds, in name order. */
export async function fitFeatures(
  database: Database,
  model: Model,
  source: RowSource,
  rows: number,
): Promise<Record<string, FeatureBaseline>> {
  const every = Math.max(1, Math.ceil(rows / SAMPLE_ROWS));
  const sample = every === 1 ? '1' : `cityHash64(prediction_id) % ${every} = 0`;
  const kinds = [...(await kindsOf(database, model, source)), ...OUTPUTS[model.task]];
  const fitted: [string, FeatureBaseline][] = [];
  for (const [name, kind] of kinds) {
    const expression = expressionOf(name, kind);
    const baseline =
      kind === 'numeric'
        ? await numericBaseline(database, expression, source, sample)
        : await categoricalBaseline(database, expression, source);
    if (baseline) fitted.push([name, baseline]);
  }
  fitted.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fitted);
}

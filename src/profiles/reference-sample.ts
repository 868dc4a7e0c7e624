import { setImmediate as turn } from 'node:timers/promises';
import { OUTPUT_NAMES } from '../domain/profile.js';
import type { ReferenceSample } from '../constraints/reference-sample.js';
import type { Database } from '../store/database.js';
import type { RowSource } from '../constraints/row-source.js';
import type { FeatureBaselines } from '../domain/baseline.js';
import { literal } from '../store/sql-text.js';

const MOST_SAMPLED_ROWS = 50_000;
export const MOST_SAMPLED = 200;
/** Columns read at once: a wide model must not become one answer of a gigabyte. */
const COLUMNS_AT_ONCE = 25;

interface SampledRow {
  readonly n: readonly (number | null)[];
  readonly c: readonly (string | null)[];
}

/**
 * At most 50 000 rows of a reference with the values of at most 200 features, chosen and ordered by a hash of their ids: the same
 * reference always gives the same sample, and neighbours in it are not neighbours in time.
 */
export async function sampleReference(
  database: Database,
  features: FeatureBaselines,
  { source, rows }: { readonly source: RowSource; readonly rows: number },
): Promise<ReferenceSample> {
  const names = Object.keys(features)
    .filter((name) => !OUTPUT_NAMES.includes(name))
    .slice(0, MOST_SAMPLED);
  const every = Math.max(1, Math.floor(rows / MOST_SAMPLED_ROWS));
  const place = 'cityHash64(prediction_id)';
  const sample = `SELECT num, cat ${source.from} AND ${place} % ${every} = 0 ORDER BY ${place}, prediction_id LIMIT ${MOST_SAMPLED_ROWS}`;
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, readonly (string | null)[]>();
  let length = 0;
  for (let start = 0; start < names.length; start += COLUMNS_AT_ONCE) {
    const chunk = names.slice(start, start + COLUMNS_AT_ONCE);
    const numeric = chunk.filter((name) => features[name]?.kind === 'numeric');
    const categorical = chunk.filter((name) => features[name]?.kind === 'categorical');
    const found = await database.query<SampledRow>(
      `SELECT ${arrayOf(numeric, numberOf, 'Array(Float64)')} AS n, ${arrayOf(categorical, textOf, 'Array(Nullable(String))')} AS c FROM (${sample})`,
      { params: source.params, timeoutMs: 300_000 },
    );
    length = found.length;
    for (const [i, name] of numeric.entries()) {
      await turn();
      numbers.set(
        name,
        Float64Array.from(found, (row) => row.n[i] ?? NaN),
      );
    }
    for (const [i, name] of categorical.entries()) {
      await turn();
      texts.set(
        name,
        found.map((row) => row.c[i] ?? null),
      );
    }
  }
  return { rows: length, numbers, texts };
}

const numberOf = (key: string) => `if(mapContains(num, ${key}), num[${key}], nan)`;
const textOf = (key: string) => `if(mapContains(cat, ${key}), toString(cat[${key}]), NULL)`;

function arrayOf(names: readonly string[], value: (key: string) => string, type: string): string {
  return `CAST([${names.map((name) => value(literal(name))).join(', ')}], ${literal(type)})`;
}

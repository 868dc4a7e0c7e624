import { type Column, CORRELATIONS } from '../domain/multivariate-rule.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { correlationComponent, pearson } from '../stats/correlation-component.js';
import { principalComponents } from '../stats/principal-components.js';
import { NOTHING, type Mined, type MiningGround } from './mining-ground.js';
import { encode, frozen, MOST_COLUMNS, type Encoded } from './standard-columns.js';

/** Rows of an average window that are enough to tell how features go together. */
const ROWS_PER_WINDOW = 500;
/** A correlation of fewer rows is not worth freezing. */
const LEAST_PAIRS = 200;
/** Share of the variance that the directions kept hold, as near as they stand out from the rest. */
const HELD = 0.65;

type Turn = MiningGround['turn'];

/**
 * What the features of a reference do together: their strongest correlations and their principal directions. Fifty thousand rows of sixty columns
 * take a second or two; between two columns others have their turn.
 */
export async function mineMultivariate({
  sample,
  features,
  rowsPerWindow,
  turn,
}: Pick<MiningGround, 'sample' | 'features' | 'rowsPerWindow' | 'turn'>): Promise<Mined> {
  if (!sample) return NOTHING;
  const every = Math.max(1, Math.floor(rowsPerWindow / ROWS_PER_WINDOW));
  const encoded = (await encode(sample, features, turn)).slice(0, MOST_COLUMNS);
  if (encoded.length < 2) return NOTHING;
  const found = [...(await correlations(encoded, turn)), ...(await components(encoded, turn))];
  return { rules: found.map((rule) => ({ ...rule, every })) };
}

async function correlations(
  encoded: readonly Encoded[],
  turn: Turn,
): Promise<Omit<ConstraintOf<'correlation'>, 'every'>[]> {
  const numeric = encoded.filter(({ column }) => column.kind === 'numeric');
  const pairs: { readonly a: Column; readonly b: Column; readonly r: number }[] = [];
  for (const [i, a] of numeric.entries()) {
    await turn();
    for (const b of numeric.slice(i + 1)) {
      const sums = sumsOf(a.z, b.z);
      const r = sums.n >= LEAST_PAIRS ? pearson(sums) : null;
      if (r !== null && correlationComponent(sums) !== null) pairs.push({ a: a.column, b: b.column, r });
    }
  }
  return pairs
    .toSorted((p, q) => Math.abs(q.r) - Math.abs(p.r))
    .slice(0, CORRELATIONS)
    .map(({ a, b }) => {
      const statistic = `correlation:${a.feature}~${b.feature}`;
      return { rule: 'correlation', name: statistic, check: 'multivariate', feature: null, statistic, a, b };
    });
}

function sumsOf(x: Float64Array, y: Float64Array) {
  const sums = { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
  for (let r = 0; r < x.length; r += 1) {
    const [a, b] = [x[r] ?? NaN, y[r] ?? NaN];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    sums.n += 1;
    sums.sumX += a;
    sums.sumY += b;
    sums.sumXX += a * a;
    sums.sumYY += b * b;
    sums.sumXY += a * b;
  }
  return sums;
}

/** Correlations of columns without gaps, each pair computed once. */
async function correlationMatrix(columns: readonly Float64Array[], turn: Turn): Promise<number[][]> {
  const matrix: number[][] = [];
  for (const [i, x] of columns.entries()) {
    await turn();
    const later = columns.slice(i + 1).map((y) => pearson(sumsOf(x, y)) ?? 0);
    matrix.push([...matrix.map((row) => row[i] ?? 0), 1, ...later]);
  }
  return matrix;
}

/** Residual and T² of the directions that hold about 65 % of the variance; no residual where nothing is left beside them. */
async function components(
  encoded: readonly Encoded[],
  turn: Turn,
): Promise<Omit<ConstraintOf<'component'>, 'every'>[]> {
  const filled = encoded.map(({ z }) => z.map((x) => (Number.isNaN(x) ? 0 : x)));
  const matrix = await correlationMatrix(filled, turn);
  const rows = filled[0]?.length ?? 0;
  const { variances, directions } = principalComponents(matrix, HELD, rows);
  const shared = {
    rule: 'component' as const,
    check: 'multivariate' as const,
    feature: null,
    columns: encoded.map(({ column }) => column),
    variances: variances.map(frozen),
    directions: directions.map((direction) => direction.map(frozen)),
  };
  const hotelling = {
    ...shared,
    name: 'hotelling_t2',
    statistic: 'hotelling_t2',
    part: 'hotelling' as const,
  };
  if (directions.length === encoded.length) return [hotelling];
  const name = 'reconstruction_error';
  return [{ ...shared, name, statistic: name, part: 'residual' }, hotelling];
}

import type { ConstraintOf } from '../domain/constraint.js';
import { percentText } from '../domain/wording.js';
import { literal } from '../store/sql-text.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { meanOf } from './mean-text.js';
import type { MiningGround } from './mining-ground.js';
import { plus } from './rate.js';
import type { RowColumns } from './row-columns.js';

/** Of a share of the attributions: a hundredth. */
const SHARE = { unit: 'scale', size: 0.01 } as const;

/** The part of a row's attributions that one feature has, as a mean over the rows that carry any. */
export const ATTRIBUTION: ConstraintKind<ConstraintOf<'attribution'>> = {
  mine: async (ground) => ({ rules: await mineAttributions(ground) }),
  onRows: { kind: 'mean', sql: attributionSql, tally: attributionTally },
  carried: () => 'attributions',
  watched: () => ({ family: 'feature', unit: 'attributions', weight: 1, signs: [1, -1], relevance: SHARE }),
  explain({ of }, { value, before }) {
    const mean = meanOf(before);
    const usual = mean === null ? 'unknown' : percentText(mean);
    return `${of} carries ${percentText(value)} of the attributions, ${usual} in the reference`;
  },
};

function attributionSql({ of }: ConstraintOf<'attribution'>, columns: RowColumns): readonly string[] {
  const whole = columns.of('arraySum(x -> abs(x), mapValues(attributions))');
  const share = columns.of(`if(${whole} > 0, abs(attributions[${literal(of)}]) / ${whole}, 0.)`);
  return [`countIf(${whole} > 0)`, `sum(${share})`, `sum(${share} * ${share})`];
}

function attributionTally({ of }: ConstraintOf<'attribution'>): Add {
  return ({ block }, rows, sums) => {
    for (const row of rows) {
      const carried = block.attributions[row] ?? {};
      const whole = Object.values(carried).reduce<number>((sum, x) => sum + Math.abs(x ?? NaN), 0);
      const share = whole > 0 ? Math.abs(of in carried ? (carried[of] ?? NaN) : 0) / whole : 0;
      [Number(whole > 0), share, share * share].forEach((each, i) => plus(sums, i, each));
    }
  };
}

/** Features whose part of the attributions is watched, the largest first. */
export const MOST_ATTRIBUTED = 50;
/** Rows with attributions below which the reference says nothing about them. */
const LEAST_ATTRIBUTED_ROWS = 1000;

/** The features among which a reference's attributions are shared. */
async function mineAttributions({ database, source }: MiningGround): Promise<ConstraintOf<'attribution'>[]> {
  const found = await database.query<{ name: string; n: number }>(
    `SELECT toString(name) AS name, count() AS n, sum(abs(phi)) AS weight
     FROM (SELECT attributions ${source.from} AND notEmpty(attributions) LIMIT 100000)
     ARRAY JOIN mapKeys(attributions) AS name, mapValues(attributions) AS phi
     GROUP BY name HAVING n >= ${LEAST_ATTRIBUTED_ROWS} ORDER BY weight DESC, name LIMIT ${MOST_ATTRIBUTED}`,
    { params: source.params, timeoutMs: 120_000 },
  );
  return found.map(({ name }) => ({
    rule: 'attribution',
    name: `attribution:${name}`,
    check: 'attribution_drift',
    feature: name,
    statistic: 'share',
    of: name,
  }));
}

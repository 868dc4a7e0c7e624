import type { Rule } from '../domain/measure.js';
import type { Database } from '../store/database.js';
import type { RowSource } from './baseline-features.js';

/** Features whose part of the attributions is watched, the largest first. */
export const MOST_ATTRIBUTED = 50;
/** Rows with attributions below which the reference says nothing about them. */
const LEAST_ATTRIBUTED_ROWS = 1000;

/** The features among which a reference's attributions are shared. */
export async function mineAttributions(database: Database, source: RowSource): Promise<Rule[]> {
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

import type { Rule } from '../domain/measure.js';
import type { Database } from '../store/database.js';
import type { RowSource } from './baseline-features.js';
import { mineOrder } from './mine-order.js';
import { LEAST_MINED_ROWS, type MinedRule } from './mined-rule.js';
import type { FeatureBaselines } from './profile-sql.js';
import { sampleReference } from './reference-sample.js';

/** Every rule costs a series and a sum a minute: the most telling ones are kept. */
const MOST_PAIR_RULES = 50;

/** A reference whose features are frozen already. */
export interface MiningGround {
  readonly features: FeatureBaselines;
  readonly source: RowSource;
  readonly rows: number;
  /** Its rows have event times. */
  readonly timed: boolean;
}

/** What the rows of a reference have in common beyond the distributions of their features; nothing below 1000 rows. */
export async function mineRules(database: Database, ground: MiningGround): Promise<Rule[]> {
  if (ground.rows < LEAST_MINED_ROWS) return [];
  const sample = await sampleReference(database, ground.features, ground);
  return mostTelling(mineOrder(sample, [...sample.numbers.keys()]));
}

function mostTelling(mined: readonly MinedRule[]): Rule[] {
  return mined
    .toSorted((a, b) => b.information - a.information || (a.rule.name < b.rule.name ? -1 : 1))
    .slice(0, MOST_PAIR_RULES)
    .map(({ rule }) => rule);
}

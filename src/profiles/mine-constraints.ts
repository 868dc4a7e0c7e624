import { setImmediate } from 'node:timers/promises';
import { ALL_KINDS } from '../constraints/catalogue.js';
import { rowsDiffer } from '../constraints/copies.js';
import { LEAST_MINED_ROWS, type MinedRule } from '../constraints/mined-rule.js';
import type { MiningGround } from '../constraints/mining-ground.js';
import type { ReferenceSample } from '../constraints/reference-sample.js';
import type { Constraint } from '../domain/constraint.js';
import type { Database } from '../store/database.js';
import { sampleReference } from './reference-sample.js';

/** Every constraint costs a series and a sum a minute: the most telling relations are kept. */
export const MOST_RELATIONS = 50;

/** A reference whose features are frozen already. */
export type MinedReference = Omit<MiningGround, 'database' | 'differ' | 'sample' | 'turn'>;

/** What the rows of a reference have in common beyond the distributions of their features, and what a person should know of that. */
export interface Learnt {
  readonly rules: readonly Constraint[];
  readonly remarks: readonly string[];
}

/** Learns every kind of constraint; relations between features, formats and what features do together from 1000 rows on. */
export async function mineConstraints(database: Database, reference: MinedReference): Promise<Learnt> {
  const isLarge = reference.rows >= LEAST_MINED_ROWS;
  const sample = isLarge ? await sampleReference(database, reference.features, reference) : null;
  const differ =
    isLarge && reference.timed
      ? await rowsDiffer({ database, ...reference })
      : { inMinute: false, inWindow: false };
  const ground: MiningGround = { database, ...reference, sample, differ, turn };
  const rules = sample ? await mineRelations(sample) : [];
  const remarks: string[] = [];
  for (const kind of ALL_KINDS) {
    const mined = await kind.mine?.(ground, rules);
    rules.push(...(mined?.rules ?? []));
    remarks.push(...(mined?.remarks ?? []));
  }
  return { rules, remarks };
}

/** At most fifty relations between features. */
export async function mineRelations(sample: ReferenceSample): Promise<Constraint[]> {
  const found: MinedRule[] = [];
  for (const kind of ALL_KINDS) {
    if (!kind.relate) continue;
    const before = found.map(({ rule }) => rule);
    await turn();
    found.push(...(await kind.relate(sample, before, turn)));
  }
  return found
    .toSorted((a, b) => b.information - a.information || (a.rule.name < b.rule.name ? -1 : 1))
    .slice(0, MOST_RELATIONS)
    .map(({ rule }) => rule);
}

/** Two hundred columns take seconds: the service goes on answering between. */
async function turn(): Promise<void> {
  await setImmediate();
}

import { setImmediate } from 'node:timers/promises';
import type { Rule } from '../domain/measure.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import type { RowSource } from './baseline-features.js';
import { mineArrivals } from './mine-arrivals.js';
import { distinctRule, mineUnique, mineWhole, REPEATS } from './mine-columns.js';
import { mineDetermines } from './mine-determines.js';
import { mineFormats } from './mine-formats.js';
import { mineMultivariate } from './mine-multivariate.js';
import { mineOrder } from './mine-order.js';
import { mineTogether } from './mine-together.js';
import { mineEqual, mineSums } from './mine-total.js';
import { LEAST_MINED_ROWS, type MinedRule } from './mined-rule.js';
import type { FeatureBaselines } from './profile-sql.js';
import { sampleReference, type ReferenceSample } from './reference-sample.js';

/** Every rule costs a series and a sum a minute: the most telling ones are kept. */
export const MOST_PAIR_RULES = 50;
/** Where more rows than this are copies by nature, their share says how many rows there were and nothing else. */
const MOST_COPIES = 0.05;

/** A reference whose features are frozen already. */
export interface MiningGround {
  readonly features: FeatureBaselines;
  readonly source: RowSource;
  readonly rows: number;
  /** Rows of an average window. */
  readonly rowsPerWindow: number;
  readonly windowSeconds: number;
  /** Its rows have event times. */
  readonly timed: boolean;
}

/** What the rows of a reference have in common beyond the distributions of their features; nothing below 1000 rows. */
export async function mineRules(database: Database, ground: MiningGround): Promise<Rule[]> {
  if (ground.rows < LEAST_MINED_ROWS) return [];
  const sample = await sampleReference(database, ground.features, ground);
  const arrives = ground.timed ? await mineArrivals(database, ground.source) : null;
  const copies = ground.timed ? await findCopies(database, ground) : [];
  return [
    ...(await minePairs(sample)),
    ...mineFormats(sample),
    ...mineWhole(ground.features),
    ...(ground.timed ? mineUnique(sample) : []),
    ...copies,
    ...(arrives ? [arrives] : []),
    ...(await mineMultivariate(sample, ground)),
  ];
}

/** At most fifty relations between features; what an equality or a sum says already is not said again by an order. */
export async function minePairs(sample: ReferenceSample): Promise<Rule[]> {
  const numeric = [...sample.numbers.keys()];
  const equal = mineEqual(sample, numeric);
  const copies = new Set(equal.flatMap(({ rule }) => (rule.rule === 'total' ? rule.terms : [])));
  const originals = numeric.filter((name) => !copies.has(name));
  const found = [...equal];
  // Two hundred columns take seconds: the service goes on answering between the families.
  await setImmediate();
  const sums = mineSums(sample, originals);
  const summed = sums.flatMap(({ rule }) => (rule.rule === 'total' ? [[rule.a, ...rule.terms]] : []));
  const isSaid = ({ rule }: MinedRule) =>
    rule.rule === 'order' && summed.some((names) => names.includes(rule.a) && names.includes(rule.b));
  for (const mine of [mineDetermines, mineTogether]) {
    await setImmediate();
    found.push(...mine(sample));
  }
  await setImmediate();
  const orders = mineOrder(sample, originals).filter((mined) => !isSaid(mined));
  return mostTelling([...found, ...sums, ...orders]);
}

function mostTelling(mined: readonly MinedRule[]): Rule[] {
  return mined
    .toSorted((a, b) => b.information - a.information || (a.rule.name < b.rule.name ? -1 : 1))
    .slice(0, MOST_PAIR_RULES)
    .map(({ rule }) => rule);
}

/** Whether nearly every row of the reference differs from the others of its minute, and of its window. */
async function findCopies(
  database: Database,
  { features, source, windowSeconds }: MiningGround,
): Promise<Rule[]> {
  if (Object.keys(features).every((name) => OUTPUT_NAMES.includes(name))) return [];
  const content = 'cityHash64(num, cat, nulls)';
  const [found] = await database.query<{ rows: number; minutes: number; windows: number }>(
    `SELECT count() AS rows, uniqExact((toStartOfMinute(ts), ${content})) AS minutes,
       uniqExact((intDiv(toUnixTimestamp(ts), ${windowSeconds}), ${content})) AS windows ${source.from}`,
    { params: source.params, timeoutMs: 300_000 },
  );
  const differ = (different: number) =>
    found !== undefined && found.rows - different <= MOST_COPIES * found.rows;
  return [
    ...(differ(found?.minutes ?? 0) ? [distinctRule(null)] : []),
    // A window of a minute has nothing beyond its minute.
    ...(windowSeconds > 60 && differ(found?.windows ?? 0) ? [REPEATS] : []),
  ];
}

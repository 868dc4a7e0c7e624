import type { ConstraintOf } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { BaselineRepository } from '../profiles/baseline.repository.js';
import { readClassifierRows } from '../profiles/classifier-rows.js';
import type { Classifiers } from '../profiles/classifiers.js';
import { declaredRows } from '../profiles/declared-types.js';
import { literal } from '../store/sql-text.js';
import type { Database } from '../store/database.js';
import { purge } from '../store/purge.js';

export interface SampleParts {
  readonly database: Database;
  readonly baselines: BaselineRepository;
  readonly classifiers: Classifiers;
}

/** A sample holds fewer rows than this in all. */
const MOST = 1_000_000;

interface SampleRow {
  readonly place: number;
  readonly start: number;
  readonly numbers: readonly (number | null)[];
}

/**
 * Takes the rows of a person out of the frozen samples of a model's references: rows of numbers without a name, known by their window and by being
 * the same. The person's predictions must still be there. Answers how many went.
 */
export async function eraseSamples(parts: SampleParts, model: Model, subject: string): Promise<number> {
  const sql =
    'SELECT DISTINCT id FROM baselines WHERE model = {model:String} AND id IN (SELECT baseline FROM reference_samples)';
  const ids = await parts.database.query<{ id: string }>(sql, { params: { model: model.key } });
  let erased = 0;
  for (const { id } of ids) {
    const { rules } = await parts.baselines.load(id);
    const rule = rules.find((one): one is ConstraintOf<'classifier'> => one.rule === 'classifier');
    if (rule) erased += await eraseSample(parts, { model, subject, baseline: id, rule });
  }
  return erased;
}

interface Sample {
  readonly model: Model;
  readonly subject: string;
  readonly baseline: string;
  readonly rule: ConstraintOf<'classifier'>;
}

async function eraseSample(
  { database, classifiers }: SampleParts,
  { model, subject, baseline, rule }: Sample,
): Promise<number> {
  const params = { model: model.key, subject };
  const where = 'model = {model:String} AND subject = {subject:String}';
  const { from } = await declaredRows(database, model, null, { where, params });
  const source = { from, params };
  const own = await readClassifierRows(database, { model, rule, source }, { rows: 0, most: MOST });
  if (own.length === 0) return 0;
  const starts = [...new Set(own.map(({ start }) => start))];
  const held = await database.query<SampleRow>(
    `SELECT place, toUnixTimestamp(window_from) AS start, numbers FROM reference_samples FINAL
     WHERE baseline = {baseline:String} AND toUnixTimestamp(window_from) IN {starts:Array(UInt32)} ORDER BY place`,
    { params: { baseline, starts } },
  );
  const places = placesOf(held, own);
  if (places.length === 0) return 0;
  await purge(database, { table: 'reference_samples', where: `baseline = ${literal(baseline)} AND place IN (${places.join(', ')})` }); // prettier-ignore
  classifiers.forget(baseline);
  return places.length;
}

/** The place of one held row for each of the person's. */
function placesOf(held: readonly SampleRow[], own: readonly Omit<SampleRow, 'place'>[]): readonly number[] {
  const wanted = new Map<string, number>();
  const keyOf = ({ start, numbers }: Omit<SampleRow, 'place'>) => JSON.stringify([start, numbers]);
  for (const row of own) wanted.set(keyOf(row), (wanted.get(keyOf(row)) ?? 0) + 1);
  return held.flatMap((row) => {
    const left = wanted.get(keyOf(row)) ?? 0;
    wanted.set(keyOf(row), left - 1);
    return left > 0 ? [row.place] : [];
  });
}

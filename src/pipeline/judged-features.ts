import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';

/**
 * Everything that results of a model, of one check or of any, are about, and the features its file names: what somebody can mean by a
 * feature. Empty while nothing was judged.
 */
export async function judgedFeatures(
  database: Database,
  { key, features }: Pick<Model, 'key' | 'features'>,
  check: string | null = null,
): Promise<readonly string[]> {
  const rows = await database.query<{ feature: string }>(
    `SELECT DISTINCT feature FROM v_check_results
     WHERE model = {key:String} AND feature != '' AND ({check:String} = '' OR check = {check:String})`,
    { params: { key, check: check ?? '' } },
  );
  if (rows.length === 0) return [];
  return [...new Set([...rows.map(({ feature }) => feature), ...Object.keys(features)])];
}

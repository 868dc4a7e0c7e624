import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';

/**
 * Everything that results of some models, of one check or of any, are about, and the features their files name: what somebody can mean by a
 * feature. Empty while nothing was judged.
 */
export async function judgedFeatures(
  database: Database,
  models: readonly Pick<Model, 'key' | 'features'>[],
  check: string | null = null,
): Promise<readonly string[]> {
  const rows = await database.query<{ feature: string }>(
    `SELECT DISTINCT feature FROM v_check_results
     WHERE model IN {keys:Array(String)} AND feature != '' AND ({check:String} = '' OR check = {check:String})`,
    { params: { keys: models.map(({ key }) => key), check: check ?? '' } },
  );
  if (rows.length === 0) return [];
  return [
    ...new Set([
      ...rows.map(({ feature }) => feature),
      ...models.flatMap(({ features }) => Object.keys(features)),
    ]),
  ];
}

import type { Database } from '../store/database.js';

/** Segments that results of some models are about, and whether there are any results: where nothing was judged nobody knows which there are. */
export async function judgedSegments(
  database: Database,
  models: readonly string[],
): Promise<{ readonly any: boolean; readonly segments: readonly string[] }> {
  const rows = await database.query<{ segment: string }>(
    'SELECT DISTINCT segment FROM v_check_results WHERE model IN {models:Array(String)}',
    { params: { models } },
  );
  return { any: rows.length > 0, segments: rows.map(({ segment }) => segment).filter(Boolean) };
}

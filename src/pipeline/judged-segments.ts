import type { Database } from '../store/database.js';

/** Segments that results of a model are about, and whether there are any results: where nothing was judged nobody knows which there are. */
export async function judgedSegments(
  database: Database,
  model: string,
): Promise<{ readonly any: boolean; readonly segments: readonly string[] }> {
  const rows = await database.query<{ segment: string }>(
    'SELECT DISTINCT segment FROM v_check_results WHERE model = {model:String}',
    { params: { model } },
  );
  return { any: rows.length > 0, segments: rows.map(({ segment }) => segment).filter(Boolean) };
}

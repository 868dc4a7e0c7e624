import { OUTPUT_NAMES } from '../domain/profile.js';
import type { MiningGround } from './mining-ground.js';

/** Where more rows than this are copies by nature, their share says how many rows there were and nothing else. */
const MOST_COPIES = 0.05;

/** Whether nearly every row of a reference differs from the others of its minute, and of its window. */
export async function rowsDiffer({
  database,
  features,
  source,
  windowSeconds,
}: Pick<MiningGround, 'database' | 'features' | 'source' | 'windowSeconds'>): Promise<
  MiningGround['differ']
> {
  if (Object.keys(features).every((name) => OUTPUT_NAMES.includes(name)))
    return { inMinute: false, inWindow: false };
  const content = 'cityHash64(num, cat, nulls)';
  const [found] = await database.query<{ rows: number; minutes: number; windows: number }>(
    `SELECT count() AS rows, uniqExact((toStartOfMinute(ts), ${content})) AS minutes,
       uniqExact((intDiv(toUnixTimestamp(ts), ${windowSeconds}), ${content})) AS windows ${source.from}`,
    { params: source.params, timeoutMs: 300_000 },
  );
  const differ = (different: number) =>
    found !== undefined && found.rows - different <= MOST_COPIES * found.rows;
  return { inMinute: differ(found?.minutes ?? 0), inWindow: differ(found?.windows ?? 0) };
}

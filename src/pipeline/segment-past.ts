import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { watchedSegments } from '../profiles/outcomes.js';
import type { Stages } from './stages.js';

/** So far back, from the newest row, segments have their past. */
const DAYS_BACK = 90;

/**
 * Sums by segment what was answered before a reference said which segments are watched: its own time, and the days that people look at. A part of the rows,
 * those that a late label touched since, would say something else of a segment than all of them.
 */
export async function sumSegmentsOfThePast(
  { database, outcomes }: Pick<Stages, 'database' | 'outcomes'>,
  model: Model,
  baseline: Baseline,
  own: string | null,
): Promise<void> {
  if (watchedSegments(baseline).length === 0) return;
  const since = 'since' in baseline.source ? baseline.source.since.getTime() / 1000 : 4_294_967_295;
  const found = await database.query<{ readonly version: string; readonly minutes: readonly number[] }>(
    `SELECT version, arraySort(groupUniqArray(toUnixTimestamp(minute))) AS minutes FROM performance_1m
     WHERE model = {model:String} AND toUnixTimestamp(minute) >= least({since:UInt32},
       (SELECT toUnixTimestamp(max(minute) - toIntervalDay(${DAYS_BACK})) FROM performance_1m WHERE model = {model:String}))
     GROUP BY version`,
    { params: { model: model.key, since: Math.max(0, Math.floor(since)) } },
  );
  for (const { version, minutes } of found)
    if (own === null || version === own) await outcomes.summarise([{ model, baseline, version, minutes }]);
}

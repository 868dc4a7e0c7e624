import type { Baseline, ReferenceWindow, WholeBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { scoreLayoutOf } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { MeasureRow } from './measure-row.js';
import { measureSelect } from './measure-sql.js';
import type { Copies } from '../registry/beside.js';
import { chosenRows } from './chosen-rows.js';
import { ownRows } from './own-rows.js';
import { labelledPredictions, performanceSelect } from './performance-sql.js';
import { fingerprintOf } from './fingerprint.js';
import { EMPTY_PROFILE, profilesByBucket, type PerformanceRow } from './profile-row.js';

/** Predictions of a model in `[since, until)`, whose labels are in. */
export interface LabelledPeriod {
  readonly since: Date;
  readonly until: Date;
  /** Only rows that this version answered; left out, those of every version. */
  readonly version?: string;
}

/** What labels are frozen of, and when. */
export interface LabelPin {
  readonly period: LabelledPeriod;
  readonly now: Date;
  /** Rows of versions beside those that answer. */
  readonly onTrial: readonly Copies[];
}

/**
 * Freezes what the labels of a period say, under the rules of a baseline whose own labels had not come when it was frozen. It is stored like a
 * baseline that watches no feature.
 */
export async function pinLabels(
  database: Database,
  model: Model,
  baseline: Baseline,
  { period, now, onTrial }: LabelPin,
): Promise<WholeBaseline> {
  const width = model.window / 1000;
  const read = async (bucket: string, labels: readonly string[] | null) =>
    readLabels(database, { model, baseline, period, onTrial }, { bucket, labels });
  const reference = (await read('toUInt32(0)', [])).get(0) ?? EMPTY_PROFILE;
  const buckets = await read(`intDiv(toUnixTimestamp(ts), ${width}) * ${width}`, null);
  const windows = [...buckets].map(([start, profile]): ReferenceWindow => {
    const from = new Date(start * 1000);
    return { from, to: new Date(from.getTime() + model.window), profile };
  });
  const content = { features: {}, rules: [], reference, windows };
  const fingerprint = await fingerprintOf(content);
  return {
    id: `${model.key}@labels-${fingerprint.slice(0, 12)}`,
    model: model.key,
    source: { ...period },
    fingerprint,
    pinnedAt: now,
    rows: reference.performance.labelled,
    ...content,
  };
}

async function readLabels(
  database: Database,
  {
    model,
    baseline,
    period,
    onTrial,
  }: { readonly model: Model; readonly baseline: Baseline } & Omit<LabelPin, 'now'>,
  { bucket, labels }: { readonly bucket: string; readonly labels: readonly string[] | null },
) {
  const bounds = { from: '{since:DateTime64(3)}', to: '{until:DateTime64(3)}' };
  const range = `${ownRows(model, bounds)} AND ${chosenRows(period, onTrial)} AND ts >= ${bounds.from} AND ts < ${bounds.to}`;
  const source = `FROM (SELECT * REPLACE ('' AS version) ${labelledPredictions('*', range)})`;
  const params = {
    model: model.key,
    since: sqlMillisecond(period.since),
    until: sqlMillisecond(period.until),
  };
  const options = { params, timeoutMs: 600_000 };
  const layout = scoreLayoutOf(baseline.reference.performance);
  const judged = performanceSelect(model, null, { source, bucket, layout, labels });
  const rules = baseline.rules.filter((rule) => rule.needsLabels === true);
  const measures = measureSelect(rules, source, bucket, null);
  const [performance, measured] = await Promise.all([
    database.query<PerformanceRow>(judged, options),
    measures === null ? [] : database.query<MeasureRow>(measures, options),
  ]);
  return profilesByBucket([], performance, measured);
}

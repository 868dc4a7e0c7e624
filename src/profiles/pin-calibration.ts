import { setImmediate } from 'node:timers/promises';
import { LEAST_CALIBRATED, isEstimateRule } from '../domain/estimate-of.js';
import { mineEstimates } from '../constraints/estimator.js';
import type { WholeBaseline } from '../domain/baseline.js';
import type { BaselinePeriod, Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { chosenRows } from './chosen-rows.js';
import { fingerprintOf } from './fingerprint.js';
import { ownRows } from './own-rows.js';
import { labelledPredictions } from './performance-sql.js';
import { EMPTY_PROFILE } from './profile-row.js';

/** Answers of one version whose labels are in. */
export type OwnPeriod = BaselinePeriod & { readonly version: string };

/**
 * Freezes how a version's answers are calibrated, from its own labelled rows, for a reference that does not have them; null where they teach nothing: too few
 * rows, or scores that are missing. It is stored like a baseline that watches no feature; its rules have names of their own.
 */
export async function pinCalibration(
  database: Database,
  model: Model,
  { features }: Pick<WholeBaseline, 'features'>,
  { period, now }: { readonly period: OwnPeriod; readonly now: Date },
): Promise<WholeBaseline | null> {
  const bounds = { from: '{since:DateTime64(3)}', to: '{until:DateTime64(3)}' };
  const range = `${ownRows(model, bounds)} AND ${chosenRows(period, [])} AND ts >= ${bounds.from} AND ts < ${bounds.to}`;
  const rows = labelledPredictions('*', range);
  const params = {
    model: model.key,
    since: sqlMillisecond(period.since),
    until: sqlMillisecond(period.until),
  };
  const judged = { from: `${rows} WHERE 1`, params };
  const turn = async () => setImmediate();
  const ground = { database, model, features, judged, answerers: judged, turn };
  const mined = (await mineEstimates(ground)).rules.filter(isEstimateRule);
  const labelled = mined[0]?.taughtBy?.labelled ?? 0;
  if (labelled < LEAST_CALIBRATED) return null;
  const taught = { features: {}, rules: mined, reference: EMPTY_PROFILE, windows: [] };
  const name = (await fingerprintOf(taught)).slice(0, 12);
  const rules = mined.map((rule) => ({ ...rule, name: `${rule.name}@${name}` }));
  const content = { ...taught, rules };
  const fingerprint = await fingerprintOf(content);
  const id = `${model.key}@calibration-${fingerprint.slice(0, 12)}`;
  return { id, model: model.key, source: period, fingerprint, pinnedAt: now, rows: labelled, ...content };
}

import { versionPlace } from '../domain/version-place.js';
import { LEAST_CALIBRATED } from '../domain/estimate-of.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { pinCalibration, type OwnPeriod } from '../profiles/pin-calibration.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { LearningParts, Stages } from './stages.js';

/** Labelled rows that are enough: more of them are of a later time. */
const ENOUGH_LABELS = 2000;

/** A reference without the answers of a version, and the version's answers whose labels are in. */
interface Due {
  readonly baseline: Baseline;
  readonly period: OwnPeriod;
}

/**
 * Learns how the answers of versions are calibrated that the reference in force does not have, once labels enough of their own are in. How many there are is
 * asked when the labels of another window are in, and only while there is something to learn.
 */
export async function learnCalibrations(
  stages: LearningParts & Pick<Stages, 'book' | 'calibrationLooks'>,
  registered: RegisteredModel,
): Promise<void> {
  if (registered.versions.length < 2) return;
  for (const { version, stage } of registered.versions) {
    const due = stage === 'retired' ? null : dueOf(stages, registered, version);
    const period = due && (await taughtBy(stages, registered.model, due.period));
    if (due && period)
      await stages.references.freeze(registered.model.key, async () =>
        learn(stages, registered.model, { ...due, period }),
      );
  }
}

/** Null where nothing is to be learnt, or nothing is new since it was asked. */
function dueOf(
  { references, book, calibrationLooks }: Pick<Stages, 'references' | 'book' | 'calibrationLooks'>,
  registered: RegisteredModel,
  version: string,
): Due | null {
  const { model } = registered;
  const held = heldAgainst(registered, version);
  const baseline = references.atHand(held)?.baseline;
  if (baseline?.notEstimated === undefined) return null;
  const { first, inTo } = book.labelProgress(model, version);
  const place = `${versionPlace(model.key, version)}\0${baseline.id}`;
  if (first === null || inTo <= first || calibrationLooks.get(place) === inTo) return null;
  calibrationLooks.set(place, inTo);
  return { baseline, period: { since: new Date(first), until: new Date(inTo), version } };
}

/**
 * The earliest stretch with labelled rows enough: what came with it was the version as it was released, and what goes wrong later must not become what is expected.
 * Null where there are too few.
 */
async function taughtBy(
  { database }: Pick<Stages, 'database'>,
  model: Model,
  period: OwnPeriod,
): Promise<OwnPeriod | null> {
  const windows = await database.query<{ readonly start: number; readonly n: number }>(
    `SELECT intDiv(toUnixTimestamp(minute), {width:UInt32}) * {width:UInt32} AS start, sum(p.labelled) AS n FROM performance_1m AS p FINAL
     WHERE model = {model:String} AND version = {version:String} AND minute >= fromUnixTimestamp({since:Int64}) AND minute < fromUnixTimestamp({until:Int64})
     GROUP BY start ORDER BY start`,
    { params: { model: model.key, version: period.version, width: model.window / 1000, ...seconds(period) } },
  );
  let rows = 0;
  for (const { start, n } of windows) {
    rows += n;
    if (rows >= ENOUGH_LABELS) return { ...period, until: new Date(start * 1000 + model.window) };
  }
  return rows >= LEAST_CALIBRATED ? period : null;
}

async function learn(stages: LearningParts, model: Model, { baseline, period }: Due): Promise<void> {
  const { version, since, until } = period;
  const learnt = await pinCalibration(stages.database, model, baseline, { period, now: stages.clock.now() });
  if (!learnt) return;
  await stages.baselines.save(learnt);
  await stages.ledger.transact((now) => {
    stages.replicas.demand(model.key);
    const { id, fingerprint, rows: labelled } = learnt;
    const calibration = { id, fingerprint, labelled, since, until, baseline: baseline.id };
    return stages.registry.calibrationLearnt(model.key, version, calibration, now);
  });
  await measure(stages, model, version);
  stages.log.info('a version has a calibration of its own', { model: model.key, version });
}

/** What was summarised before is measured by what the version's labels taught as well. */
async function measure(
  stages: Pick<Stages, 'database' | 'registry' | 'profiles' | 'references'>,
  model: Model,
  version: string,
): Promise<void> {
  const { profiles, references, registry } = stages;
  const baseline = await references.baselineOf(heldAgainst(registry.load(model.key), version));
  const minutes = await minutesOf(stages, model, version);
  await profiles.recompute(model, baseline, version, minutes);
  await profiles.rejudge(model, baseline, version, minutes);
}

async function minutesOf(
  { database }: Pick<Stages, 'database'>,
  model: Model,
  version: string,
): Promise<readonly number[]> {
  const [found] = await database.query<{ readonly minutes: readonly number[] }>(
    `SELECT arraySort(groupUniqArray(toUnixTimestamp(minute))) AS minutes FROM performance_1m
     WHERE model = {model:String} AND version = {version:String}`,
    { params: { model: model.key, version } },
  );
  return found?.minutes ?? [];
}

function seconds({ since, until }: OwnPeriod) {
  return { since: Math.floor(since.getTime() / 1000), until: Math.floor(until.getTime() / 1000) };
}

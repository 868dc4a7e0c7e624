import { versionPlace } from '../domain/version-place.js';
import type { BaselinePeriod } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';
import { faultIntervals } from '../retraining/fault-intervals.js';
import { isOfInputs, ownReference, wantsOwn, type OwnLook, type SharedWindow } from './own-reference.js';
import type { Stages } from './stages.js';

type Own = Pick<Stages, 'retrainings' | 'ownLooks'>;

/** Whether it is still to be found out what a version is held against: its windows wait. */
export function isOwnPending(stages: Own, registered: RegisteredModel, version: string): boolean {
  return (
    isWanted(stages, registered, version) && !stages.ownLooks.has(versionPlace(registered.model.key, version))
  );
}

/** How far a version is that is to have a reference of its own; null where it has one, or needs none. */
export function ownLook(stages: Own, registered: RegisteredModel, version: string): OwnLook | null {
  if (!isWanted(stages, registered, version)) return null;
  return stages.ownLooks.get(versionPlace(registered.model.key, version)) ?? null;
}

/** What a version is to be held against from now on; null where that stays as it is. It is looked at again with each window that closes. */
export async function ownReferenceDue(
  stages: Pick<Stages, 'database' | 'clock' | 'book' | 'incidents' | 'retrainings' | 'ownLooks'>,
  registered: RegisteredModel,
  version: string,
): Promise<BaselinePeriod | null> {
  if (!isWanted(stages, registered, version)) return null;
  const { book, ownLooks, incidents, clock } = stages;
  const { model, ownBaselines } = registered;
  const place = versionPlace(registered.model.key, version);
  const closedTo = book.closedTo(model.key, version);
  if (ownLooks.get(place)?.closedTo === closedTo) return null;
  const { source, learnt, needed } = ownReference({
    model,
    version,
    windows: await sharedWindows(stages, registered, { version, closedTo: closedTo ?? 0 }),
    faults: faultIntervals(incidents.list({ model: model.key }), clock.now()),
    learntFrom: learntFrom(stages, registered, version),
    hasInputs: isOfInputs(ownBaselines.get(version)?.source ?? null),
    isCalm: incidents.active(model.key, version).every(({ severity }) => severity === 'info'),
  });
  ownLooks.set(place, { closedTo, learnt, needed });
  return source;
}

function isWanted({ retrainings }: Own, registered: RegisteredModel, version: string): boolean {
  const { key } = registered.model;
  return wantsOwn(registered, version, () => retrainings.maker(key, version) !== undefined);
}

/** What the run that made a version learnt from, by what went into the version that answered then. */
function learntFrom(
  { retrainings }: Pick<Stages, 'retrainings'>,
  { model }: RegisteredModel,
  version: string,
): BaselinePeriod | null {
  const run = retrainings.maker(model.key, version);
  const manifest = run && retrainings.manifestOf(run.id)?.manifest;
  if (!run || !manifest || manifest.rows.usable === 0) return null;
  const exclude = manifest.exclude.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }));
  return {
    // whole windows: one that is there in part has another volume
    since: new Date(Math.ceil(Date.parse(manifest.period.from) / model.window) * model.window),
    until: new Date(Math.floor(Date.parse(manifest.period.to) / model.window) * model.window),
    version: run.message.version,
    inputsOnly: true,
    ...(exclude.length === 0 ? {} : { exclude }),
  };
}

async function sharedWindows(
  { database }: Pick<Stages, 'database'>,
  { model }: RegisteredModel,
  { version, closedTo }: { readonly version: string; readonly closedTo: number },
): Promise<readonly SharedWindow[]> {
  const width = model.window / 1000;
  return database.query<SharedWindow>(
    `SELECT start * 1000 AS from, sumIf(n, version = {version:String}) AS own, maxIf(n, version != {version:String}) AS other
     FROM (SELECT version, intDiv(toUnixTimestamp(minute), {width:UInt32}) * {width:UInt32} AS start, sum(predictions) AS n
           FROM performance_1m FINAL WHERE model = {model:String} AND minute < fromUnixTimestamp({to:Int64}) AND minute >= (
             SELECT toStartOfInterval(min(minute), toIntervalSecond({width:UInt32})) FROM performance_1m WHERE model = {model:String} AND version = {version:String})
           GROUP BY version, start)
     GROUP BY start ORDER BY start`,
    { params: { model: model.key, version, width, to: closedTo / 1000 } },
  );
}

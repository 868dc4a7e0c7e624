import { findFile } from '../config/find-file.js';
import type { Baseline } from '../domain/baseline.js';
import { SYSTEM, type Actor, type Json } from '../domain/ledger-entry.js';
import type { BaselineSource, Model } from '../domain/model.js';
import { SCORE_LAYOUTS, scoreLayoutOf } from '../domain/profile.js';
import { pinBaseline } from '../profiles/pin-baseline.js';
import { besideThoseThatAnswer } from '../registry/beside.js';
import { eachReference, heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { sumSegmentsOfThePast } from './segment-past.js';
import { DatabaseError } from '../store/database.js';
import { dueSource, findStart } from './due-source.js';
import { Turns } from './in-turns.js';
import { learnCalibrations } from './learn-calibrations.js';
import { learnLabels } from './learn-labels.js';
import { ownReferenceDue } from './own-references.js';
import { pinProblem } from './pin-problem.js';
import type { Stages } from './stages.js';

/**
 * Freezes a reference, puts it in force and summarises what came after it on its edges. Throws BaselineError or ReferenceFileError; then
 * the former reference stays in force.
 */
export async function pinModelBaseline(
  stages: Stages,
  model: Model,
  { source, actor, version = null, reason = null }: Pin,
): Promise<void> {
  const pin = { source, actor, version, reason };
  return stages.references.freeze(model.key, async () => freezeAndSummarise(stages, model, pin));
}

/** A reference that somebody wants to be in force. */
export interface Pin {
  readonly source: BaselineSource;
  readonly actor: Actor;
  /** The only version it is for; left out, or null, for all. */
  readonly version?: string | null;
  /** Why, where a person says so. */
  readonly reason?: string | null;
}

async function freezeAndSummarise(
  stages: Stages,
  model: Model,
  { source, actor, version, reason }: Required<Pin>,
): Promise<void> {
  const baseline = await frozenBaseline(stages, model, source);
  await stages.ledger.transact((now) => {
    if (actor === SYSTEM) stages.replicas.demand(model.key);
    const { id, fingerprint, rows } = baseline;
    return stages.registry.baselinePinned(
      {
        model: model.key,
        version,
        id,
        fingerprint,
        rows,
        source: JSON.parse(JSON.stringify(source)) as Json,
        reason,
        actor,
      },
      now,
    );
  });
  // Whoever judges the model goes on from here.
  if (stages.replicas.holds(model.key)) await summariseOn(stages, model, baseline, version);
}

/** A reference frozen and stored, and not in force. Throws BaselineError or ReferenceFileError. */
export async function frozenBaseline(
  stages: Stages,
  model: Model,
  source: BaselineSource,
): Promise<Baseline> {
  const from = located(stages, source);
  const labelsIn = new Date(Math.max(0, stages.book.labelProgress(model).inTo));
  const onTrial = besideThoseThatAnswer(stages.registry.load(model.key).versions);
  const now = stages.clock.now();
  const baseline = await pinBaseline(stages.database, model, from, now, { labelsIn, onTrial });
  await stages.baselines.save(baseline);
  return baseline;
}

/** Summarises what came after a reference on its edges: rows of the version whose own it is, or of every version. */
async function summariseOn(
  stages: Stages,
  model: Model,
  baseline: Baseline,
  own: string | null,
): Promise<void> {
  const until = 'until' in baseline.source ? baseline.source.until.getTime() : 0;
  // Windows of the reference's own time that were not judged yet are judged like those after it.
  const versions = stages.book.versions(model.key).filter((version) => own === null || version === own);
  const open = versions.map((version) => stages.book.closedTo(model.key, version) ?? 0);
  const after = open.reduce((a, b) => Math.min(a, b), until) / 1000;
  const layout = SCORE_LAYOUTS[scoreLayoutOf(baseline.reference.performance)];
  const minutes = await stages.database.query<{ version: string; minutes: number[]; otherwise: number }>(
    `SELECT version, arraySort(groupUniqArray(toUnixTimestamp(minute))) AS minutes,
       countIf(length(positive_scores) NOT IN (0, {layout:UInt32})) AS otherwise FROM performance_1m
     WHERE model = {model:String} AND minute >= fromUnixTimestamp({after:Int64}) GROUP BY version`,
    { params: { model: model.key, after, layout } },
  );
  const withLabels = baseline.rules.some((rule) => rule.needsLabels === true);
  for (const found of minutes.filter(({ version }) => own === null || version === own)) {
    const held = await heldBy(stages, model, found.version, baseline);
    await stages.profiles.recompute(model, held, found.version, found.minutes);
    // areas over scores that were counted in other bins than the reference's are not comparable
    if (withLabels || found.otherwise > 0)
      await stages.profiles.rejudge(model, held, found.version, found.minutes);
  }
  await sumSegmentsOfThePast(stages, model, baseline, own);
  stages.references.isSummarisedOn(model.key, own, baseline.id);
}

/** The reference as a version is judged by it. */
async function heldBy(
  stages: Stages,
  { key }: Model,
  version: string,
  baseline: Baseline,
): Promise<Baseline> {
  const held = await stages.references.baselineOf(heldAgainst(stages.registry.load(key), version));
  return held?.id === baseline.id ? held : baseline;
}

/** Whether another process froze a reference and left the rest to this one. */
function awaitsSummaries(
  { replicas, references }: Pick<Stages, 'replicas' | 'references'>,
  registered: RegisteredModel,
): boolean {
  return replicas.isShared && references.awaitsSummaries(registered);
}

/** Goes on with a reference that another process froze, or that waited for others to agree. */
export async function summariseOnFrozen(stages: Stages, registered: RegisteredModel): Promise<void> {
  const { model } = registered;
  const own = registered.baseline?.version ?? null;
  const baseline = await stages.references.baselineOf(registered);
  if (baseline)
    await stages.references.freeze(model.key, async () => summariseOn(stages, model, baseline, own));
}

/** The source with its file where it was found; one that is not there keeps its name, which the refusal tells. */
function located(stages: Pick<Stages, 'referenceFolders'>, source: BaselineSource): BaselineSource {
  if (!('file' in source)) return source;
  return { ...source, file: findFile(source.file, stages.referenceFolders) ?? source.file };
}

/** True while a reference file is waited for; says so once. */
function isAwaited(
  stages: Pick<Stages, 'log' | 'referenceFolders'>,
  { model }: RegisteredModel,
  problems: Map<string, string>,
): boolean {
  const source = model.baseline;
  if (!source || !('file' in source)) return false;
  const problem = `baseline.file "${source.file}" is not there (looked for in ${stages.referenceFolders.join(', ')}); it is taken when it appears`;
  const isAbsent = findFile(source.file, stages.referenceFolders) === null;
  if (isAbsent && problems.get(model.key) !== problem) {
    problems.set(model.key, problem);
    stages.log.warn(problem, { model: model.key });
  } else if (!isAbsent && problems.get(model.key) === problem) problems.delete(model.key);
  return isAbsent;
}

/** Whether a reference is complete and waits to be frozen: windows after it are judged against it and not before. */
export function isPinDue(
  stages: Pick<Stages, 'book' | 'references' | 'replicas'>,
  registered: RegisteredModel,
  problems: ReadonlyMap<string, string>,
): boolean {
  if (registered.baseline) return awaitsSummaries(stages, registered);
  if (problems.has(registered.model.key)) return false;
  return dueSource(stages, registered) !== null;
}

/** Freezes what became complete. A reference that cannot be frozen is a problem by model key, not a stop. */
export async function pinDueBaselines(stages: Stages, problems: Map<string, string>): Promise<void> {
  const turns = new Turns();
  for (const registered of stages.registry.models()) {
    const { key } = registered.model;
    await turns.next();
    if (!stages.replicas.holds(key)) continue;
    if (registered.baseline) await ownIfDue(stages, registered, problems);
    await goOnWith(stages, stages.registry.load(key));
    const place = { model: key, version: null, step: 'reference' } as const;
    if (registered.baseline || isAwaited(stages, registered, problems) || problems.has(key)) continue;
    await stages.faults.fence(place, undefined, async () => pinIfDue(stages, registered, problems));
  }
}

/** Takes every reference of a model further: learns performance where labels came late, and summarises where another process froze it. */
async function goOnWith(stages: Stages, registered: RegisteredModel): Promise<void> {
  const place = { model: registered.model.key, version: null, step: 'reference' } as const;
  for (const held of eachReference(registered)) {
    if (held.baseline) await learnIfDue(stages, held);
    if (awaitsSummaries(stages, held))
      await stages.faults.fence(place, undefined, async () => summariseOnFrozen(stages, held));
  }
}

/** Freezes what a version that took over is to be held against from now on, where that is not what the model is held against. */
async function ownIfDue(
  stages: Stages,
  registered: RegisteredModel,
  problems: Map<string, string>,
): Promise<void> {
  const { model, versions } = registered;
  for (const { version } of versions) {
    const place = { model: model.key, version, step: 'reference' } as const;
    await stages.faults.fence(place, undefined, async () => {
      const source = await ownReferenceDue(stages, registered, version);
      if (source) await pinOwn(stages, model, { source, version, problems });
    });
  }
}

async function pinOwn(
  stages: Stages,
  model: Model,
  {
    source,
    version,
    problems,
  }: { readonly source: BaselineSource; readonly version: string; readonly problems: Map<string, string> },
): Promise<void> {
  const place = `${model.key}@${version}`;
  try {
    await pinModelBaseline(stages, model, { source, actor: SYSTEM, version });
    problems.delete(place);
    stages.log.info('a version has a reference of its own', { model: model.key, version });
  } catch (error) {
    if (error instanceof DatabaseError && error.retryable) throw error;
    // It goes on against the reference of the model, which `monitoring` says.
    problems.set(place, pinProblem(model.key, error));
    stages.log.error('the reference of a version could not be frozen; pin one by hand', error, {
      model: model.key,
      version,
    });
  }
}

async function learnIfDue(stages: Stages, registered: RegisteredModel): Promise<void> {
  const place = { model: registered.model.key, version: null, step: 'reference' } as const;
  await stages.faults.fence(place, undefined, async () => {
    await learnLabels(stages, registered);
    if (registered.asVersion === undefined) await learnCalibrations(stages, registered);
  });
}

/** Throws what passes by itself: an engine that is away. Everything else is a problem that waits for a person. */
async function pinIfDue(
  stages: Stages,
  registered: RegisteredModel,
  problems: Map<string, string>,
): Promise<void> {
  const { key } = registered.model;
  await findStart(stages, registered);
  const source = dueSource(stages, registered);
  if (!source) return;
  try {
    await pinModelBaseline(stages, registered.model, { source, actor: SYSTEM });
    stages.log.info('baseline pinned', { model: key });
  } catch (error) {
    if (error instanceof DatabaseError && error.retryable) throw error;
    problems.set(key, pinProblem(key, error));
    stages.log.error('the baseline could not be frozen; fix it and pin it by hand', error, { model: key });
  }
}

import type { WindowProfile } from '../domain/profile.js';
import { rulesInForce } from '../domain/rules-in-force.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import type { VersionRows } from '../profiles/profiles.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { DueRun } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { judgeWindow } from './evaluate-window.js';
import type { FindingBatch } from './finding-batch.js';
import type { Finding } from './finding.js';
import { withPast } from './with-past.js';
import { Turns } from './in-turns.js';
import { NO_MEMORY, type Memory, type Remembered } from './judgement.repository.js';
import { askedStreams, readStreams } from './label-streams.js';
import { nameRows } from './name-copies.js';
import { nameSegments } from './name-segments.js';
import { modelRows, usualRows } from './model-rows.js';
import { GoneJudgements, UNKNOWN_MEMORY } from './gone-judgements.js';
import { judgedPlace, type JudgedPlace, type Moment } from './judged-place.js';
import { lookedAt } from './judged-rows.js';
import type { ReadAhead } from './read-ahead.js';
import { referenceId, type Reference } from './reference.js';
import { RerunRows } from './rerun-rows.js';
import { silenceExcuse } from './silence-excuse.js';
import type { Stages } from './stages.js';
import { memoryDigest } from './window-inputs.js';

/** Runs of consecutive windows of one model version, and what they are judged with. */
export interface RunOrder {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly run: DueRun;
  /** This model version's part of the fleet's budget. */
  readonly share: number;
  readonly reference: Reference;
  /** What was read with that of other models; null where it reads for itself. */
  readonly ahead: ReadAhead | null;
}

/** Windows read together: catching up after a stop must not cost a round trip a window. Of narrow models more: so many numbers of features fit into memory. */
const [LEAST_AT_ONCE, MOST_AT_ONCE, FEATURES_AT_ONCE] = [100, 1_000, 5_000];

/**
 * Judges consecutive windows in order, each with the memory the one before left. One that was judged on the same inputs before is left as
 * it is, and what is recorded already is not recorded again. The last findings are in `batch`: flush it. Returns how many were judged.
 */
export async function evaluateRun(stages: Stages, order: RunOrder, batch: FindingBatch): Promise<number> {
  const { run, reference } = order;
  const first = { reference, start: run.starts[0] ?? 0 };
  // A run begins where the one before it on its track ended, which may not be stored yet.
  let memory: Remembered = batch.left.get(run.track) ?? (await memoryBefore(stages, order, first));
  let judged = 0;
  const atOnce = windowsAtOnce(reference);
  for (let i = 0; i < run.starts.length; i += atOnce) {
    const chunk = { reference, memory, starts: run.starts.slice(i, i + atOnce) };
    const after = await evaluateChunk(stages, order, { ...chunk, batch });
    memory = after.memory;
    judged += after.judged;
  }
  batch.left.set(run.track, memory);
  return judged;
}

function windowsAtOnce({ baseline }: Reference): number {
  const features = Object.keys(baseline?.features ?? {}).length;
  return Math.max(
    LEAST_AT_ONCE,
    Math.min(MOST_AT_ONCE, Math.floor(FEATURES_AT_ONCE / Math.max(1, features))),
  );
}

/** The window of a run with which the stream of its version begins, or goes on after history, epoch ms; undefined where it goes through neither. */
function opensAt(starts: readonly number[], began: number): number | undefined {
  return starts.find((start, i) => start === began || (start > began && (starts[i - 1] ?? start) < began));
}

/** Evidence gathered against another reference says nothing about this one. */
const NOTHING_REMEMBERED: Remembered = { digest: memoryDigest(NO_MEMORY), value: NO_MEMORY };

async function memoryBefore(
  stages: Pick<Stages, 'book' | 'judgements'>,
  { registered, version, run, ahead }: RunOrder,
  { reference, start }: Pick<Moment, 'reference' | 'start'>,
): Promise<Remembered & { readonly value: Memory }> {
  // What history left says nothing about the stream.
  if (start === opensAt(run.starts, stages.book.starts.of(registered.model.key, version)))
    return { ...NOTHING_REMEMBERED, value: NO_MEMORY };
  const id = referenceId(run.track, reference);
  const before = new Date(start);
  const read = start === run.starts[0] ? ahead?.memory : null;
  const value =
    read ?? (await stages.judgements.memoryBefore(registered.model.key, version, run.track, before, id));
  return { digest: memoryDigest(value), value };
}

interface Chunk {
  readonly reference: Reference;
  readonly memory: Remembered;
  readonly starts: readonly number[];
  readonly batch: FindingBatch;
}

async function evaluateChunk(
  stages: Stages,
  order: RunOrder,
  { reference, memory: before, starts, batch }: Chunk,
): Promise<{ readonly memory: Remembered; readonly judged: number }> {
  const { profiles, byVersion } = await readProfiles(stages, order, reference, starts);
  const known = await judgedBefore(stages, order, starts);
  const rerun = new RerunRows(stages, order, known);
  const gone = new GoneJudgements(stages, order, { starts, known });
  const against = referenceId(order.run.track, reference);
  const streams = await labelStreams(stages, order, { reference, starts, profiles });
  const began = stages.book.starts.of(order.registered.model.key, order.version);
  const opening = opensAt(order.run.starts, began);
  const turns = new Turns(); // ingest and readers get theirs between windows, also between those that stay as they are
  let memory = before;
  let judged = 0;
  for (const start of starts) {
    await turns.next();
    const summary = withErrors(profiles.get(start / 1000) ?? EMPTY_PROFILE, streams, start);
    const excuse = summary.predictions > 0 ? null : excuseOf(stages, order, start);
    const own = { profile: summary, excuse, isHistory: start < began, reference, start };
    const found = byVersion?.get(start / 1000) ?? [];
    const whole = byVersion ? withModelRows(order, { ...own, found }) : summary;
    const moment = { ...own, profile: whole };
    memory = start === opening ? NOTHING_REMEMBERED : ((await gone.memoryBefore(start, against)) ?? memory);
    const lost = await gone.of(start);
    if (lost) {
      batch.unchanged(lost, whole);
      memory = await gone.memoryAfter(start, against);
      continue;
    }
    const placed = () =>
      judgedPlace(stages, order, { moment, memory: memory.digest, known: known.get(start) });
    let place = placed();
    if (place.unchanged === null && memory.digest === UNKNOWN_MEMORY) {
      memory = await memoryBefore(stages, order, moment);
      place = placed();
    }
    const look = place.unchanged ? null : await rerun.of(start);
    const stays = place.unchanged ?? (look?.stays ? known.get(start) : null);
    if (stays) {
      batch.unchanged(stays, whole);
      const isOwn = stays.baseline === against;
      memory = isOwn ? { digest: stays.memory, value: null } : NOTHING_REMEMBERED;
      continue;
    }
    const value = memory.value ?? (await memoryBefore(stages, order, moment)).value;
    const profile = await classified(stages, order, moment);
    const due = dueWindow(stages, order, { ...moment, profile, memory: value, place, batch });
    const told = await nameRows(stages.database, judgeWindow(due, stages.policies));
    const sized = await withPast(stages, told, () => [...batch.waiting, ...batch.quietFindings]);
    const finding = await nameSegments(stages, sized);
    await batch.add(look ? { ...finding, rows: lookedAt(look.now) } : finding, place.recorded);
    memory = { digest: memoryDigest(finding.memory), value: finding.memory };
    judged += 1;
  }
  await rerun.record();
  await gone.record();
  return { memory, judged };
}

type Streams = Awaited<ReturnType<typeof readStreams>>;

/** Errors one by one of the windows, where labels are judged and a policy asks for a detector; null elsewhere. */
async function labelStreams(
  { database, policies }: Pick<Stages, 'database' | 'policies'>,
  { registered: { model }, version, run }: RunOrder,
  { reference, ...windows }: Pick<Chunk, 'reference' | 'starts'> & Pick<ReadProfiles, 'profiles'>,
): Promise<Streams | null> {
  const asked = run.track === 'labels' ? askedStreams(policies, model, reference.baseline) : null;
  return asked && readStreams(database, { model, version, ...windows }, asked);
}

/** The profile with the errors that detectors read; the same where none is asked. */
export function withErrors(profile: WindowProfile, streams: Streams | null, start: number): WindowProfile {
  return streams ? { ...profile, errors: streams.get(start) ?? {} } : profile;
}

/** Judgements that a run repeats; first ones have none, but where the ledger has later ones and the store lost count. */
async function judgedBefore(
  stages: Pick<Stages, 'recorded' | 'windows'>,
  { registered: { model }, version, run }: RunOrder,
  starts: readonly number[],
): Promise<ReadonlyMap<number, StoredWindow>> {
  const isFirst = (starts[0] ?? 0) > stages.recorded.newestOf(model.key, version, run.track);
  if (!run.rerun && isFirst) return new Map();
  const to = (starts.at(-1) ?? 0) + model.window;
  return stages.windows.judgements({ model: model.key, version, track: run.track }, starts[0] ?? 0, to);
}

interface ReadProfiles {
  readonly profiles: ReadonlyMap<number, WindowProfile>;
  /** Rows of every version by window; null where the model has one version, or labels are judged. */
  readonly byVersion: ReadonlyMap<number, readonly VersionRows[]> | null;
}

/** Summaries of the windows, and of the rows of every version where they share requests. */
export async function readProfiles(
  stages: Pick<Stages, 'book' | 'profiles'>,
  order: RunOrder,
  reference: Reference,
  starts: readonly number[],
): Promise<ReadProfiles> {
  const { model } = order.registered;
  const from = new Date(starts[0] ?? 0);
  const to = new Date((starts.at(-1) ?? 0) + model.window);
  const span = { version: order.version, from, to, widthMs: model.window };
  const several = order.run.track === 'inputs' && stages.book.versions(model.key).length > 1;
  const [profiles, byVersion] = await Promise.all([
    order.ahead?.profiles ?? stages.profiles.windows(model.key, reference.baseline?.id ?? null, span),
    several ? stages.profiles.rowsByVersion(model.key, span) : null,
  ]);
  return { profiles, byVersion };
}

/**
 * The profile with the rows of the whole model, where those are not the version's own: a window of a time in which nobody else answered is the
 * same input whichever versions came to be known later.
 */
export function withModelRows(
  { registered, version }: RunOrder,
  { profile, excuse, reference, start, found }: Moment & { readonly found: readonly VersionRows[] },
): WindowProfile {
  const usual = usualRows(reference.baseline?.windows ?? [], start, registered.model.window);
  const rows = excuse === null ? modelRows(version, registered.versions, { found, usual }) : null;
  return rows === profile.predictions ? profile : { ...profile, modelRows: rows };
}

/** The profile with what the domain classifier says of the window, where it is asked; labels tell it nothing. */
export async function classified(
  stages: Pick<Stages, 'classifiers'>,
  { registered, version, run }: RunOrder,
  { reference, start, profile }: Moment,
): Promise<WindowProfile> {
  if (run.track !== 'inputs' || !reference.baseline) return profile;
  const { predictions } = profile;
  const window = { version, start, predictions };
  const found = await stages.classifiers.measure(registered.model, reference.baseline, window);
  return found ? { ...profile, measures: { ...profile.measures, [found.rule]: found.measure } } : profile;
}

interface Judged extends Moment {
  readonly memory: Memory;
  readonly place: JudgedPlace;
  readonly batch: FindingBatch;
}

function dueWindow(
  stages: Pick<Stages, 'budget'>,
  { registered: { model }, version, run }: RunOrder,
  { reference, memory, start, profile, excuse, isHistory, place, batch }: Judged,
): Finding['due'] {
  const revision = place.recorded ?? batch.nextRevision(start);
  return {
    model,
    window: {
      model: model.key,
      version,
      from: new Date(start),
      to: new Date(start + model.window),
      revision,
    },
    track: run.track,
    profile,
    reference,
    rules: rulesInForce(model, reference.baseline),
    memory,
    budget: { ...stages.budget, share: place.share },
    excuse,
    isHistory,
    inputs: place.inputs,
  };
}

/** Why the version may well be silent in a window that starts then; null where it may not. */
export function excuseOf(
  { book }: Pick<Stages, 'book'>,
  { registered, version }: RunOrder,
  start: number,
): string | null {
  const alive = book.othersAlive(registered.model.key, version, start);
  return silenceExcuse(version, registered.versions, alive);
}

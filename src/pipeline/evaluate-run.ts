import { setImmediate } from 'node:timers/promises';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import type { VersionRows } from '../profiles/profiles.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { DueRun } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { decideConsequences, judgeWindow } from './evaluate-window.js';
import type { Finding } from './finding.js';
import type { Judgement, Memory } from './judgement.repository.js';
import { modelRows, usualRows } from './model-rows.js';
import type { Reference } from './reference.js';
import { silenceExcuse } from './silence-excuse.js';
import type { Stages } from './stages.js';

/** Consecutive windows of one track of one model version, and what they are judged with. */
export interface RunOrder {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly run: DueRun;
  /** This model version's part of the fleet's budget. */
  readonly share: number;
}

/** Windows read and stored together: catching up after a stop must not cost a round trip a window. */
const AT_ONCE = 100;

/** Judges consecutive windows in order, each with the memory the one before left. Returns how many. */
export async function evaluateRun(stages: Stages, order: RunOrder): Promise<number> {
  const { registered, version, run } = order;
  const reference = await stages.references.of(registered);
  const first = new Date(run.starts[0] ?? 0);
  const id = reference.baseline?.id ?? '';
  let memory = await stages.judgements.memoryBefore(registered.model.key, version, run.track, first, id);
  for (let i = 0; i < run.starts.length; i += AT_ONCE) {
    memory = await evaluateChunk(stages, order, {
      reference,
      memory,
      starts: run.starts.slice(i, i + AT_ONCE),
    });
  }
  return run.starts.length;
}

interface Chunk {
  readonly reference: Reference;
  readonly memory: Memory;
  readonly starts: readonly number[];
}

async function evaluateChunk(
  stages: Stages,
  order: RunOrder,
  { reference, memory: before, starts }: Chunk,
): Promise<Memory> {
  const { profiles, byVersion } = await readProfiles(stages, order, reference, starts);
  const findings: Finding[] = [];
  let quiet: NewEntry[] = [];
  let memory = before;
  for (const start of starts) {
    const summary = profiles.get(start / 1000) ?? EMPTY_PROFILE;
    const excuse = summary.predictions > 0 ? null : excuseOf(stages, order, start);
    const whole = byVersion
      ? withModelRows(order, {
          profile: summary,
          excuse,
          reference,
          start,
          found: byVersion.get(start / 1000) ?? [],
        })
      : summary;
    const profile = await classified(stages, order, { reference, start, profile: whole });
    const finding = judgeWindow(
      dueWindow(stages, order, { reference, memory, start, profile, excuse }),
      stages.policies,
    );
    quiet = await record(stages, finding, quiet);
    findings.push(finding);
    memory = finding.memory;
    await setImmediate(); // ingest and readers get their turn between windows
  }
  if (quiet.length > 0) await stages.ledger.transact(() => quiet);
  await store(stages, order, findings);
  return memory;
}

/** A window from which nothing follows is recorded with the next one that has consequences, or at the end of the chunk. */
async function record(stages: Stages, finding: Finding, quiet: readonly NewEntry[]): Promise<NewEntry[]> {
  const foreseen = decideConsequences(stages, finding, stages.clock.now());
  if (foreseen.length === 1) return [...quiet, ...foreseen];
  await stages.ledger.transact((now) => [...quiet, ...decideConsequences(stages, finding, now)]);
  return [];
}

interface ReadProfiles {
  readonly profiles: ReadonlyMap<number, WindowProfile>;
  /** Rows of every version by window; null where the model has one version, or labels are judged. */
  readonly byVersion: ReadonlyMap<number, readonly VersionRows[]> | null;
}

async function readProfiles(
  stages: Stages,
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
    stages.profiles.windows(model.key, reference.baseline?.id ?? null, span),
    several ? stages.profiles.rowsByVersion(model.key, span) : null,
  ]);
  return { profiles, byVersion };
}

/** The profile with the rows of the whole model, which several versions share. */
function withModelRows(
  { registered, version }: RunOrder,
  {
    profile,
    excuse,
    reference,
    start,
    found,
  }: Omit<Moment, 'memory'> & { readonly found: readonly VersionRows[] },
): WindowProfile {
  const usual = usualRows(reference.baseline?.windows ?? [], start, registered.model.window);
  const rows = excuse === null ? modelRows(version, registered.versions, { found, usual }) : null;
  return { ...profile, modelRows: rows };
}

/** The profile with what the domain classifier says of the window, where it is asked; labels tell it nothing. */
async function classified(
  stages: Stages,
  { registered, version, run }: RunOrder,
  { reference, start, profile }: Pick<Moment, 'reference' | 'start' | 'profile'>,
): Promise<WindowProfile> {
  if (run.track !== 'inputs' || !reference.baseline) return profile;
  const { predictions } = profile;
  const window = { version, start, predictions };
  const found = await stages.classifiers.measure(registered.model, reference.baseline, window);
  return found ? { ...profile, measures: { ...profile.measures, [found.rule]: found.measure } } : profile;
}

interface Moment {
  readonly reference: Reference;
  readonly memory: Memory;
  readonly start: number;
  readonly profile: WindowProfile;
  /** Why the version may well be silent in this window; null where it has rows, or may not. */
  readonly excuse: string | null;
}

function dueWindow(
  stages: Stages,
  order: RunOrder,
  { reference, memory, start, profile, excuse }: Moment,
): Finding['due'] {
  const { model } = order.registered;
  const revision = stages.book.nextRevision(model.key, order.version, start);
  const window = {
    model: model.key,
    version: order.version,
    from: new Date(start),
    to: new Date(start + model.window),
    revision,
  };
  return {
    model,
    window,
    track: order.run.track,
    profile,
    reference,
    memory,
    budget: { ...stages.budget, share: order.share },
    excuse,
  };
}

function excuseOf({ book }: Stages, { registered, version }: RunOrder, start: number): string | null {
  const alive = book.othersAlive(registered.model.key, version, start);
  return silenceExcuse(version, registered.versions, alive);
}

/** The windows table comes last: a window named there is one whose consequences are all recorded. */
async function store(stages: Stages, order: RunOrder, findings: readonly Finding[]): Promise<void> {
  const now = stages.clock.now();
  await stages.judgements.save(findings.map(judgementOf), now);
  const mark = stages.book.watermark(order.registered.model, order.version, now);
  const windows = findings.map((finding) => storedWindow(finding, mark, now));
  await stages.windows.save(windows);
  for (const window of windows) stages.book.judged(window);
}

function judgementOf({ due, results, memory }: Finding): Judgement {
  return {
    window: due.window,
    track: due.track,
    baseline: due.reference.baseline?.id ?? '',
    results,
    memory,
  };
}

function storedWindow({ due }: Finding, watermark: number, now: Date): StoredWindow {
  const { window, track, profile, reference, budget } = due;
  return {
    model: window.model,
    version: window.version,
    from: window.from.getTime(),
    to: window.to.getTime(),
    revision: window.revision,
    track,
    predictions: profile.predictions,
    labelled: profile.performance.labelled,
    baseline: reference.baseline?.id ?? '',
    share: budget.share,
    watermark,
    evaluatedAt: now.getTime(),
  };
}

import { ON_TRIAL } from '../domain/model.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { dueBefore, newlyClosed, type DueRun } from '../windows/due-windows.js';
import { evaluateRun } from './evaluate-run.js';
import { FindingBatch, flushTogether } from './finding-batch.js';
import { learnRhythms } from './learn-rhythms.js';
import { areLabelsDue } from './learn-labels.js';
import { inTurns, Turns } from './in-turns.js';
import { isOwnPending } from './own-references.js';
import { isPinDue } from './pin-due-baselines.js';
import { measureWritten } from './measure-written.js';
import { readAhead, type ReadAhead } from './read-ahead.js';
import type { Reference } from './reference.js';
import { silenceOf } from './reference-terms.js';
import type { Stages } from './stages.js';
import { supersedeReplaced } from './supersede-replaced.js';
import { dueBeforeTakeOver, recordTakeOver } from './take-over.js';

/** Windows back from the newest of its model in which a version counts as alive. */
const ALIVE_WINDOWS = 48;
/** Model versions that are read for and stored together: more would only fill memory. */
const MODELS_AT_ONCE = 50;

/** A model version with windows that are due. */
interface Order {
  readonly registered: RegisteredModel;
  readonly version: string;
  /** What is due, or why that could not be asked: thrown behind the fence. */
  readonly due: Due | Error;
}

interface Due {
  readonly reference: Reference;
  readonly runs: readonly DueRun[];
}

/** Where and when windows are judged. */
export interface JudgingPass {
  /** When the beat began: what its verdicts' delay is measured from. */
  readonly began: Date;
  readonly isStopped: () => boolean;
  /** Whether rows or labels of a version, or (null) of any of its model, are stored and not summed yet: nobody may say of them that they are not there. */
  readonly isWaiting: (model: string, version: string | null) => boolean;
  /** References that could not be frozen, by model key. */
  readonly problems: ReadonlyMap<string, string>;
  /** Those that are this process's. */
  readonly models: readonly RegisteredModel[];
}

/**
 * Judges the windows that are due, of as many models at a time as can be read for and stored together. What fails in one model is its own: it is fenced,
 * and done by itself where it spoils the others' statement.
 */
export async function judgeDue(stages: Stages, session: JudgingPass): Promise<number> {
  const { registry, faults, replicas } = stages;
  const { models } = session;
  await learnRhythms(stages, models);
  const judged = await judgeInGroups(stages, session, await inTurns(dueOf(stages, session)));
  const turns = new Turns();
  for (const registered of models) {
    if (session.isStopped()) break;
    await turns.next();
    if (isSettled(stages, registered)) continue;
    await faults.fence(
      { model: registered.model.key, version: null, step: 'supersede' },
      undefined,
      async () => {
        if (!replicas.holds(registered.model.key)) return;
        await supersedeReplaced(stages, registered);
        await recordTakeOver(stages, registry.load(registered.model.key));
      },
    );
  }
  return judged;
}

/** What is due of all models. The event loop has its turns between them: of thousands nothing is due, and that they are asked is most of a beat. */
function* dueOf(stages: Stages, session: JudgingPass): Generator<undefined, Group, undefined> {
  const { models } = session;
  let payers = 0;
  const lists: (readonly Order[])[] = [];
  for (const registered of models) {
    yield;
    payers += payersOf(stages, [registered]);
  }
  const share = 1 / Math.max(1, stages.replicas.paying(payers));
  for (const registered of models) {
    yield;
    const versions = stages.book.versions(registered.model.key);
    lists.push(versions.flatMap((version) => orderOf(stages, session, registered, version) ?? []));
  }
  return { orders: inFairTurns(lists), share };
}

/** Judges so many at a time; while one group is judged, what the next one needs is read. */
async function judgeInGroups(
  stages: Stages,
  session: JudgingPass,
  { orders, share }: Group,
): Promise<number> {
  const groups = Array.from({ length: Math.ceil(orders.length / MODELS_AT_ONCE) }, (_, i) =>
    orders.slice(i * MODELS_AT_ONCE, (i + 1) * MODELS_AT_ONCE),
  );
  let judged = 0;
  let coming = readAheadOf(stages, groups[0] ?? []);
  for (const [i, group] of groups.entries()) {
    const ahead = await coming;
    if (session.isStopped()) break;
    coming = readAheadOf(stages, groups[i + 1] ?? []);
    judged += await judgeTogether(stages, session, { orders: group, share }, ahead);
  }
  await coming;
  return judged;
}

/** Whether a model's one version answers and nothing is open: nobody can have taken over, and there is nothing to end. */
function isSettled(
  { book, incidents, faults }: Pick<Stages, 'book' | 'faults' | 'incidents'>,
  { model, versions }: RegisteredModel,
): boolean {
  const seen = book.versions(model.key);
  return (
    versions.length === 1 &&
    versions[0]?.stage === 'champion' &&
    seen.length <= 1 &&
    seen.every((version) => incidents.active(model.key, version).length === 0) &&
    !faults.of(model.key).some(({ step }) => step === 'supersede')
  );
}

/** The first of each list, then the second of each: a model with a thousand versions lets the others go before its second. */
function inFairTurns<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const turns: Item[][] = [];
  for (const list of lists) list.forEach((item, turn) => (turns[turn] ??= []).push(item));
  return turns.flat();
}

/** How many versions share the fleet's budget: those that may page. */
export function payersOf({ book }: Pick<Stages, 'book'>, models: readonly RegisteredModel[]): number {
  const payers = models.flatMap(({ model, versions }) => {
    const paying = versions.filter(({ stage }) => !ON_TRIAL.has(stage)).map(({ version }) => version);
    return book.recent(model, paying, ALIVE_WINDOWS);
  });
  return payers.length;
}

/** Null where nothing is due. */
function orderOf(
  stages: Stages,
  session: JudgingPass,
  registered: RegisteredModel,
  version: string,
): Order | null {
  try {
    const due = dueOfVersion(stages, session, registered, version);
    return due.runs.length === 0 ? null : { registered, version, due };
  } catch (error) {
    const due = error instanceof Error ? error : new Error(String(error));
    return { registered, version, due };
  }
}

/** Where the rows begin that a model learnt its reference from, epoch ms; null where it has none, or was given one. */
function learntSince({ model, baseline }: Pick<RegisteredModel, 'model' | 'baseline'>): number | null {
  const source = baseline?.source;
  const hasLearnt = model.baseline !== undefined && 'learn' in model.baseline;
  return hasLearnt && source && 'since' in source ? source.since.getTime() : null;
}

function dueOfVersion(
  stages: Stages,
  { problems, isWaiting }: JudgingPass,
  registered: RegisteredModel,
  version: string,
): Due {
  const { book, clock, references } = stages;
  const nothing = { reference: NOTHING, runs: [] };
  const held = heldAgainst(registered, version);
  if (isPinDue(stages, held, problems) || isOwnPending(stages, registered, version)) return nothing;
  const since = learntSince(held);
  const dueFor = (silenceMs: number | null) =>
    book.due(registered.model, version, clock.now(), silenceMs, since);
  // A reference for which nothing is due need not be held: those of versions that were replaced are many.
  const terms = references.terms(held);
  if (terms && dueFor(terms.silenceMs).length === 0) return nothing;
  const reference = references.ready(held);
  if (!reference) return nothing;
  const due = dueFor(silenceOf(reference.baseline));
  if (due.length === 0) return nothing;
  // Held against what the labels teach, once that is in force.
  const waits = areLabelsDue(stages, held, reference) || isWaiting(registered.model.key, version);
  const runs = waits ? due.filter(({ track }) => track === 'inputs') : due;
  const known = isWaiting(registered.model.key, null) ? beforeSilence(book, registered, version, runs) : runs;
  return { reference, runs: dueBeforeTakeOver(stages, registered, version, known) };
}

/** What is due up to the first window without rows: while rows of another version wait to be summed, nobody knows whether that one has taken over. */
function beforeSilence(
  book: Stages['book'],
  { model }: RegisteredModel,
  version: string,
  runs: readonly DueRun[],
): readonly DueRun[] {
  const silent = newlyClosed(runs).find((start) => book.rowsIn(model.key, version, start) === 0) ?? Infinity;
  return dueBefore(runs, silent);
}

const NOTHING: Reference = { baseline: null, fitted: null };

interface Group {
  readonly orders: readonly Order[];
  readonly share: number;
}

/** A signal that is given once. */
class Signal {
  give: () => void = () => undefined;
  readonly given = new Promise<void>((resolve) => (this.give = resolve));
}

/** One version after the other is judged; what is quiet of all of them is recorded and stored together when the last one is. */
async function judgeTogether(
  stages: Stages,
  session: JudgingPass,
  { orders, share }: Group,
  ahead: ReadonlyMap<DueRun, ReadAhead>,
): Promise<number> {
  const batches = orders.map(
    ({ registered, version }) => new FindingBatch(stages, registered, version, session.began),
  );
  const stored = new Signal();
  const fenced: Promise<number>[] = [];
  for (const [i, order] of orders.entries()) {
    const batch = batches[i];
    if (session.isStopped() || !batch) break;
    const evaluated = new Signal();
    const place = { model: order.registered.model.key, version: order.version, step: 'judge' } as const;
    const judging = stages.faults.fence(place, 0, async () => {
      const judged = await evaluate(stages, { order, share, ahead, batch }).finally(evaluated.give);
      await stored.given;
      await batch.flush(); // what was not stored with the others
      stages.book.caughtUp(place.model, order.version);
      stages.book.forget(place.model, order.version);
      return judged;
    });
    fenced.push(judging);
    // one that rests, or fails, gives no signal
    await Promise.race([evaluated.given, judging]);
  }
  await flushTogether(stages, batches);
  stored.give();
  return (await Promise.all(fenced)).reduce((sum, judged) => sum + judged, 0);
}

/** Nothing is lost where this fails: every run reads for itself then. */
async function readAheadOf(
  stages: Pick<Stages, 'database' | 'judgements' | 'log'>,
  orders: readonly Order[],
): Promise<ReadonlyMap<DueRun, ReadAhead>> {
  const coming = orders.flatMap(({ registered: { model }, version, due }) => {
    if (due instanceof Error) return [];
    const { reference, runs } = due;
    return runs.map((run) => ({ model: model.key, version, widthMs: model.window, reference, run }));
  });
  try {
    return await readAhead(stages, coming);
  } catch (error) {
    stages.log.warn('windows of several models could not be read together; now model by model', {
      reason: String(error),
    });
    return new Map();
  }
}

interface Evaluation {
  readonly order: Order;
  readonly share: number;
  readonly ahead: ReadonlyMap<DueRun, ReadAhead>;
  readonly batch: FindingBatch;
}

async function evaluate(stages: Stages, { order, share, ahead, batch }: Evaluation): Promise<number> {
  const { registered, version, due } = order;
  if (due instanceof Error) throw due;
  const { runs, reference } = due;
  // One that is put in force meanwhile has its turn at the next beat.
  const held = heldAgainst(stages.registry.load(registered.model.key), version);
  if (stages.references.ready(held) !== reference) return 0;
  // What was read before they were measured does not know them.
  const isNew = await measureWritten(stages, { registered, version, reference, runs });
  let judged = 0;
  for (const run of runs)
    judged += await evaluateRun(
      stages,
      { registered, version, run, share, reference, ahead: isNew ? null : (ahead.get(run) ?? null) },
      batch,
    );
  return judged;
}

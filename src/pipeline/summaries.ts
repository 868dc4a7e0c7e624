import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import type { DirtyMinutes } from '../profiles/dirty-minutes.js';
import type { StreamMinutes } from '../profiles/set-profiles.js';
import { heldAgainst } from '../registry/registry.js';
import { DatabaseError } from '../store/database.js';
import { windowStart } from '../windows/window.js';
import type { WindowCounts } from '../windows/window.repository.js';
import { recordedOf } from './tell-disagreements.js';
import { earliestVersionFirst, foundRows, placeOf, pooled, unsummed } from './owed-minutes.js';
import type { OwnModels } from './own-models.js';
import type { Stages } from './stages.js';

/** Minutes to summarise, and what of the registry they are summarised with. */
interface Work {
  readonly dirty: DirtyMinutes;
  readonly stream: StreamMinutes;
}

/** What came of minutes that were summarised with others. */
type Ends = Map<DirtyMinutes, 'done' | 'failed'>;

/**
 * From stored rows to minutes of their models: all of them together, and one by one where a model has many rows or the others must not fail with
 * it. What could not be summarised is owed.
 */
export class Summaries {
  private owed: readonly DirtyMinutes[] = [];

  constructor(
    private readonly stages: Stages,
    private readonly own: OwnModels,
  ) {}

  /**
   * Summarises what is new and what is owed; how many minutes were new. `turnMs`: so long models may take that need statements of their own; at least one
   * has its turn, the others are owed.
   */
  async news(turnMs: number): Promise<number> {
    const { scan, replicas } = this.stages;
    const handed = await this.own.settle();
    const isOwn = ({ model }: DirtyMinutes) => replicas.holds(model);
    const news = [...handed, ...(await scan.scan())].filter(isOwn);
    // The minutes of models that are another's now were handed to it.
    const due = pooled(this.owed.filter(isOwn), news);
    this.owed = due;
    this.owed = await this.summarise(due, turnMs);
    this.stages.backlog.note(this.owed, this.stages.clock.now());
    // a restart looks again at what is owed
    if (this.owed.length === 0) await scan.commit();
    return news.reduce((sum, { minutes }) => sum + minutes.length, 0);
  }

  /** Notes minutes that have a turn with the next that are new. */
  owe(minutes: readonly DirtyMinutes[]): void {
    this.owed = pooled(this.owed, minutes);
  }

  /** Whether rows or labels of a version, or (null) of any of a model, are stored and not summed yet, as it is now: asked once a beat, and then of every version that is due. */
  waiting(): (model: string, version: string | null) => boolean {
    const owed = new Set(this.owed.map(placeOf));
    const models = new Set(this.owed.map(({ model }) => model));
    return (model, version) => (version === null ? models.has(model) : owed.has(placeOf({ model, version })));
  }

  /** Summarises what was stored and never summarised, whatever lost it. */
  async reconcile(): Promise<void> {
    const { reconciliation, metrics, clock, log } = this.stages;
    for (const { dirty, rows } of await reconciliation.next(clock.now())) {
      const { model, version, minutes } = dirty;
      log.warn('stored rows had not been summarised; they are now', {
        model,
        version,
        rows,
        minutes: minutes.length,
      });
      if (!(await this.isSummarised(dirty))) continue; // it is found again
      metrics
        .counter('rows_reconciled_total', 'Stored rows that had not been summarised when they were due.')
        .inc(rows);
    }
  }

  /** What is still owed afterwards. */
  private async summarise(some: readonly DirtyMinutes[], turnMs: number): Promise<readonly DirtyMinutes[]> {
    const due = earliestVersionFirst(some);
    const ends = await this.endsOfSet(due);
    const still = due.filter((dirty) => ends.get(dirty) === 'failed');
    const began = performance.now();
    let turns = 0;
    for (const dirty of due) {
      if (ends.has(dirty)) continue;
      const hasTurn = turns === 0 || performance.now() - began < turnMs;
      turns += Number(hasTurn);
      if (!hasTurn || !(await this.isSummarised(dirty))) still.push(dirty);
    }
    return still;
  }

  /** Summarises together what can be. Whoever is absent from what comes back is to have a turn of its own. */
  private async endsOfSet(due: readonly DirtyMinutes[]): Promise<Ends> {
    const { faults, log } = this.stages;
    const isFaulty = ({ model }: DirtyMinutes) => faults.of(model).some(({ step }) => step === 'summarise');
    const usual = due.filter((dirty) => !isFaulty(dirty));
    const ends: Ends = new Map();
    if (usual.length < 2) return ends;
    try {
      await this.together(usual, ends);
    } catch (error) {
      if (error instanceof DatabaseError && error.code === 'CLOSED') throw error;
      const reason = String(error);
      log.warn('minutes of several models could not be summarised together; now model by model', { reason });
    }
    return ends;
  }

  /** Notes in `ends` what came of those it has finished with. */
  private async together(due: readonly DirtyMinutes[], ends: Ends): Promise<void> {
    const { setProfiles, outcomes } = this.stages;
    await this.recordVersions(due);
    const work: Work[] = [];
    for (const dirty of due) {
      const found = await this.fenced(dirty, async () => this.workOf(dirty));
      if (found === 'failed') ends.set(dirty, found);
      else if (found) work.push(found);
    }
    const streams = work.map(({ stream }) => stream).filter(({ minutes }) => minutes.length > 0);
    const left = new Set(await setProfiles.summarise(streams));
    await outcomes.summarise(streams.filter((stream) => !left.has(stream)));
    // A reference that came into force meanwhile may not have seen these minutes.
    const summarised = work.filter(
      ({ stream }) =>
        !left.has(stream) && this.baselineId(stream.model.key, stream.version) === stream.baseline?.id,
    );
    const counts = await this.counts(summarised);
    for (const one of summarised) {
      const note = async () => this.note(one, counts.get(placeOf(one.dirty)) ?? []);
      ends.set(one.dirty, (await this.fenced(one.dirty, note)) === 'failed' ? 'failed' : 'done');
    }
  }

  private async fenced<T>({ model, version }: DirtyMinutes, work: () => Promise<T>): Promise<T | 'failed'> {
    const place = { model, version, step: 'summarise' } as const;
    return this.stages.faults.fence<T | 'failed'>(place, 'failed', work);
  }

  private async recordVersions(due: readonly DirtyMinutes[]): Promise<void> {
    const { registry, ledger } = this.stages;
    const known = due.filter(({ model }) => registry.find(model));
    // The second version of a model that is new with its first is recorded by itself, in its turn; one that was announced has its place already.
    const first = [...groupBy(known, ({ model }) => model).values()].flatMap((some) => some.slice(0, 1));
    const isAnnounced = ({ model, version }: DirtyMinutes) =>
      registry.find(model)?.versions.some((one) => one.version === version) === true;
    const recorded = new Set([...first, ...known.filter(isAnnounced)]);
    const seen = (now: Date) =>
      [...recorded].flatMap(({ model, version }) => registry.versionSeen(model, version, now));
    if (seen(this.stages.clock.now()).length > 0) await ledger.transact(seen);
  }

  /** Null where the model has to have its own turn: it is not registered, or its version is not recorded yet. */
  private async workOf(dirty: DirtyMinutes): Promise<Work | null> {
    const { registry, references } = this.stages;
    const { version } = dirty;
    const registered = registry.find(dirty.model);
    if (!registered?.versions.some((one) => one.version === version)) return null;
    const baseline = await references.baselineOf(heldAgainst(registered, version));
    return { dirty, stream: { model: registered.model, baseline, version, ...unsummed(dirty) } };
  }

  /** Of the reference that a version is held against now. */
  private baselineId(model: string, version: string): string | undefined {
    const registered = this.stages.registry.find(model);
    return registered && heldAgainst(registered, version).baseline?.id;
  }

  private async counts(work: readonly Work[]): Promise<ReadonlyMap<string, readonly WindowCounts[]>> {
    const asked = work.map(({ dirty, stream: { model, version } }) => {
      const starts = new Set(dirty.minutes.map((minute) => windowStart(minute * 1000, model.window)));
      return { model: model.key, version, widthMs: model.window, starts: [...starts] };
    });
    return groupBy(await this.stages.windows.countsOf(asked), placeOf);
  }

  private async note({ dirty, stream }: Work, counts: readonly WindowCounts[]): Promise<void> {
    const { book } = this.stages;
    const { model, version } = stream;
    await this.recall(model, version, dirty.minutes);
    book.observe(model, version, foundRows(dirty));
    book.recount(model, version, counts);
  }

  private async isSummarised(dirty: DirtyMinutes): Promise<boolean> {
    return (await this.fenced(dirty, async () => this.summariseVersion(dirty))) !== 'failed';
  }

  private async summariseVersion(dirty: DirtyMinutes): Promise<void> {
    const { registry, ledger, references, book, log } = this.stages;
    const { model, version, minutes } = dirty;
    const registered = registry.find(model);
    if (!registered) return log.warn('rows of a model that is not registered', { model, version });
    await ledger.transact((now) => registry.versionSeen(model, version, now));
    const baseline = await references.baselineOf(heldAgainst(registered, version));
    await this.sum(dirty, registered.model, baseline);
    // A reference that came into force meanwhile may not have seen these minutes.
    if (this.baselineId(model, version) !== baseline?.id) return this.summariseVersion(dirty);
    await this.recall(registered.model, version, minutes);
    book.observe(registered.model, version, foundRows(dirty));
    await this.recount(registered.model, version, minutes);
  }

  private async sum(dirty: DirtyMinutes, model: Model, baseline: StreamMinutes['baseline']): Promise<void> {
    const { profiles, outcomes } = this.stages;
    const { version } = dirty;
    const { minutes, withNewRows } = unsummed(dirty);
    // Labels change what is known of a row, not its features.
    if (withNewRows.length > 0) await profiles.recompute(model, baseline, version, withNewRows);
    if (minutes.length === 0) return;
    await profiles.rejudge(model, baseline, version, minutes);
    await outcomes.summarise([{ model, baseline, version, minutes }]);
  }

  /** The book holds what can still change; what came back to older windows brings them back too. */
  private async recall(model: Model, version: string, minutes: readonly number[]): Promise<void> {
    const { book, windows } = this.stages;
    const absent = book.absent(model, version, (minutes[0] ?? 0) * 1000);
    if (!absent) return;
    const stored = await windows.load(model.key, version, absent.from, absent.to);
    book.load(await recordedOf(this.stages, stored));
  }

  private async recount(model: Model, version: string, minutes: readonly number[]): Promise<void> {
    const from = windowStart((minutes[0] ?? 0) * 1000, model.window);
    const to = (minutes.at(-1) ?? 0) * 1000 + model.window;
    const counts = await this.stages.windows.counts(model.key, version, from, to, model.window);
    this.stages.book.recount(model, version, counts);
  }
}

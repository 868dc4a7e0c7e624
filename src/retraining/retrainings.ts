import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { RetrainMessage } from '../domain/retrain-message.js';
import type { Projection } from '../ledger/projection.js';
import { VersionComparison } from '../domain/version-comparison.js';
import { askerOf, DeferredWish, type Deferral } from './deferral.js';
import { causeWith, JoinedWish } from './join-run.js';
import { TrainingManifest, type RecordedManifest } from './manifest.js';
import {
  ENDED_RANK,
  JobReport,
  RANK,
  RETRAINING_SUBJECT,
  RetrainingOrder,
  type TrainingRefusal,
  type Retraining,
} from './retraining.js';
import { afterDelivery, afterPromotion, afterReport, afterWord, newRun } from './run-after.js';
import { isSpent, newestEnd, reachedJob } from './run-ends.js';
import { stepOf, type RetrainingNews } from './training-step.js';
import { storyAfter, type RetrainingStory } from './story.js';

const Manifested = z.object({ digest: z.string(), manifest: TrainingManifest });

const DAY_MS = 86_400_000;
const NOT_HELPED: ReadonlySet<string> = new Set(['retraining.asked_again', 'retraining.rejected']);

const Excluded = z.object({ exclude: RetrainMessage.shape.exclude.optional() });

/** Every training run and refusal, folded from the log. A run's delivery bears the run's id, so its fate is read from there. */
export class Retrainings implements Projection {
  private readonly byId = new Map<string, Retraining>();
  private readonly decisions = new Map<string, Set<string>>();
  private readonly deferrals = new Map<string, Deferral>();
  private readonly stories = new Map<string, RetrainingStory>();
  private readonly refusals = new Map<string, TrainingRefusal>();
  private readonly futile = new Map<string, number>();
  private readonly manifests = new Map<string, RecordedManifest>();
  private steps: RetrainingNews[] = [];

  reset(): void {
    const { byId, decisions, deferrals, stories, refusals, futile, manifests } = this;
    for (const held of [byId, decisions, deferrals, stories, refusals, futile, manifests]) held.clear();
    this.steps = [];
  }

  apply(entry: LedgerEntry): void {
    if (entry.subject.type === RETRAINING_SUBJECT) {
      this.applyOwn(entry);
      this.tell(entry);
    } else if (entry.action === 'approval.given' && this.stories.has(entry.subject.id)) this.tell(entry);
    else if (entry.action === 'retraining.breaker_reset') this.futile.delete(entry.subject.id);
    else if (entry.subject.type === 'delivery' && this.byId.has(entry.subject.id)) {
      this.applyDelivery(entry);
      this.step(entry);
    }
  }

  /** Steps of the last day, oldest first: older ones were told, or nobody wants to hear of them any more. */
  news(now: Date): readonly RetrainingNews[] {
    this.steps = this.steps.filter(({ at }) => now.getTime() - at.getTime() < DAY_MS);
    return this.steps;
  }

  find(id: string): Retraining | undefined {
    return this.byId.get(id);
  }

  /** The newest run that made a version. */
  maker(model: string, version: string): Retraining | undefined {
    return this.list(model).find(({ newVersion }) => newVersion === version);
  }

  /** What a run learns from, once that was counted. */
  manifestOf(id: string): RecordedManifest | undefined {
    return this.manifests.get(id);
  }

  /** Newest first. */
  list(model: string | null = null): readonly Retraining[] {
    return [...this.byId.values()].filter((one) => model === null || one.model === model).toReversed();
  }

  /** The run that occupies the model, proposed or under way. */
  inFlight(model: string): Retraining | undefined {
    return this.list(model).find(({ state }) => RANK[state] < ENDED_RANK);
  }

  /** When the newest run of the model ended, however it ended; one that was called off before anybody got it was none. */
  lastFinishedAt(model: string): Date | null {
    return newestEnd(this.list(model).filter(isSpent));
  }

  /** The same of runs that a job has got. */
  lastTrainedAt(model: string): Date | null {
    return newestEnd(this.list(model).filter(reachedJob));
  }

  /** When runs were asked for in `(since, now]`, oldest first; proposals that nobody approved cost nothing, nor does what was called off before it was sent. */
  requestedSince(model: string, since: Date): readonly Date[] {
    return this.list(model)
      .filter((run) => run.requestedAt > since && isSpent(run))
      .map(({ requestedAt }) => requestedAt)
      .toReversed();
  }

  /** Models of which there is a run, or one that waits to be possible. */
  models(): ReadonlySet<string> {
    const of = [...this.byId.values(), ...this.deferrals.values()];
    return new Set(of.map(({ model }) => model));
  }

  /** The run the model waits for, because it is wanted and not possible yet. */
  deferralOf(model: string): Deferral | undefined {
    return this.deferrals.get(model);
  }

  /** Every decision about training, newest first: what was wanted, what stopped it, what became of it. */
  history(model: string | null = null): readonly RetrainingStory[] {
    return [...this.stories.values()].filter((one) => model === null || one.model === model).toReversed();
  }

  story(id: string): RetrainingStory | undefined {
    return this.stories.get(id);
  }

  /** Actor ids of those who asked for a run: of a model of high risk they do not say yes to it. */
  askersOf(id: string): readonly string[] {
    const story = this.stories.get(id);
    return story ? [...new Set([story.askedBy, ...story.wishes.map(({ by }) => by)])] : [];
  }

  /** Runs in a row whose cause was still there afterwards. */
  futileRuns(model: string): number {
    return this.futile.get(model) ?? 0;
  }

  /** Number of decisions so far about the model; the next one's id is derived from it. */
  decisionCount(model: string): number {
    return this.decisions.get(model)?.size ?? 0;
  }

  lastRefusal(model: string, cause: string): TrainingRefusal | undefined {
    return this.refusals.get(`${model} ${cause}`);
  }

  private applyOwn(entry: LedgerEntry): void {
    const { id } = entry.subject;
    const model = textOf(entry, 'model');
    switch (entry.action) {
      case 'retraining.requested':
      case 'retraining.proposed':
        return this.order(entry);
      case 'retraining.deferred':
        return this.defer(entry);
      case 'retraining.recommended':
      case 'retraining.lapsed':
        return this.decided(model, id);
      case 'retraining.declined':
        return this.change(id, { state: 'declined', finishedAt: null, note: textOf(entry, 'note') });
      case 'retraining.refused':
        return this.refuse(entry, model);
      case 'retraining.approved':
        return this.approve(entry);
      case 'retraining.joined':
        return this.join(entry);
      case 'retraining.manifest_made':
        this.manifests.set(id, Manifested.parse(entry.data));
        return;
      case 'retraining.progressed':
        return this.progress(id, JobReport.parse(entry.data), entry.at);
      case 'retraining.cancelled':
        return this.change(id, { state: 'cancelled', finishedAt: entry.at, note: textOf(entry, 'note') });
      case 'retraining.timed_out':
        return this.change(id, {
          state: 'timed_out',
          finishedAt: entry.at,
          note: textOf(entry, 'reason'),
        });
      case 'retraining.evaluated':
        return this.evaluated(entry);
      default:
        this.countFutile(entry);
        return this.change(id, { ...afterWord(entry), ...afterPromotion(entry) });
    }
  }

  private order(entry: LedgerEntry): void {
    const order = RetrainingOrder.parse(entry.data);
    this.decided(order.message.model, entry.subject.id);
    this.byId.set(entry.subject.id, newRun(order, entry));
  }

  private approve(entry: LedgerEntry): void {
    const run = this.byId.get(entry.subject.id);
    // Approvals of before it was looked at again leave the run's own.
    const exclude = Excluded.parse(entry.data).exclude ?? run?.message.exclude;
    const message = run && exclude && { message: { ...run.message, exclude } };
    this.change(entry.subject.id, { state: 'requested', requestedAt: entry.at, ...message });
  }

  /** What it is to end beside what it was asked for first. */
  private join(entry: LedgerEntry): void {
    const run = this.byId.get(entry.subject.id);
    const { series, request } = JoinedWish.parse(entry.data);
    if (!run) return;
    const message = { ...run.message, cause: causeWith(run.message.cause, request) };
    this.change(run.id, { message, series: [...new Set([...run.series, ...series])] });
  }

  private refuse(entry: LedgerEntry, model: string): void {
    const cause = textOf(entry, 'cause');
    this.decided(model, entry.subject.id);
    this.refusals.set(`${model} ${cause}`, {
      at: entry.at,
      model,
      cause,
      guard: textOf(entry, 'guard'),
    });
  }

  private evaluated({ subject, data }: LedgerEntry): void {
    const evaluation = VersionComparison.parse(data['evaluation']);
    // What was proposed on another comparison is proposed no more.
    const isStale = this.byId.get(subject.id)?.promotion?.state === 'PROPOSED';
    this.change(subject.id, { evaluation, ...(isStale ? { promotion: null } : {}) });
  }

  /** A run that did not help counts once, however that came to light; one that helped ends the count. */
  private countFutile({ action, subject }: LedgerEntry): void {
    const run = this.byId.get(subject.id);
    if (!run) return;
    if (action === 'retraining.validated') this.futile.delete(run.model);
    if (NOT_HELPED.has(action) && run.askedAgain === null)
      this.futile.set(run.model, this.futileRuns(run.model) + 1);
  }

  private progress(id: string, report: JobReport, at: Date): void {
    const run = this.byId.get(id);
    if (run) this.change(id, afterReport(run, report, at));
  }

  /** The request's own delivery: received starts the clock of acceptance, dead frees the model. */
  private applyDelivery(entry: LedgerEntry): void {
    const run = this.byId.get(entry.subject.id);
    if (run) this.change(run.id, afterDelivery(run, entry));
  }

  private change(id: string, changed: Partial<Retraining>): void {
    const run = this.byId.get(id);
    if (run) this.byId.set(id, { ...run, ...changed });
  }

  private defer(entry: LedgerEntry): void {
    const deferral = { ...DeferredWish.parse(entry.data), id: entry.subject.id };
    const before = this.deferrals.get(deferral.model);
    this.decided(deferral.model, deferral.id);
    this.deferrals.set(deferral.model, { ...deferral, askedBy: askerOf(entry, before) });
  }

  /** Counts a decision once, however often it was put off, and ends the waiting for it. */
  private decided(model: string, id: string): void {
    const ids = this.decisions.get(model) ?? new Set();
    this.decisions.set(model, ids.add(id));
    if (this.deferrals.get(model)?.id === id) this.deferrals.delete(model);
  }

  private tell(entry: LedgerEntry): void {
    const story = storyAfter(this.stories.get(entry.subject.id), entry);
    if (story) this.stories.set(entry.subject.id, story);
    this.step(entry);
  }

  private step(entry: LedgerEntry): void {
    const { id } = entry.subject;
    const step = stepOf(entry, { story: this.stories.get(id), run: this.byId.get(id) });
    if (step) this.steps.push(step);
  }
}

function textOf(entry: LedgerEntry, field: string): string {
  const value = entry.data[field];
  return typeof value === 'string' ? value : '';
}

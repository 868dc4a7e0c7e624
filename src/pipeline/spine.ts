import { eachReference, type RegisteredModel } from '../registry/registry.js';
import { judgeDue, payersOf } from './judging.js';
import { OwnModels, restoreBook } from './own-models.js';
import { pinDueBaselines } from './pin-due-baselines.js';
import { modelStanding, type ModelStanding } from './standing.js';
import type { Stages } from './stages.js';
import { Summaries } from './summaries.js';

/** What one beat of the spine did. */
export interface TickReport {
  readonly minutes: number;
  readonly windows: number;
}

/** A storm of one model holds up the windows of others by no more than this and one statement. */
const APART_TURN_MS = 1_000;

/** `settling`: the process was away, and what was sent meanwhile may not have come in yet, so that no silence is believed. */
interface Attended {
  readonly settling: boolean;
}

const PRESENT: Attended = { settling: false };

/**
 * From rows to consequences: summarise what changed, freeze references that became complete, judge windows that are due. What follows is
 * in the ledger then; the outbox delivers it. Every step takes up where the last one stopped, whoever stopped it.
 */
export class Spine {
  private running: Promise<TickReport> | null = null;
  private pinning: Promise<void> | null = null;
  private stopped = false;
  /** When the beat under way began. */
  private began = new Date(0);
  private readonly own: OwnModels;
  /** References that could not be frozen, by model key; cleared when somebody pins one. */
  readonly problems = new Map<string, string>();
  private readonly summaries: Summaries;

  /** `heardUntil` says until when everything that was sent is stored, at the most until now. */
  constructor(
    private readonly stages: Stages,
    private readonly heardUntil: (now: Date) => Date = (now) => now,
  ) {
    this.own = new OwnModels(stages);
    this.summaries = new Summaries(stages, this.own);
  }

  /** Reads what earlier processes judged. */
  async restore(): Promise<void> {
    // Where several processes share the work, each takes up what becomes its own.
    const { replicas, clock } = this.stages;
    if (!replicas.isShared) this.summaries.owe(await restoreBook(this.stages, null, clock.now()));
  }

  /** Everything once, in order: summarise, freeze, judge. For those who drive the spine by hand; a call during a beat gets that beat. */
  async tick({ settling }: Attended = PRESENT): Promise<TickReport> {
    return this.beat(async () => {
      const minutes = await this.summariseAll(settling, Infinity);
      await this.pin();
      for (const registered of this.own.list()) await this.fitted(registered);
      return { minutes, windows: await this.judgeDue() };
    });
  }

  /** Summarises and judges what can be judged now; a model whose reference is being frozen or fitted has its turn when that is done. */
  async judge({ settling }: Attended = PRESENT): Promise<TickReport> {
    return this.beat(async () => ({
      minutes: await this.summariseAll(settling, APART_TURN_MS),
      windows: await this.judgeDue(),
    }));
  }

  /** Freezes references that became complete. Beside judging, which it would hold up for seconds a model. */
  async pin(): Promise<void> {
    if (this.stopped) return;
    this.pinning ??= pinDueBaselines(this.stages, this.problems).finally(() => (this.pinning = null));
    return this.pinning;
  }

  /** No new beat after this; resolves when the last ones are over. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled([this.running, this.pinning]);
  }

  private async beat(run: () => Promise<TickReport>): Promise<TickReport> {
    if (this.stopped) return { minutes: 0, windows: 0 };
    if (!this.running) this.began = this.stages.clock.now();
    this.running ??= run().finally(() => (this.running = null));
    return this.running;
  }

  private async fitted(registered: RegisteredModel): Promise<void> {
    const place = { model: registered.model.key, version: null, step: 'reference' } as const;
    await this.stages.faults.fence(place, undefined, async () => {
      for (const held of eachReference(registered)) await this.stages.references.of(held);
    });
  }

  private async summariseAll(settling: boolean, turnMs: number): Promise<number> {
    const { book, clock, windows: stored } = this.stages;
    // What is judged in this beat knows of nothing later, however long the beat takes.
    const at = clock.now();
    const heardUntil = settling ? null : this.stages.replicas.heardUntil(this.heardUntil(at));
    book.read({ at, heardUntil });
    const minutes = await this.summaries.news(turnMs);
    await stored.saveDelays(book.changedDelays());
    await stored.saveStarts(book.starts.changed());
    await this.summaries.reconcile();
    return minutes;
  }

  private async judgeDue(): Promise<number> {
    const { own, problems } = this;
    const isWaiting = this.summaries.waiting();
    const isStopped = () => this.stopped;
    const session = { began: this.began, isStopped, isWaiting, problems, models: own.list() };
    return judgeDue(this.stages, session);
  }

  /** How far judging is behind what is stored, in words; null while it keeps up. */
  backlog(): string | null {
    return this.stages.backlog.ofAll(this.stages.clock.now());
  }

  /** What only the process knows that judges a model. */
  standing(model: string): ModelStanding {
    return modelStanding(this.stages, this.problems, model);
  }

  /** Versions of this process's models that share the fleet's budget. */
  paying(): number {
    return payersOf(this.stages, this.own.list());
  }
}

import { addAll } from '../../../src/domain/add-all.js';
import { generator } from '../detection/generator.js';
import { eventsBeside, eventsOf, FLEET_START, HOUR, type Broken, type DueLabel } from './fleet-events.js';
import type { FleetModel } from './fleet-model.js';
import { FleetService, type Beaten } from './fleet-service.js';
import { untruths } from './fleet-truth.js';

/** How long after the newest row a beat comes: sooner than a window of five minutes could be silent. */
const BEHIND = 200_000;

/** Events in one request at most. */
const EVENTS_AT_ONCE = 5_000;

/** What a model sends at the end of a step. */
interface Delivery {
  readonly predictions: readonly object[];
  readonly labels: readonly object[];
}

/** How a fleet is run. */
export interface FleetPlan {
  readonly models: readonly FleetModel[];
  readonly days: number;
  readonly seed: number;
  /** Hours between deliveries; batch models deliver a day at its end. */
  readonly stepHours: number;
  /** Days that a back-fill holds. */
  readonly backfillDays: number;
  /** An orderly restart, and a kill inside the beat that judges, every so many days. */
  readonly restartDays: number;
  readonly killDays: number;
  /** What is planted, by model. */
  readonly broken: Readonly<Record<string, Broken>>;
}

/** A run under way: a service, a clock and what is still to come. */
export class FleetRun {
  readonly beats: { readonly day: number; readonly beat: Beaten }[] = [];
  readonly untrue: string[] = [];
  sent = 0;
  private hour = 0;
  private registered: ReadonlySet<string> = new Set<string>();
  private labels: ReadonlyMap<string, readonly DueLabel[]> = new Map();
  private readonly random;

  constructor(
    readonly plan: FleetPlan,
    readonly service: FleetService,
  ) {
    this.random = generator(plan.seed);
  }

  /** Whole days behind it. */
  get day(): number {
    return Math.floor(this.hour / 24);
  }

  async begin(): Promise<void> {
    await this.service.start(FLEET_START);
  }

  /** The same run up to the end of a day, which goes on by another plan on a copy of its data. Its own service stops for the copy. */
  async fork(plan: FleetPlan, directory: string): Promise<FleetRun> {
    const other = new FleetRun(plan, await this.service.copy(directory));
    other.beats.push(...this.beats);
    other.untrue.push(...this.untrue);
    other.sent = this.sent;
    other.hour = this.hour;
    other.registered = new Set(this.registered);
    other.labels = new Map(this.labels);
    await other.service.start(FLEET_START + this.hour * HOUR + BEHIND);
    return other;
  }

  /** Registers a model before its first row, and the version on trial before the first of that. */
  private async register({ key, kind }: FleetModel): Promise<void> {
    this.registered = new Set([...this.registered, key]);
    const yaml = JSON.stringify({ key, ...kind.file });
    await this.service.mutate('modelRegister', 'input: { yaml: $yaml }', { yaml });
    if (!kind.beside) return;
    const trial = 'input: { model: $model, version: "2", stage: SHADOW, reason: "a trial of the bench" }';
    await this.service.mutate('modelVersionRegister', trial, { model: key });
  }

  /** Goes on to the end of a day. */
  async until(day: number): Promise<void> {
    const end = day * 24;
    while (this.hour < end) {
      const to = Math.min(this.hour + this.plan.stepHours, end);
      await this.step(this.hour, to);
      this.hour = to;
      if (to % 24 === 0) await this.endDay(to / 24);
    }
  }

  private async step(from: number, to: number): Promise<void> {
    const now = FLEET_START + to * HOUR;
    this.service.set(now);
    const predictions: object[] = [];
    const labels: object[] = [];
    for (const model of this.plan.models) {
      const events = await this.ready(model, from, to);
      addAll(predictions, events.predictions);
      addAll(labels, events.labels);
    }
    await this.deliver('/v1/predictions', predictions);
    await this.deliver('/v1/labels', labels);
    if (to % (24 * this.plan.killDays) === 0) {
      await this.service.killInBeat(now + BEHIND, Math.floor(50 + 2000 * this.random()));
      await this.service.start(now + BEHIND);
    }
    await this.beat(now + BEHIND);
  }

  /** What a model sends at the end of a step. */
  private async ready(model: FleetModel, from: number, to: number): Promise<Delivery> {
    const { backfillDays, seed, broken } = this.plan;
    const waits = model.backfilled && to < backfillDays * 24;
    const whole = model.kind.batch ? to % 24 === 0 : true;
    const first = model.fromDay * 24;
    if (waits || !whole || to <= first) return { predictions: [], labels: [] };
    if (!this.registered.has(model.key)) await this.register(model);
    const begin = model.backfilled && to === backfillDays * 24 ? first : model.kind.batch ? to - 24 : from;
    const own = [...(this.labels.get(model.key) ?? [])];
    const predictions: object[] = [];
    for (let hour = Math.max(first, begin); hour < to; hour += 1) {
      const events = eventsOf(model, hour, { seed, broken: broken[model.key] ?? null });
      predictions.push(...events.predictions);
      own.push(...events.labels);
      if (model.kind.beside) predictions.push(...eventsBeside(model, hour, seed));
    }
    const now = FLEET_START + to * HOUR;
    this.labels = new Map([...this.labels, [model.key, own.filter(({ dueAt }) => dueAt > now)]]);
    return { predictions, labels: own.filter(({ dueAt }) => dueAt <= now).map(({ event }) => event) };
  }

  /** Sends what all models have: a request costs more than its events. */
  private async deliver(path: string, events: readonly object[]): Promise<void> {
    for (let i = 0; i < events.length; i += EVENTS_AT_ONCE)
      await this.service.send(path, events.slice(i, i + EVENTS_AT_ONCE));
    this.sent += events.length;
  }

  private async endDay(day: number): Promise<void> {
    for (const model of this.plan.models) {
      if (this.registered.has(model.key))
        this.untrue.push(...(await untruths(this.service, model, day - model.fromDay)));
    }
    if (day % this.plan.restartDays !== 0) return;
    await this.service.stop();
    await this.service.start(FLEET_START + day * 24 * HOUR + BEHIND);
  }

  private async beat(at: number): Promise<void> {
    const beat = await this.service.beat(at);
    this.beats.push({ day: Math.floor(this.hour / 24), beat });
  }
}

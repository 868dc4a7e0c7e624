import { generator } from '../detection/generator.js';
import { eventsBeside, eventsOf, FLEET_START, HOUR, type Broken, type DueLabel } from './fleet-events.js';
import type { FleetModel } from './fleet-model.js';
import { FleetService, type Beaten } from './fleet-service.js';
import { untruths } from './fleet-truth.js';

/** How a fleet is run. */
export interface FleetPlan {
  readonly models: readonly FleetModel[];
  readonly days: number;
  readonly seed: number;
  /** Hours between deliveries; batch models deliver a day at its end. */
  readonly stepHours: number;
  /** Days that a back-fill holds. */
  readonly backfillDays: number;
  /** An orderly restart and a kill inside a beat every so many days. */
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
  private readonly labels = new Map<string, DueLabel[]>();
  private readonly random;

  constructor(
    readonly plan: FleetPlan,
    readonly service: FleetService,
  ) {
    this.random = generator(plan.seed);
  }

  /** Registers the models, and the version on trial before its first row. */
  async begin(): Promise<void> {
    await this.service.start(FLEET_START);
    for (const { key, kind } of this.plan.models) {
      await this.service.query(
        'mutation ($yaml: String!) { modelRegister(input: { yaml: $yaml }) { userErrors { message } } }',
        { yaml: JSON.stringify({ key, ...kind.file }) },
      );
      if (!kind.beside) continue;
      await this.service.query(
        'mutation ($model: String!) { modelVersionRegister(input: { model: $model, version: "2", stage: SHADOW, reason: "bench" }) { userErrors { message } } }',
        { model: key },
      );
    }
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
    for (const model of this.plan.models) await this.deliver(model, from, to);
    await this.beat(now + 200_000);
  }

  /** What a model sends at the end of a step. */
  private async deliver(model: FleetModel, from: number, to: number): Promise<void> {
    const { backfillDays, seed, broken } = this.plan;
    const waits = model.backfilled && to < backfillDays * 24;
    const whole = model.kind.batch ? to % 24 === 0 : true;
    if (waits || !whole) return;
    const first = model.fromDay * 24;
    const begin = model.backfilled && to === backfillDays * 24 ? first : model.kind.batch ? to - 24 : from;
    const own = this.labels.get(model.key) ?? [];
    const predictions: object[] = [];
    for (let hour = Math.max(first, begin); hour < to; hour += 1) {
      const events = eventsOf(model, hour, { seed, broken: broken[model.key] ?? null });
      predictions.push(...events.predictions);
      own.push(...events.labels);
      if (model.kind.beside) predictions.push(...eventsBeside(model, hour, seed));
    }
    const now = FLEET_START + to * HOUR;
    this.labels.set(
      model.key,
      own.filter(({ dueAt }) => dueAt > now),
    );
    const labels = own.filter(({ dueAt }) => dueAt <= now).map(({ event }) => event);
    await this.service.send('/v1/predictions', predictions);
    await this.service.send('/v1/labels', labels);
    this.sent += predictions.length + labels.length;
  }

  private async endDay(day: number): Promise<void> {
    const now = FLEET_START + day * 24 * HOUR;
    await this.beat(now + 1_200_000);
    for (const model of this.plan.models) {
      const began = model.backfilled && day < this.plan.backfillDays ? -1 : day - model.fromDay;
      this.untrue.push(...(await untruths(this.service, model, began > 0 ? began : -1)));
    }
    if (day % this.plan.killDays === 0) {
      await this.service.killInBeat(now + 1_300_000, Math.floor(20 + 180 * this.random()));
      await this.service.start(now + 1_300_000);
    } else if (day % this.plan.restartDays === 0) {
      await this.service.stop();
      await this.service.start(now + 1_300_000);
    }
  }

  private async beat(at: number): Promise<void> {
    const beat = await this.service.beat(at);
    this.beats.push({ day: Math.floor(this.hour / 24), beat });
  }
}

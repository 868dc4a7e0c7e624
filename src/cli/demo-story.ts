import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SYSTEM } from '../domain/ledger-entry.js';
import { minuteText } from '../domain/wording.js';
import type { RunningService } from '../main.js';
import { keepHouse } from '../pipeline/housekeeping.js';
import { parseModelFile } from '../registry/model-file.js';
import type { DemoClock } from './demo-clock.js';
import { arrivals, departures, LIVE_FROM, LIVE_TO, loadFlights } from './demo-flights.js';
import { DemoProgress, ProgressBar } from './demo-progress.js';
import { DEMO_MODEL, DEMO_VERSION, demoModelFile, prepareReference } from './demo-reference.js';
import { faultOf, isTold, type DemoMeasures } from './demo-report.js';
import { sendEvents, type Answering, type Target } from './demo-stream.js';
import { ANSWERS_FROM, askForTraining, decideOnNext, nextModel, TRAINED_AT } from './demo-training.js';

const DAY = 86_400_000;
/** Event time sent in one request: large requests are stored in large parts. */
const STEP_MS = 3 * DAY;

export interface StoryParts {
  readonly clock: DemoClock;
  readonly directory: string;
  /** performance.now() at the start of the demo. */
  readonly began: number;
  readonly target: Target;
  readonly speed: number;
}

/** The stream in event time, and what the service makes of it on the way. */
export class Story {
  private readonly bar = new ProgressBar();
  private readonly progress: DemoProgress;
  private readonly shown = new Set<string>();
  private readonly startedAt = performance.now();
  private events = 0;
  private inShadow = false;
  private firstIncident: number | null = null;
  /** What was sent in all, when this run sent everything; null after a restart. */
  sent: { predictions: number; labels: number } | null;

  constructor(
    private readonly running: RunningService,
    private readonly parts: StoryParts,
  ) {
    this.progress = new DemoProgress(parts.directory);
    this.sent = this.progress.read() === null ? { predictions: 0, labels: 0 } : null;
  }

  async tell(signal: AbortSignal): Promise<DemoMeasures> {
    const { service } = this.running;
    this.bar.say('Reading the flights of January to June 2001 and fitting a model on January …');
    await loadFlights(service.database);
    const { model, reference } = await prepareReference(service.database, this.parts.directory);
    await this.register(reference);
    for (const incident of service.incidents.list()) this.shown.add(incident.id);
    const streaming = performance.now();
    const old = { version: DEMO_VERSION, model };
    await this.stream([old], { to: TRAINED_AT, signal });
    if (!signal.aborted && (await askForTraining(service)))
      this.bar.say('  a job in a process of its own trained again on the manifest');
    const next = nextModel(this.parts.directory);
    this.inShadow = true;
    await this.stream(next ? [old, next] : [old], { to: ANSWERS_FROM, signal });
    this.inShadow = false;
    const isReplaced = !signal.aborted && (await decideOnNext(service));
    await this.stream(next && isReplaced ? [next] : [old], { to: LIVE_TO, signal });
    if (!signal.aborted) await this.judge();
    signal.throwIfAborted();
    const seconds = (performance.now() - streaming) / 1000;
    return {
      eventsPerSecond: Math.round(this.events / Math.max(seconds, 0.001)),
      secondsToFirstIncident: this.firstIncident,
    };
  }

  /** What departs until `to` is answered by each of some versions: the first one answers, another is in its shadow. */
  private async stream(
    answering: readonly Answering[],
    { to, signal }: { readonly to: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const from = this.progress.read() ?? LIVE_FROM;
    const began = performance.now();
    let beat: Promise<unknown> = Promise.resolve();
    // Sending may be one step ahead of judging.
    let ahead = beat;
    for (let at = from; at < to && !signal.aborted; at += STEP_MS) {
      const until = Math.min(at + STEP_MS, to);
      await this.step(answering, at, until);
      // Judging runs beside sending; one beat takes in everything that was sent before it began.
      beat = beat.then(async () => this.judge());
      await ahead;
      ahead = beat;
      await this.hold(until - from, began, signal);
    }
    await beat;
  }

  private async register(reference: string): Promise<void> {
    const folder = join(this.parts.directory, 'models');
    const file = join(folder, `${DEMO_MODEL}.yaml`);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(file)) writeFileSync(file, demoModelFile(reference));
    const { service } = this.running;
    const model = parseModelFile(file, readFileSync(file, 'utf8'));
    await service.ledger.transact((now) => service.registry.register(model, SYSTEM, now));
    service.writer.rulesChanged();
    await service.spine.tick(); // freezes the baseline
    const problem = service.spine.problems.get(DEMO_MODEL);
    if (problem) throw new Error(problem);
  }

  private async step(answering: readonly Answering[], at: number, until: number): Promise<void> {
    const { clock, target } = this.parts;
    const { database } = this.running.service;
    const [leaving, known] = await Promise.all([
      departures(database, at, until),
      arrivals(database, at, until),
    ]);
    clock.advanceTo(until);
    for (const [i, { model, version }] of answering.entries())
      this.events += await sendEvents(target, model, { leaving, known: i === 0 ? known : [] }, version);
    if (this.sent) {
      const { predictions, labels } = this.sent;
      this.sent = { predictions: predictions + leaving.length, labels: labels + known.length };
    }
    this.progress.write(until);
    const rate = this.events / ((performance.now() - this.startedAt) / 1000);
    const speed = ((until - LIVE_FROM) / (performance.now() - this.startedAt)).toLocaleString('en', {
      maximumFractionDigits: 0,
    });
    this.bar.show(
      (until - LIVE_FROM) / (LIVE_TO - LIVE_FROM),
      until,
      `${rate.toFixed(0)} events/s · ${speed} × real time · ${this.shown.size} incidents`,
    );
  }

  private async judge(): Promise<void> {
    const { service } = this.running;
    await service.spine.tick();
    // The new version is compared when its time in shadow is over, not at every step of it.
    if (!this.inShadow) await keepHouse(service.stages, service.checkpoints);
    await service.stages.outbox.drain(service.stages.clock.now());
    for (const incident of service.incidents.list().filter(isTold).toReversed()) {
      if (this.shown.has(incident.id)) continue;
      this.shown.add(incident.id);
      this.firstIncident ??= (performance.now() - this.parts.began) / 1000;
      const mark = faultOf(incident) ? 'INJECTED' : 'real';
      this.bar.say(
        `  ${minuteText(incident.course.foundAt)}  ${incident.severity.padEnd(8)} ${mark.padEnd(8)} ${incident.summary}`,
      );
    }
  }

  /** Keeps to the speed that was asked for. */
  private async hold(passed: number, since: number, signal: AbortSignal): Promise<void> {
    const due = passed / this.parts.speed - (performance.now() - since);
    if (due > 0) await wait(due, undefined, { signal }).catch(() => undefined);
  }
}

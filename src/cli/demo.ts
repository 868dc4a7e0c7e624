import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { parseConfig } from '../config/config.js';
import { packageFolder } from '../config/package-folder.js';
import { secretFile } from '../config/secret-file.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { minuteText } from '../domain/wording.js';
import type { RunningService } from '../main.js';
import { parseModelFile } from '../registry/model-file.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { DemoClock } from './demo-clock.js';
import { arrivals, departures, flightsFile, LIVE_FROM, LIVE_TO, loadFlights } from './demo-flights.js';
import type { DelayModel } from './demo-model.js';
import { DemoProgress, ProgressBar } from './demo-progress.js';
import { DEMO_MODEL, demoModelFile, prepareReference } from './demo-reference.js';
import { demoReport, faultOf, isTold, keptPromises, reportLines, type DemoMeasures } from './demo-report.js';
import { sendEvents, type Target } from './demo-stream.js';
import { startJob, tellTraining, type DemoTraining } from './demo-training.js';

interface DemoOptions {
  readonly exit?: boolean;
  readonly json?: boolean;
  readonly port: string;
  readonly data: string;
  readonly speed?: string;
}

const DAY = 86_400_000;
/** Event time sent in one request: large requests are stored in large parts. */
const STEP_MS = 3 * DAY;

/** `tidewatch demo`: five months of real flights through the whole service, with two faults injected. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'stream real flights of 2001 through the whole service, with two faults injected, and tell what it found',
    )
    .option('--exit', 'leave when the story is told; exit code 0 only if everything promised was found')
    .option('--json', 'print the report as one JSON object on the last line of standard output')
    .addOption(new Option('--port <n>', 'port of the pages').env('PORT').default('8080'))
    .option(
      '--data <dir>',
      'folder the demo keeps its data in; a stopped demo goes on from there',
      './.tidewatch-demo',
    )
    .option(
      '--speed <x>',
      'event time runs at most this many times faster than the clock (default: as fast as it goes)',
    )
    .addHelpText('after', '\nExample:\n  npm run demo -- --exit --json')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  flightsFile(); // says what to install before anything is opened
  const directory = resolve(options.data);
  mkdirSync(join(directory, 'models'), { recursive: true });
  const began = performance.now();
  const key = `demo-${secretFile(join(directory, 'demo-key'))}`;
  const clock = new DemoClock(new DemoProgress(directory).read() ?? LIVE_FROM);
  const job = await startJob(directory);
  const running = await startDemo(options, directory, key, clock);
  const stop = stopOnSignal(running);
  try {
    const story = new Story(running, {
      clock,
      directory,
      began,
      target: { url: running.url, key },
      speed: Number(options.speed ?? Infinity),
    });
    const measures = await story.tell(stop.signal);
    const training = await tellTraining(running.service, directory, { url: running.url, key });
    await finish(running, { options, directory, key, measures, training, sent: story.sent });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    job.kill();
  }
  if (options.exit || stop.signal.aborted) return running.close();
  await stop.asked;
  await running.close();
}

async function startDemo(
  { port }: DemoOptions,
  directory: string,
  key: string,
  clock: DemoClock,
): Promise<RunningService> {
  const config = parseConfig({
    PORT: port,
    TIDEWATCH_DATA_DIR: directory,
    TIDEWATCH_ADMIN_KEY: key,
    TIDEWATCH_MODELS_DIR: join(directory, 'models'),
    TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies'),
    // Files of the working folder are somebody's own, and none of the demo's.
    TIDEWATCH_CHANNELS_FILE: fileOf(
      directory,
      'channels.yaml',
      'channels: { default: [{ kind: console }] }\n',
    ),
    TIDEWATCH_RETRAINING_FILE: join(directory, 'retraining.yaml'),
    TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
  });
  const log = Log.create(config.LOG_LEVEL, process.stderr.isTTY);
  // The service is most of this program: other verbs must not wait until it is loaded.
  const { start } = await import('../main.js');
  return start({ config, clock, log, metrics: new Metrics(true), heartbeat: false });
}

interface Stop {
  readonly signal: AbortSignal;
  readonly asked: Promise<void>;
}

/** The first Ctrl-C stops in order, the second at once. */
function stopOnSignal(running: RunningService): Stop {
  const controller = new AbortController();
  const asked = new Promise<void>((done) => {
    const stop = () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      void running.service.spine.stop();
      done();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return { signal: controller.signal, asked };
}

interface StoryParts {
  readonly clock: DemoClock;
  readonly directory: string;
  /** performance.now() at the start of the demo. */
  readonly began: number;
  readonly target: Target;
  readonly speed: number;
}

/** The stream in event time, and what the service makes of it on the way. */
class Story {
  private readonly bar = new ProgressBar();
  private readonly progress: DemoProgress;
  private readonly shown = new Set<string>();
  private readonly startedAt = performance.now();
  private events = 0;
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
    const from = this.progress.read() ?? LIVE_FROM;
    for (const incident of service.incidents.list()) this.shown.add(incident.id);
    const streaming = performance.now();
    let beat: Promise<unknown> = Promise.resolve();
    // Sending may be one step ahead of judging.
    let ahead = beat;
    for (let at = from; at < LIVE_TO && !signal.aborted; at += STEP_MS) {
      await this.step(model, at);
      // Judging runs beside sending; one beat takes in everything that was sent before it began.
      beat = beat.then(async () => this.judge());
      await ahead;
      ahead = beat;
      await this.hold(at + STEP_MS - from, streaming, signal);
    }
    await beat;
    if (!signal.aborted) await this.judge();
    signal.throwIfAborted();
    const seconds = (performance.now() - streaming) / 1000;
    return {
      eventsPerSecond: Math.round(this.events / Math.max(seconds, 0.001)),
      secondsToFirstIncident: this.firstIncident,
    };
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

  private async step(model: DelayModel, at: number): Promise<void> {
    const { clock, target } = this.parts;
    const { database } = this.running.service;
    const [leaving, known] = await Promise.all([
      departures(database, at, at + STEP_MS),
      arrivals(database, at, at + STEP_MS),
    ]);
    clock.advanceTo(at + STEP_MS);
    this.events += await sendEvents(target, model, { leaving, known });
    if (this.sent) {
      const { predictions, labels } = this.sent;
      this.sent = { predictions: predictions + leaving.length, labels: labels + known.length };
    }
    this.progress.write(at + STEP_MS);
    const rate = this.events / ((performance.now() - this.startedAt) / 1000);
    const speed = ((at - LIVE_FROM) / (performance.now() - this.startedAt)).toLocaleString('en', {
      maximumFractionDigits: 0,
    });
    this.bar.show(
      (at + STEP_MS - LIVE_FROM) / (LIVE_TO - LIVE_FROM),
      at,
      `${rate.toFixed(0)} events/s · ${speed} × real time · ${this.shown.size} incidents`,
    );
  }

  private async judge(): Promise<void> {
    const { service } = this.running;
    await service.spine.tick();
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

interface Ending {
  readonly options: DemoOptions;
  readonly directory: string;
  readonly key: string;
  readonly measures: DemoMeasures;
  readonly training: DemoTraining;
  readonly sent: { predictions: number; labels: number } | null;
}

async function finish(
  running: RunningService,
  { options, directory, key, measures, training, sent }: Ending,
): Promise<void> {
  const { service, url } = running;
  await service.checkpoints.sign(service.ledger.tree);
  const report = { ...(await demoReport(service, url, measures)), training };
  const broken = keptPromises(report, sent);
  const print = options.json ? console.error : console.log;
  for (const line of [...reportLines(report, directory), ...broken.map((text) => `NOT AS PROMISED: ${text}`)])
    print(line);
  if (!options.exit)
    print(`\nLook at it: ${url}/?key=${key}\nStop with Ctrl-C; starting again goes on from here.`);
  if (options.json) console.log(JSON.stringify(report));
  if (options.exit) process.exitCode = broken.length === 0 ? 0 : 1;
}

/** Path of a file of the demo's own, written when it is not there. */
function fileOf(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  if (!existsSync(path)) writeFileSync(path, text);
  return path;
}

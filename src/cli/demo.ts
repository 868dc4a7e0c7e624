import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { parseConfig } from '../config/config.js';
import { packageFolder } from '../config/package-folder.js';
import { secretFile } from '../config/secret-file.js';
import type { RunningService } from '../main.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { DemoClock } from './demo-clock.js';
import { flightsFile, LIVE_FROM } from './demo-flights.js';
import { DemoProgress } from './demo-progress.js';
import { demoReport, keptPromises, reportLines, type DemoMeasures } from './demo-report.js';
import { Story } from './demo-story.js';
import { startJob, told, type DemoTraining } from './demo-training.js';

interface DemoOptions {
  readonly exit?: boolean;
  readonly json?: boolean;
  readonly port: string;
  readonly data: string;
  readonly speed?: string;
}

/** `tidewatch demo`: five months of real flights through the whole service, with three faults injected. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'stream real flights of 2001 through the whole service, with three faults injected, and tell what it found',
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
  // What was opened ends however the demo does: a job or a service that is left would keep the process alive.
  const job = await startJob(directory);
  try {
    const running = await startDemo(options, directory, key, clock);
    try {
      await tellStory(running, options, { directory, began, clock, key });
    } finally {
      await running.close();
    }
  } finally {
    job.kill();
  }
}

interface Teller {
  readonly directory: string;
  readonly began: number;
  readonly clock: DemoClock;
  readonly key: string;
}

/** Tells the story, then stays to be looked at until somebody stops it, unless it is to exit. */
async function tellStory(
  running: RunningService,
  options: DemoOptions,
  { directory, began, clock, key }: Teller,
): Promise<void> {
  const stop = stopOnSignal(running);
  const target = { url: running.url, key };
  const story = new Story(running, {
    clock,
    directory,
    began,
    target,
    speed: Number(options.speed ?? Infinity),
  });
  try {
    const measures = await story.tell(stop.signal);
    const training = told(running.service);
    await finish(running, { options, directory, key, measures, training, sent: story.sent });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  if (!options.exit && !stop.signal.aborted) await stop.asked;
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
